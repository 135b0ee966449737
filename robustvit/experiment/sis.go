package experiment

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

var sisStudy = Experiment{
	Name: "sis", Title: "Sufficient input subsets", Paper: "Appendix A, Figure 5", Minutes: 5,
	Question: "Is there, in any image, a few pixels that suffice for any label? Does finetuning on masks make such subsets harder to find?",
	Reading: []string{
		"A subset suffices where the model gives the class at least 0.9 with all other pixels at the normalisation's mean. The number is lost in the paper's text; Carter et al., whom it follows, use 0.9.",
		"Subsets are searched with gradients: pixels whose removal lowers log p least go first. Where that finds none, the set is refined by its gradient. A search that finds none does not prove that there is none.",
		"Images: drawn by a hash from those that every compared model of the base gets right, so that the predicted class is the same for all. Labels: drawn from the other classes, the same for all models.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		return grid(w.Bases, Ours, CrossEntropyFinetuned), nil
	},
	Measure: Measure{Sets: true},
	Tell:    tellSIS,
}

// sisSize is how much is searched.
type sisSize struct {
	Images int                   `json:"images"`
	Labels int                   `json:"labels"` // random ones of each image
	Search evaluate.SubsetSearch `json:"search"`
}

// sisSizeOf keeps the study short: the steps of a search grow with the pixels.
func sisSizeOf(b *pool.Base) sisSize {
	if b.Embedded {
		return sisSize{12, 3, evaluate.SubsetSearch{Confidence: 0.9, Share: 0.05, Rounds: 100}} // 48 targets: as many as a batch holds
	}
	return sisSize{4, 1, evaluate.SubsetSearch{Confidence: 0.9, Share: 0.05, Rounds: 100}}
}

// sisTargets are what is searched on a base, the same for all its models: of
// each image its own class first, then random labels.
type sisTargets struct {
	size    sisSize
	test    evaluate.Test
	images  []seen
	targets []evaluate.Target
}

// random says whether target k is one of a random label.
func (t sisTargets) random(k int) bool { return k%(1+t.size.Labels) != 0 }

func (o *Outcome) sisTargets(ctx context.Context, b *pool.Base) (t sisTargets, err error) {
	t.size = sisSizeOf(b)
	points := o.of(b)
	if t.test, err = o.Test(ctx, points[0], o.Clean()); err != nil {
		return t, err
	}
	var right []int
	for i := range t.test.Data.Len() {
		all := true
		for _, p := range points {
			records, err := o.Records(ctx, p.Name, o.Clean())
			if err != nil {
				return t, err
			}
			all = all && records[i].Correct(1)
		}
		if all {
			right = append(right, i)
		}
	}
	classes := min(len(t.test.Data.Classes()), b.Model.Variant.Outputs())
	t.size.Labels = max(0, min(t.size.Labels, classes-2))
	for _, i := range drawByHash(right, func(i int) string { return t.test.Data.Entry(i).ID }, t.size.Images, fmt.Sprintf("%d/sis", o.Seed)) {
		s, err := look(ctx, t.test, i, b.Model.Variant.ImageSize)
		if err != nil {
			return t, err
		}
		t.images = append(t.images, s)
		records, err := o.Records(ctx, points[0].Name, o.Clean())
		if err != nil {
			return t, err
		}
		own := records[i].Top[0] // where several classes are right, the named one
		labels := otherLabels(o.Seed, s.ID, classes, t.size.Labels, []int{own, s.Class})
		for _, class := range append([]int{own}, labels...) {
			t.targets = append(t.targets, evaluate.Target{Name: s.ID, Image: s.input, Class: class})
		}
	}
	return t, nil
}

// otherLabels draws n distinct labels of an image that are not right.
func otherLabels(seed uint64, id string, classes, n int, right []int) []int {
	sum := sha256.Sum256([]byte(id))
	rng := rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(sum[:])))
	var labels []int
	for _, class := range rng.Perm(classes) {
		if len(labels) < n && !slices.Contains(right, class) {
			labels = append(labels, class)
		}
	}
	return labels
}

// folder is where a model's subsets are kept: its name carries the model, the
// search and the targets.
func (t sisTargets) folder(p Point) string {
	h := sha256.New()
	json.NewEncoder(h).Encode(t.size) // a hash takes everything
	for _, target := range t.targets {
		fmt.Fprintln(h, target.Name, target.Class)
	}
	return path.Join("sis", p.Spec.SHA256()[:12]+"-"+hex.EncodeToString(h.Sum(nil))[:8])
}

// picture is the file of target k.
func (t sisTargets) picture(p Point, k int) string {
	return path.Join(t.folder(p), fmt.Sprintf("%02d.png", k))
}

// subsets searches for a model, or reads what an earlier call found.
func (o *Outcome) subsets(ctx context.Context, p Point, t sisTargets) ([]evaluate.Subset, error) {
	name := t.folder(p) + ".json"
	var subsets []evaluate.Subset
	if o.Run.Has(name) {
		return subsets, o.Run.ReadJSON(name, &subsets)
	}
	err := o.Predict(ctx, p, func(predictor *robustvit.Predictor) (err error) {
		subsets, err = evaluate.SufficientSubsets(ctx, predictor, t.targets, t.size.Search, func(done, total int) {
			if o.Listen.Count != nil {
				o.Listen.Count("subsets of "+p.Name, done, total)
			}
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	for k, s := range subsets {
		image := t.images[k/(1+t.size.Labels)]
		if err := o.savePicture(t.picture(p, k), keptOnGrey(image.picture, s.Mask, t.test.Protocol.Mean)); err != nil {
			return nil, err
		}
	}
	return subsets, o.Run.WriteJSON(name, subsets)
}

// keptOnGrey shows the kept pixels; the others have the colour that the model
// sees in their place.
func keptOnGrey(picture *data.Image, mask []float32, mean [3]float32) *data.Image {
	shown := &data.Image{Width: picture.Width, Height: picture.Height, Pix: slices.Clone(picture.Pix)}
	for i, kept := range mask {
		if kept > 0 {
			continue
		}
		for c := range 3 {
			shown.Pix[3*i+c] = uint8(255*mean[c] + 0.5)
		}
	}
	return shown
}

// sisFound is what was found on a base.
type sisFound struct {
	base    *pool.Base
	targets sisTargets
	points  []Point
	subsets map[string][]evaluate.Subset // by point
}

// kind keeps the subsets of random labels, or of predicted classes.
func (f sisFound) kind(p Point, random bool) []evaluate.Subset {
	var some []evaluate.Subset
	for k, s := range f.subsets[p.Name] {
		if f.targets.random(k) == random {
			some = append(some, s)
		}
	}
	return some
}

func tellSIS(ctx context.Context, o *Outcome) error {
	var all []sisFound
	for _, b := range o.Bases {
		t, err := o.sisTargets(ctx, b)
		if err != nil {
			return err
		}
		if len(t.targets) == 0 {
			o.Say(untested(sisClaim, sisSource, b.Title+": no image of "+evaluate.Title(o.Clean())+" is classified right by all compared models."))
			continue
		}
		f := sisFound{base: b, targets: t, points: o.of(b), subsets: map[string][]evaluate.Subset{}}
		for _, p := range f.points {
			if f.subsets[p.Name], err = o.subsets(ctx, p, t); err != nil {
				return err
			}
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return nil
	}
	return o.tellSubsets(all)
}
