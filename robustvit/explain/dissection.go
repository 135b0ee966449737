package explain

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/run"
)

// dissection is an [Anatomy] at work.
type dissection struct {
	Anatomy
	folder    *run.Run
	parts     *Parts
	predictor *robustvit.Predictor
	seen      data.Sample // as the model sees it
	images    []float32   // the image once for each class, normalised
	classes   []int32
	names     []Prediction // of the classes
}

func (d *dissection) all(ctx context.Context, protocol data.Protocol) error {
	if err := d.prepare(protocol); err != nil {
		return err
	}
	predictor, store, err := d.Model.Predictor(d.Backend, max(len(d.Classes), likely))
	if err != nil {
		return err
	}
	defer store.Finalize()
	defer predictor.Close()
	d.predictor = predictor
	if err := d.ask(); err != nil {
		return err
	}
	if err := d.roll(); err != nil {
		return err
	}
	for _, kind := range robustvit.Explainers() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := d.explainBy(kind); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	return nil
}

// likely is how many classes are explained where none is named.
const likely = 2

// prepare writes the picture, and the mask, as the model sees them.
func (d *dissection) prepare(protocol data.Protocol) error {
	size := d.Model.Variant.ImageSize
	var err error
	if d.seen, err = data.Prepared(d.Sample, protocol, size, data.Strict); err != nil {
		return err
	}
	d.images = make([]float32, 3*size*size)
	data.Normalize(d.images, d.seen.Image, protocol.Mean, protocol.Std)
	content, err := ImagePNG(d.seen.Image)
	if err != nil {
		return err
	}
	d.parts.Picture = pictures + "/picture.png"
	if err := d.folder.WriteFile(d.parts.Picture, content); err != nil || d.seen.Mask == nil {
		return err
	}
	if content, err = MaskPNG(d.seen.Mask); err != nil {
		return err
	}
	d.parts.Mask = pictures + "/mask.png"
	return d.folder.WriteFile(d.parts.Mask, content)
}

// ask finds the classes to explain.
func (d *dissection) ask() error {
	logits, err := d.predictor.Logits(d.images, 1)
	if err != nil {
		return err
	}
	ranking := top(logits, len(logits), d.Model.ClassName)
	d.parts.Top = ranking[:min(topClasses, len(ranking))]
	if class := d.Sample.Class; class >= 0 && class < len(d.Model.Classes) {
		d.parts.Truth = d.Model.Classes[class]
	}
	if len(d.Classes) == 0 {
		d.names = d.contrast(ranking)
	}
	for _, name := range d.Classes {
		class, err := targetClass(name, d.Model)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(ranking, func(p Prediction) bool { return p.Class == class || class == predicted })
		d.names = append(d.names, ranking[at])
	}
	one := d.images
	d.images = nil
	for _, p := range d.names {
		d.images, d.classes = append(d.images, one...), append(d.classes, int32(p.Class))
		d.parts.Classes = append(d.parts.Classes, ClassParts{Class: p})
	}
	return nil
}

// contrast is the predicted class and the true one; where that is the same, or
// not known, the runner-up.
func (d *dissection) contrast(ranking []Prediction) []Prediction {
	chosen := slices.Clone(ranking[:min(likely, len(ranking))])
	for _, p := range ranking[1:] {
		if p.Class == d.Sample.Class {
			chosen[1] = p
		}
	}
	return chosen
}

// roll adds layers and heads of every class.
func (d *dissection) roll() error {
	v, n := d.Model.Variant, len(d.classes)
	layers, err := d.predictor.Layers(d.images, d.classes, n)
	if err != nil {
		return err
	}
	heads, err := d.predictor.Heads(d.images, d.classes, n)
	if err != nil {
		return err
	}
	rows := func(values []float32) [][]float32 { return slices.Collect(slices.Chunk(values, v.Patches())) }
	perClass, perLayer := len(layers)/n, v.Heads*v.Patches()
	for i := range d.parts.Classes {
		d.parts.Classes[i].Layers = rows(layers[i*perClass:][:perClass])
		for layer := range v.Depth {
			d.parts.Classes[i].Heads = append(d.parts.Classes[i].Heads, rows(heads[(i*v.Depth+layer)*perLayer:][:perLayer]))
		}
	}
	return nil
}

// explainBy adds one explainer's map of every class.
func (d *dissection) explainBy(kind robustvit.Explainer) error {
	v, n := d.Model.Variant, len(d.classes)
	e, err := d.predictor.ExplainWith(kind, d.images, d.classes, n)
	if err != nil {
		return err
	}
	pixels := v.ImageSize * v.ImageSize
	for i := range d.parts.Classes {
		relevance := e.Maps[i*pixels:][:pixels]
		part := Explained{Name: kind.String(), Patches: e.Patches[i*v.Patches():][:v.Patches()],
			Relevance: fmt.Sprintf("%s/%s-%d.png", pictures, kind, i)}
		content, err := MapPNG(relevance, v.ImageSize)
		if err == nil {
			err = d.folder.WriteFile(part.Relevance, content)
		}
		if err != nil {
			return err
		}
		if d.seen.Mask != nil {
			score := evaluate.ScoreMap(relevance, d.seen.Mask.Pix)
			score.ID, score.Class, score.Predicted = d.Sample.ID, d.Sample.Class, d.parts.Top[0].Class
			score.Right = score.Class == score.Predicted
			part.Score = &score
		}
		d.parts.Classes[i].Explainers = append(d.parts.Classes[i].Explainers, part)
	}
	return nil
}
