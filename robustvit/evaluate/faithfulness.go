package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// Classifier is what the faithfulness test asks of a model; Predictor is one.
type Classifier interface {
	Shaped
	// Logits classifies n images n x 3 x h x w -> n x K.
	Logits(images []float32, n int) ([]float32, error)
}

// Perturbation says how images are changed along the order of a relevance map.
// The zero value is the usual test: single pixels, steps of 5 %, grey. Patches
// separate explainers better: scattered pixels still show the whole picture
// coarsely, so that with single pixels even a random order inserts well.
type Perturbation struct {
	Patches bool    `json:"patches"` // whole patches of the model instead of pixels
	Steps   int     `json:"steps"`   // equal steps from 0 to 100 %; 0 = 20
	Blur    float64 `json:"blur"`    // insertion starts from the image under a Gaussian of this sigma in pixels, about a patch's side; 0 = grey
}

// FaithfulnessTest asks whether the pixels that a map calls relevant are those
// that the model uses.
//
// Deletion replaces the most relevant pixels first by 0, the mean grey of the
// normalised image ("positive perturbation"): the sooner the probability of the
// predicted class falls, the better the map. Insertion starts from grey, or from
// the blurred image, and brings the most relevant pixels back first: the sooner
// it rises, the better. Into grey, its curve read from the right is the
// "negative perturbation", which removes the least relevant pixels first.
type FaithfulnessTest struct {
	Model   Classifier
	Explain ExplainFunc // of the model; RandomOrder is the control
	Perturbation
}

// FaithfulRecord is one image's curves: the probability, in percent, of the class
// that is predicted from the whole image, after each step.
type FaithfulRecord struct {
	ID           string    `json:"id"`
	Class        int       `json:"class"`
	Predicted    int       `json:"predicted"`
	Deletion     []float64 `json:"deletion"`
	Insertion    []float64 `json:"insertion"`
	DeletionAUC  float64   `json:"deletion_auc"`  // mean height of the curve (trapezoids), percent
	InsertionAUC float64   `json:"insertion_auc"` // same
}

// Run perturbs every image of the data set, whose masks, if any, are not read.
func (t FaithfulnessTest) Run(ctx context.Context, d data.Dataset, protocol data.Protocol, progress Progress) ([]FaithfulRecord, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("faithfulness on %s: %w", d.Name(), err)
	}
	records := make([]FaithfulRecord, 0, d.Len())
	err := batches(ctx, t.Model, d, protocol, false, func(b *data.Batch, first int) error {
		of, err := t.Batch(ctx, b.Images, b.N)
		if err != nil {
			return err
		}
		for i := range of {
			of[i].ID, of[i].Class = d.Entry(first+i).ID, int(b.Labels[i])
		}
		records = append(records, of...)
		progress.report(d, len(records))
		return nil
	})
	return records, err
}

func (t FaithfulnessTest) check() error {
	switch {
	case t.Steps < 0:
		return fmt.Errorf("%d steps, expected at least 1, or 0 for 20", t.Steps)
	case t.Blur < 0 || math.IsNaN(t.Blur) || math.IsInf(t.Blur, 0):
		return fmt.Errorf("blur of sigma %g pixels, expected 0 (grey) or more", t.Blur)
	case t.Model == nil || t.Explain == nil:
		return errors.New("the model or the explainer is not set")
	}
	return nil
}

// Batch perturbs n images n x 3 x h x w, at most the model's batch size. IDs and
// true classes are left for the caller.
func (t FaithfulnessTest) Batch(ctx context.Context, images []float32, n int) ([]FaithfulRecord, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	v := t.Model.Variant()
	pixels := v.ImageSize * v.ImageSize
	images = images[:n*3*pixels]
	logits, err := t.Model.Logits(images, n)
	if err != nil {
		return nil, err
	}
	records, predicted := make([]FaithfulRecord, n), make([]int32, n)
	for i := range records {
		order, _ := robustvit.Rank(logits[i*v.Outputs() : (i+1)*v.Outputs()])
		records[i].Predicted, predicted[i] = order[0], int32(order[0])
	}
	explanation, err := t.Explain(images, predicted, n)
	if err != nil {
		return nil, err
	}
	if len(explanation.Maps) < n*pixels {
		return nil, fmt.Errorf("the explainer returned %d values of maps for %d images, expected %d", len(explanation.Maps), n, n*pixels)
	}
	orders := make([][]int, n)
	for i := range orders {
		orders[i] = rankUnits(explanation.Maps[i*pixels:(i+1)*pixels], v.ImageSize, t.side())
	}
	deletion, err := t.curves(ctx, images, make([]float32, len(images)), orders, predicted)
	if err != nil {
		return nil, err
	}
	insertion, err := t.curves(ctx, t.base(images, n), images, orders, predicted)
	if err != nil {
		return nil, err
	}
	for i := range records {
		r := &records[i]
		r.Deletion, r.Insertion = deletion[i], insertion[i]
		r.DeletionAUC, r.InsertionAUC = areaUnder(r.Deletion), areaUnder(r.Insertion)
	}
	return records, nil
}

// side of the squares that are changed as one, in pixels.
func (t FaithfulnessTest) side() int {
	if t.Patches {
		return t.Model.Variant().Patch
	}
	return 1
}

func (p Perturbation) steps() int {
	if p.Steps == 0 {
		return 20
	}
	return p.Steps
}

// base is what insertion starts from.
func (t FaithfulnessTest) base(images []float32, n int) []float32 {
	base := make([]float32, len(images))
	if t.Blur > 0 {
		one := len(images) / n
		for i := range n {
			copy(base[i*one:], blurred(images[i*one:(i+1)*one], t.Model.Variant().ImageSize, t.Blur))
		}
	}
	return base
}

// curves turns from into to, square by square in the order of each image, and
// returns the probability of its class in percent after each step.
func (t FaithfulnessTest) curves(ctx context.Context, from, to []float32, orders [][]int, classes []int32) ([][]float64, error) {
	v, side, n := t.Model.Variant(), t.side(), len(orders)
	now, one := append([]float32(nil), from...), 3*v.ImageSize*v.ImageSize
	curves := make([][]float64, n)
	for step, done := 0, 0; step <= t.steps(); step++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		next := int(math.Round(float64(step) / float64(t.steps()) * float64(len(orders[0]))))
		for i, order := range orders {
			for _, unit := range order[done:next] {
				copyUnit(now[i*one:(i+1)*one], to[i*one:(i+1)*one], unit, v.ImageSize, side)
			}
		}
		done = next
		logits, err := t.Model.Logits(now, n)
		if err != nil {
			return nil, err
		}
		for i, class := range classes {
			curves[i] = append(curves[i], 100*probability(logits[i*v.Outputs():(i+1)*v.Outputs()], int(class)))
		}
	}
	return curves, nil
}

// probability is the softmax of one class.
func probability(logits []float32, class int) float64 {
	sum := 0.0
	for _, logit := range logits {
		sum += math.Exp(float64(logit - logits[class]))
	}
	return 1 / sum
}
