package experiment

import (
	"context"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pool"
)

var normalisationStudy = Experiment{
	Name: "deit-normalisation", Title: "DeiT under a foreign normalisation", Paper: beyondPaper + ": a control for the rows of DeiT in Tables 1 and 2", Minutes: 3,
	Question: "The released code prepares every model with mean and deviation 0.5, also DeiT, which was trained under ImageNet's. How much of a model's gain under a foreign normalisation is recovery from it, which any finetuning gives, without any relevance loss?",
	Reading: []string{
		"\"Own\" is the normalisation that the model was trained under, \"foreign\" the other: 0.5 for the published DeiT, ImageNet's mean and deviation for the embedded model of its kind, which was trained under 0.5, so that the case is mirrored.",
		"Under each normalisation all models are finetuned and measured with it, as in the released code. Nothing else differs, but where training images are chosen among those classified correctly, each normalisation chooses its own.",
	},
	Points:  normalisationPoints,
	Measure: Measure{Sets: true},
	Tell:    tellNormalisation,
}

// normalisationArms are the method and the controls that its claims need.
var normalisationArms = []Arm{CrossEntropy, CrossEntropyFinetuned, Confidence, ConfidenceFinetuned, KL, Published, Ours}

// imageNet is the mean and deviation that most of torchvision and timm train under.
var imageNet = [2][3]float32{{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}}

// halfNormal is the original ViT's and the paper's.
var halfNormal = [2][3]float32{{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}}

// readings are a base under its own normalisation and under a foreign one.
// Resized is the foreign one with the own one's resizing, nil where they resize
// alike.
type readings struct{ own, foreign, resized *pool.Base }

// readings finds the models to look at: every one that was not trained under
// 0.5, or else the embedded DeiT.
func (w *Work) readings() ([]readings, error) {
	var pairs []readings
	for _, b := range w.Bases {
		if p, ok := foreignToPaper(b); ok {
			pairs = append(pairs, p)
		}
	}
	if len(pairs) > 0 {
		return pairs, nil
	}
	for _, b := range w.Bases {
		if b.Name == "deit" && w.embedded() {
			return []readings{mirrored(b)}, nil
		}
	}
	further, err := w.Open("deit")
	if err != nil || len(further) == 0 {
		return nil, err
	}
	return []readings{mirrored(further[0])}, nil
}

// embedded says whether the sweep works on the embedded data.
func (s *Setting) embedded() bool { return strings.HasPrefix(s.Bases[0].Model.Source, "demo:") }

// foreignToPaper is a base whose own normalisation is not 0.5, with it and with
// 0.5. The paper's protocol has its normalisation fixed: there the base is the
// foreign reading as it stands, and its own comes with the protocol native,
// which scores alike but keeps the whole short side; resized tells the two
// changes apart.
func foreignToPaper(b *pool.Base) (readings, bool) {
	v := b.Model.Variant
	if v.Mean == halfNormal[0] && v.Std == halfNormal[1] {
		return readings{}, false
	}
	if b.Finetune.Protocol != data.Paper().Name {
		return readings{own: b, foreign: under(b, "foreign", halfNormal)}, true
	}
	return readings{own: under(b, "own", [2][3]float32{v.Mean, v.Std}), foreign: b, resized: under(b, "resized", halfNormal)}, true
}

// mirrored is a base trained under 0.5, with it and with ImageNet's.
func mirrored(b *pool.Base) readings {
	return readings{own: b, foreign: under(b, "foreign", imageNet)}
}

// under is a copy of the base that reads images under another normalisation.
func under(b *pool.Base, name string, normalisation [2][3]float32) *pool.Base {
	other, model := *b, *b.Model
	model.Variant.Mean, model.Variant.Std = normalisation[0], normalisation[1]
	other.Model, other.Name, other.Title = &model, b.Name+"-"+name, b.Title+", "+name
	if other.Finetune.Protocol == data.Paper().Name { // its normalisation is fixed
		other.Finetune.Protocol = data.Native().Name
	}
	return &other
}

func normalisationPoints(_ context.Context, w *Work) ([]Point, error) {
	pairs, err := w.readings()
	if err != nil {
		return nil, err
	}
	var points []Point
	for _, p := range pairs {
		for _, b := range []*pool.Base{p.own, p.foreign} {
			if err := w.Pool.Add(b); err != nil {
				return nil, err
			}
			points = append(points, grid([]*pool.Base{b}, normalisationArms...)...)
		}
		if p.resized != nil {
			if err := w.Pool.Add(p.resized); err != nil {
				return nil, err
			}
			points = append(points, before(p.resized))
		}
	}
	return points, nil
}
