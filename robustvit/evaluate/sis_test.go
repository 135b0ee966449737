package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
)

// analytic is a model of 8 x 8 images and two classes: the log odds of class 1
// are a function of the mask alone, those of class 0 their negative. The first
// value of the image chooses the function.
type analytic struct {
	shape8
	batch int
	odds  []func(mask []float32) (z float64, gradient []float64)
}

func (m *analytic) BatchSize() int { return m.batch }

func (m *analytic) MaskGradient(images, masks []float32, classes []int32, n int) (gradients, probabilities []float32, err error) {
	if n < 1 || n > m.batch || len(images) != n*192 || len(masks) != n*64 || len(classes) != n {
		return nil, nil, fmt.Errorf("%d images in a batch of %d", n, m.batch)
	}
	for i := range n {
		z, gradient := m.odds[int(images[i*192])](masks[i*64 : (i+1)*64])
		sign := 1.0
		if classes[i] == 0 {
			sign = -1
		}
		p := sigmoid(sign * z)
		probabilities = append(probabilities, float32(p))
		for _, g := range gradient { // d log sigmoid(z) = (1 - p) dz
			gradients = append(gradients, float32((1-p)*sign*g))
		}
	}
	return gradients, probabilities, nil
}

// linear odds: sum of weights of the kept pixels, plus an offset.
func linear(offset float64, weight func(i int) float64) func([]float32) (float64, []float64) {
	return func(mask []float32) (float64, []float64) {
		z, gradient := offset, make([]float64, len(mask))
		for i, m := range mask {
			gradient[i] = weight(i)
			z += weight(i) * float64(m)
		}
		return z, gradient
	}
}

// mixed speaks for class 1 in pixels 0 to 9 (10, 9, ... 1 tenths) and against it
// elsewhere: class 1 needs 9 of log odds 2.2 = log 9 out of those alone.
var mixed = linear(0, func(i int) float64 {
	if i < 10 {
		return float64(10-i) / 10
	}
	return -1
})

// spoiled has one pixel, 5, that counts for class 1 only once the others are
// gone and against it before: removing alone loses it first.
func spoiled(mask []float32) (float64, []float64) {
	others := 0.0
	for i, m := range mask {
		if i != 5 {
			others += float64(m) / 63
		}
	}
	gradient := make([]float64, len(mask))
	for i := range gradient {
		gradient[i] = (-20*float64(mask[5]) - 3) / 63
	}
	gradient[5] = 15 - 20*others
	return float64(mask[5])*(15-20*others) - 3*others - 3, gradient
}

func target(function float32, class int) Target {
	image := make([]float32, 192)
	image[0] = function
	return Target{Name: fmt.Sprint(function), Image: image, Class: class}
}

func TestSufficientSubsets(t *testing.T) {
	model := &analytic{batch: 2, odds: []func([]float32) (float64, []float64){mixed, spoiled, linear(-4, func(int) float64 { return 0.05 })}}
	targets := []Target{target(0, 1), target(1, 1), target(2, 1), target(0, 0), target(1, 0)}
	var heard []int
	subsets, err := SufficientSubsets(context.Background(), model, targets, SubsetSearch{}, func(done, total int) {
		if heard = append(heard, done); total != 5 {
			t.Errorf("of %d", total)
		}
	})
	if err != nil || len(heard) != 5 || heard[4] != 5 {
		t.Fatalf("%v, progress %v", err, heard)
	}
	// log(0.9/0.1) = 2.197: pixels 0, 1, 2 give 2.7, two give 1.9.
	s := subsets[0]
	if !s.Found || s.Refined || s.Size != 3 || s.Mask[0]+s.Mask[1]+s.Mask[2] != 3 || math.Abs(s.Confidence-sigmoid(2.7)) > 1e-6 || s.Whole > 1e-6 {
		t.Errorf("class 1: %+v", s)
	}
	// Class 0: any three of the 54 pixels that speak for it.
	if s = subsets[3]; !s.Found || s.Size != 3 || math.Abs(s.Confidence-sigmoid(3)) > 1e-6 || math.Abs(s.Share-300.0/64) > 1e-9 {
		t.Errorf("class 0: %+v", s)
	}
	if s = subsets[1]; !s.Found || !s.Refined || s.Mask[5] != 1 || s.Size != 1 {
		t.Errorf("the pixel that was lost is found again: %+v", s)
	}
	// 64 * 0.05 - 4 < 0: not even all pixels suffice; the whole is the best.
	if s = subsets[2]; s.Found || s.Size != 64 || math.Abs(s.Confidence-sigmoid(-0.8)) > 1e-6 || s.Whole != s.Confidence {
		t.Errorf("no subset: %+v", s)
	}
	// Nothing but grey suffices for class 0 there.
	if s = subsets[4]; !s.Found || s.Size != 0 || math.Abs(s.Confidence-sigmoid(3)) > 1e-6 {
		t.Errorf("the empty set suffices: %+v", s)
	}
	for i, one := range targets { // batches do not show
		alone, err := SufficientSubsets(context.Background(), model, []Target{one}, SubsetSearch{}, nil)
		if err != nil || !reflect.DeepEqual(alone[0], subsets[i]) {
			t.Errorf("target %d alone: %+v, in a batch: %+v", i, alone[0], subsets[i])
		}
	}
}

func TestSubsetSettings(t *testing.T) {
	model := &analytic{batch: 2, odds: []func([]float32) (float64, []float64){mixed, spoiled}}
	// 0.99 needs log odds of 4.595: 10 + 9 + 8 + 7 + 6 + 5 = 45 tenths are short, 4 more are not.
	subsets, err := SufficientSubsets(context.Background(), model, []Target{target(0, 1), target(1, 1)}, SubsetSearch{Confidence: 0.99, Rounds: -1}, nil)
	if err != nil || subsets[0].Size != 7 {
		t.Errorf("0.99: %+v, %v", subsets[0], err)
	}
	if subsets[1].Found || subsets[1].Refined {
		t.Errorf("without refinement: %+v", subsets[1])
	}
}

// broken answers with what is not a number.
type broken struct{ shape8 }

func (broken) MaskGradient(_, _ []float32, _ []int32, n int) (gradients, probabilities []float32, err error) {
	return make([]float32, 64*n), []float32{float32(math.NaN())}, nil
}

func TestSufficientSubsetsRefuse(t *testing.T) {
	model := &analytic{batch: 1, odds: []func([]float32) (float64, []float64){mixed}}
	ctx, stop := context.WithCancelCause(context.Background())
	reason := errors.New("enough")
	stop(reason)
	if _, err := SufficientSubsets(ctx, model, []Target{target(0, 1)}, SubsetSearch{}, nil); !errors.Is(err, reason) {
		t.Errorf("stopped: %v", err)
	}
	for name, c := range map[string]struct {
		model   Masked
		target  Target
		setting SubsetSearch
	}{
		"image":      {model, Target{Image: make([]float32, 7)}, SubsetSearch{}},
		"class":      {model, target(0, 2), SubsetSearch{}},
		"confidence": {model, target(0, 1), SubsetSearch{Confidence: 1}},
		"share":      {model, target(0, 1), SubsetSearch{Share: 2}},
		"NaN":        {broken{}, target(0, 1), SubsetSearch{}},
	} {
		if _, err := SufficientSubsets(context.Background(), c.model, []Target{c.target}, c.setting, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if subsets, err := SufficientSubsets(context.Background(), model, nil, SubsetSearch{}, nil); err != nil || len(subsets) != 0 {
		t.Errorf("no targets: %v, %v", subsets, err)
	}
}
