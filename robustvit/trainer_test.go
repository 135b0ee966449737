package robustvit_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit"
)

func newTrainer(t *testing.T, objective robustvit.Objective, batch int) *robustvit.Trainer {
	t.Helper()
	return newTrainerWith(t, objective, batch, robustvit.Memory{})
}

func newTrainerWith(t *testing.T, objective robustvit.Objective, batch int, memory robustvit.Memory) *robustvit.Trainer {
	t.Helper()
	values, err := robustvit.NewValues(tiny, randomWeights(tiny, 5))
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := robustvit.NewTrainer(goBackend(t), tiny, values, objective, robustvit.DefaultAdamW(), batch, memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Close)
	return trainer
}

func step(t *testing.T, trainer *robustvit.Trainer, batch *robustvit.Batch) robustvit.Losses {
	t.Helper()
	losses, err := trainer.Step(batch, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	return losses
}

func TestFinetuneMovesRelevance(t *testing.T) {
	trainer, batch := newTrainer(t, robustvit.Published(), 3), randomBatch(tiny, 3, 1)
	first := step(t, trainer, batch)
	var last robustvit.Losses
	for range 12 {
		last = step(t, trainer, batch)
	}
	if !(last.Relevance < first.Relevance) {
		t.Fatalf("Eq. 3 went from %g to %g in 12 steps on one batch, want it to fall", first.Relevance, last.Relevance)
	}
}

func TestOrdersShareTheLossNotTheGradient(t *testing.T) {
	batch := randomBatch(tiny, 2, 2)
	objective := robustvit.Published()
	first := step(t, newTrainer(t, objective, 2), batch)
	objective.Order = robustvit.SecondOrder
	second := step(t, newTrainer(t, objective, 2), batch)
	if math.Abs(first.Total-second.Total) > 1e-6 {
		t.Errorf("total loss %g in first order, %g in second: the value must not depend on the order", first.Total, second.Total)
	}
	if math.Abs(first.GradientNorm-second.GradientNorm) < 1e-4*first.GradientNorm {
		t.Errorf("gradient norm %g in both orders: the attention gradient is not trained in second order", first.GradientNorm)
	}
}

func TestPaddingCountsForNothing(t *testing.T) {
	full := randomBatch(tiny, 2, 3)
	padded := randomBatch(tiny, 4, 9)
	copy(padded.Images, full.Images)
	copy(padded.Masks, full.Masks)
	copy(padded.Labels, full.Labels)
	padded.N = 2
	a, b := newTrainer(t, robustvit.Published(), 2), newTrainer(t, robustvit.Published(), 4)
	if x, y := step(t, a, full), step(t, b, padded); math.Abs(x.Total-y.Total) > 1e-6 || math.Abs(x.GradientNorm-y.GradientNorm) > 1e-4*x.GradientNorm {
		t.Errorf("two images alone give %+v, padded to four %+v", x, y)
	}
}

func TestRestoreContinuesBitForBit(t *testing.T) {
	batch := randomBatch(tiny, 2, 4)
	unbroken := newTrainer(t, robustvit.Published(), 2)
	for range 2 {
		step(t, unbroken, batch)
	}
	weights, err := unbroken.Weights()
	if err != nil {
		t.Fatal(err)
	}
	m, err := unbroken.Moments("m")
	if err != nil {
		t.Fatal(err)
	}
	v, err := unbroken.Moments("v")
	if err != nil {
		t.Fatal(err)
	}
	resumed := newTrainer(t, robustvit.Published(), 2)
	if err := resumed.Restore(unbroken.Steps(), weights, m, v); err != nil {
		t.Fatal(err)
	}
	if a, b := step(t, unbroken, batch), step(t, resumed, batch); a != b {
		t.Fatalf("losses after a restore %+v, without %+v", b, a)
	}
	want, _ := unbroken.Weights()
	got, _ := resumed.Weights()
	for name := range want {
		if !slices.Equal(want[name], got[name]) {
			t.Errorf("weight %q differs after a restore", name)
		}
	}
}

func TestNotFiniteStops(t *testing.T) {
	batch := randomBatch(tiny, 2, 5)
	batch.Images[0] = float32(math.NaN())
	_, err := newTrainer(t, robustvit.Published(), 2).Step(batch, 1e-3)
	var notFinite *robustvit.NotFiniteError
	if !errors.As(err, &notFinite) {
		t.Fatalf("a NaN pixel gave error %v, want NotFiniteError", err)
	}
}

func TestBatchOfWrongSize(t *testing.T) {
	batch := randomBatch(tiny, 2, 6)
	batch.Masks = batch.Masks[1:]
	if _, err := newTrainer(t, robustvit.Published(), 2).Step(batch, 1e-3); err == nil {
		t.Fatal("a batch whose masks are one pixel short was taken")
	}
}

// TestMemoryOptionsChangeNothing: parts of a batch and recomputed blocks give
// the step of the whole batch, for every kind of gradient and with padding.
func TestMemoryOptionsChangeNothing(t *testing.T) {
	const tolerance = 2e-5 // float32 sums in another order
	batch := randomBatch(tiny, 4, 7)
	batch.N = 3
	second := robustvit.Published()
	second.Order = robustvit.SecondOrder
	for name, objective := range map[string]robustvit.Objective{
		"first order": robustvit.Published(), "second order": second, "gradmask": robustvit.GradMask(), "rrr": robustvit.RRR(), "kl-original": klObjective(),
	} {
		whole := newTrainer(t, objective, 4)
		want := []robustvit.Losses{step(t, whole, batch), step(t, whole, batch)}
		for _, memory := range []robustvit.Memory{{MicroBatch: 1}, {MicroBatch: 2}, {MicroBatch: 4}, {Rematerialise: true}, {MicroBatch: 2, Rematerialise: true}} {
			trainer := newTrainerWith(t, objective, 4, memory)
			for i := range want {
				got := step(t, trainer, batch)
				if math.Abs(got.Total-want[i].Total) > tolerance || math.Abs(got.GradientNorm-want[i].GradientNorm) > tolerance*max(want[i].GradientNorm, 1) {
					t.Errorf("%s, %+v, step %d: %+v, the whole batch at once gives %+v", name, memory, i+1, got, want[i])
				}
			}
		}
	}
}

func TestPartMustDivideTheBatch(t *testing.T) {
	for _, memory := range []robustvit.Memory{{MicroBatch: 3}, {MicroBatch: -1}, {MicroBatch: 16}} {
		if err := memory.Validate(8); err == nil {
			t.Errorf("%+v was taken for a batch of 8", memory)
		}
	}
}
