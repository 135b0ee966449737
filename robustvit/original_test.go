package robustvit_test

import (
	"math"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

// klObjective is the paper's with the outputs held where they were.
func klObjective() robustvit.Objective {
	o := robustvit.Published()
	o.ClassTerm = robustvit.KLOriginal
	return o
}

func TestDivergenceHandCase(t *testing.T) {
	// p = (1/2, 1/2), q = (1/4, 3/4): KL = 1/2 log 2 + 1/2 log 2/3. The other row
	// has p = q. The gradient for the logits is (q - p) / T.
	log3 := float32(math.Log(3))
	for _, temperature := range []float64{1, 0.5} {
		scale := float32(temperature)
		got := call(t, func(in []*Node) []*Node {
			kl := robustvit.Divergence(in[0], in[1], temperature)
			return append([]*Node{kl}, Gradient(ReduceAllSum(kl), in[1], in[0])...)
		}, tensor([]float32{7, 7, 1, 2}, 2, 2), tensor([]float32{0, log3 * scale, 1, 2}, 2, 2))
		want := 0.5*math.Log(2) + 0.5*math.Log(2.0/3)
		if off := maxDifference(got[0], []float64{want, 0}); off > 1e-6 {
			t.Errorf("temperature %g: KL %v, want %g and 0", temperature, got[0], want)
		}
		if off := maxDifference(got[1], []float64{-0.25 / temperature, 0.25 / temperature, 0, 0}); off > 1e-6 {
			t.Errorf("temperature %g: gradient %v", temperature, got[1])
		}
		if off := maxDifference(got[2], make([]float64, 4)); off != 0 {
			t.Errorf("the original model's logits have gradient %v, want 0", got[2])
		}
	}
}

// TestOriginalStaysFrozen: KL is 0 until the weights move, in every way to save
// memory, and only who asks has the copy.
func TestOriginalStaysFrozen(t *testing.T) {
	batch := randomBatch(tiny, 4, 4)
	for _, memory := range []robustvit.Memory{{}, {MicroBatch: 2}, {Rematerialise: true}} {
		trainer := newTrainerWith(t, klObjective(), 4, memory)
		first, second := step(t, trainer, batch), step(t, trainer, batch)
		if math.Abs(first.Class) > 1e-6 || !(second.Class > 1e-5) {
			t.Errorf("%+v: KL is %g before the first update and %g after it, want 0 and more", memory, first.Class, second.Class)
		}
		if trainer.Store().GetVariable("/original/cls_token") == nil {
			t.Errorf("%+v: no original weights in the store", memory)
		}
	}
	if newTrainer(t, robustvit.Published(), 4).Store().GetVariable("/original/cls_token") != nil {
		t.Error("the published objective keeps a copy that it does not read")
	}
}

// TestOriginalHoldsTheOutputs: KL alone, from other weights than the original's,
// pulls the outputs back.
func TestOriginalHoldsTheOutputs(t *testing.T) {
	batch, objective := randomBatch(tiny, 2, 4), klObjective()
	objective.Relevance, objective.Confidence = 0, 1
	trainer := newTrainer(t, objective, 2)
	moved, err := trainer.Weights()
	if err != nil {
		t.Fatal(err)
	}
	for i := range moved["head.weight"] {
		moved["head.weight"][i] *= 1.5
	}
	restore(t, trainer, 0, moved, newTrainer(t, objective, 2))
	first := step(t, trainer, batch)
	var last robustvit.Losses
	for range 20 {
		last = step(t, trainer, batch)
	}
	if !(first.Class > 0) || !(last.Class < first.Class/2) {
		t.Errorf("KL went from %g to %g in 20 steps, want less than half", first.Class, last.Class)
	}
}

// TestOriginalSurvivesARestore: a resumed trainer measures from the weights of
// the start, not from the checkpoint's.
func TestOriginalSurvivesARestore(t *testing.T) {
	batch := randomBatch(tiny, 4, 4)
	for _, memory := range []robustvit.Memory{{}, {MicroBatch: 2}} {
		unbroken := newTrainerWith(t, klObjective(), 4, memory)
		for range 2 {
			step(t, unbroken, batch)
		}
		weights, err := unbroken.Weights()
		if err != nil {
			t.Fatal(err)
		}
		resumed := newTrainerWith(t, klObjective(), 4, memory)
		restore(t, resumed, unbroken.Steps(), weights, unbroken)
		a, b := step(t, unbroken, batch), step(t, resumed, batch)
		if a != b || !(a.Class > 0) || !sameWeights(t, unbroken, resumed) {
			t.Errorf("%+v: after a restore %+v, without %+v", memory, b, a)
		}
	}
}

// restore puts a trainer at a step: the weights, and the running means of another trainer.
func restore(t *testing.T, trainer *robustvit.Trainer, step int, weights map[string][]float32, means *robustvit.Trainer) {
	t.Helper()
	m, err := means.Moments("m")
	if err != nil {
		t.Fatal(err)
	}
	v, err := means.Moments("v")
	if err != nil {
		t.Fatal(err)
	}
	if err := trainer.Restore(step, weights, m, v); err != nil {
		t.Fatal(err)
	}
}
