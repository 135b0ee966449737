package tests

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// manyDevices is XLA on the processor, which shows four devices.
func manyDevices(t *testing.T) (compute.Backend, *pretrained.Model) {
	t.Helper()
	b, m := demoOnXLA(t)
	if b.NumDevices() < 4 {
		require(t, "a backend of four devices", fmt.Errorf("%s has %d", b, b.NumDevices()))
	}
	return b, m
}

// spreadTrainer trains on n devices.
func spreadTrainer(t *testing.T, b compute.Backend, m *pretrained.Model, objective robustvit.Objective, batch int, memory robustvit.Memory, n int) *robustvit.Trainer {
	t.Helper()
	values, err := m.Values()
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := robustvit.NewTrainer(b, m.Variant, values, objective, robustvit.DefaultAdamW(), batch, memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Close)
	if err := trainer.Spread(n); err != nil {
		t.Fatal(err)
	}
	return trainer
}

// TestTrainingOnManyDevices: several devices take the steps of one, with a batch
// that is not full, that three do not divide, whole and in parts.
func TestTrainingOnManyDevices(t *testing.T) {
	b, m := manyDevices(t)
	batch := shapesBatch(t, m.Variant)
	original := robustvit.Published()
	original.Order, original.ClassTerm = robustvit.SecondOrder, robustvit.KLOriginal
	for _, c := range []struct {
		name      string
		objective robustvit.Objective
		memory    robustvit.Memory
		images    int
		devices   []int
		tolerance float64 // relative
	}{
		{"published", robustvit.Published(), robustvit.Memory{}, 4, []int{2, 3, 4}, 1e-4},
		// The gradient of its class term begins as rounding alone.
		{"kl-original in parts", original, robustvit.Memory{MicroBatch: 1, Rematerialise: true}, 3, []int{3}, 1e-2},
	} {
		batch.N = c.images
		one := spreadTrainer(t, b, m, c.objective, 4, c.memory, 1)
		want := []robustvit.Losses{step(t, one, batch), step(t, one, batch), step(t, one, batch)}
		for _, n := range c.devices {
			many := spreadTrainer(t, b, m, c.objective, 4, c.memory, n)
			for i := range want {
				got := step(t, many, batch)
				if !within(got.Total, want[i].Total, c.tolerance) || !within(got.GradientNorm, want[i].GradientNorm, c.tolerance) {
					t.Errorf("%s, %d devices, step %d: %+v, one device gives %+v", c.name, n, i+1, got, want[i])
				}
			}
			if _, relative := apart(weightsIn(t, one), weightsIn(t, many)); !(relative <= 1e-4) {
				t.Errorf("%s, %d devices: weights are %.2g of their length apart", c.name, n, relative)
			}
			// The gradients themselves: an update has about the rate's size, also where the gradient is rounding alone.
			if _, relative := apart(momentsIn(t, one, "m"), momentsIn(t, many, "m")); !(relative <= c.tolerance) {
				t.Errorf("%s, %d devices: first moments are %.2g of their length apart", c.name, n, relative)
			}
		}
	}
}

func weightsIn(t *testing.T, trainer *robustvit.Trainer) map[string][]float32 {
	t.Helper()
	all, err := trainer.Weights()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func momentsIn(t *testing.T, trainer *robustvit.Trainer, which string) map[string][]float32 {
	t.Helper()
	all, err := trainer.Moments(which)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// apart is how far the arrays of two models are from each other: the largest
// difference, and the length of all differences against that of the arrays.
func apart(a, b map[string][]float32) (worst, relative float64) {
	differences, length := 0.0, 0.0
	for name := range a {
		if len(a[name]) != len(b[name]) {
			return math.Inf(1), math.Inf(1)
		}
		for i, x := range a[name] {
			d := math.Abs(float64(x) - float64(b[name][i]))
			worst, differences, length = max(worst, d), differences+d*d, length+float64(x)*float64(x)
		}
	}
	return worst, math.Sqrt(differences / length)
}

func within(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

// TestPredictingOnManyDevices: logits and maps of four devices are those of one,
// also of a batch that is not full, and in the graphs that are built when asked for.
func TestPredictingOnManyDevices(t *testing.T) {
	b, m := manyDevices(t)
	batch := shapesBatch(t, m.Variant)
	ask := func(devices int) map[string][]float32 {
		p, store, err := m.Predictor(b, 3)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Finalize()
		defer p.Close()
		if err := p.Spread(devices); err != nil {
			t.Fatal(err)
		}
		if want := max(3, devices); p.BatchSize() != want {
			t.Errorf("batch of %d on %d devices, want %d", p.BatchSize(), devices, want)
		}
		if err := p.Compile(); err != nil {
			t.Fatal(err)
		}
		found := map[string][]float32{}
		if found["logits"], err = p.Logits(batch.Images, 3); err != nil {
			t.Fatal(err)
		}
		e, err := p.Explain(batch.Images, batch.Labels[:2], 2)
		if err != nil {
			t.Fatal(err)
		}
		found["explained logits"], found["patches"], found["maps"] = e.Logits, e.Patches, e.Maps
		if found["mask gradient"], found["probability"], err = p.MaskGradient(batch.Images, batch.Masks, batch.Labels[:3], 3); err != nil {
			t.Fatal(err)
		}
		if found["heads"], err = p.Heads(batch.Images, batch.Labels[:3], 3); err != nil {
			t.Fatal(err)
		}
		return found
	}
	want, got := ask(1), ask(4)
	alike(t, "four devices", got, want, 1e-4)
}

// TestStoreOfManyDevices: a predictor reads the weights of a trainer on several
// devices on as many or on one, and the training goes on.
func TestStoreOfManyDevices(t *testing.T) {
	b, m := manyDevices(t)
	batch := shapesBatch(t, m.Variant)
	trainer := spreadTrainer(t, b, m, robustvit.Published(), 4, robustvit.Memory{}, 2)
	logits := map[int][]float32{}
	for _, devices := range []int{1, 2, 3} {
		step(t, trainer, batch)
		p, err := robustvit.NewPredictor(b, m.Variant, trainer.Store(), 4)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if err := p.Spread(devices); devices == 3 {
			if err == nil || !strings.Contains(err.Error(), "the weights are on 2") {
				t.Errorf("weights of two devices on three: error %v", err)
			}
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if logits[devices], err = p.Logits(batch.Images, 4); err != nil {
			t.Fatal(err)
		}
		if err := trainer.Restore(trainer.Steps(), weightsIn(t, trainer), momentsIn(t, trainer, "m"), momentsIn(t, trainer, "v")); err != nil {
			t.Fatal(err)
		}
		again, err := p.Logits(batch.Images, 4)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again, logits[devices]) {
			t.Errorf("%d devices: the restored weights have other logits", devices)
		}
	}
	if slices.Equal(logits[1], logits[2]) {
		t.Error("a step changed no logit: a predictor reads old weights")
	}
}

// TestPretrainingOnManyDevices: target distributions are divided like images.
func TestPretrainingOnManyDevices(t *testing.T) {
	b, m := manyDevices(t)
	batch := shapesBatch(t, m.Variant)
	k := m.Variant.Outputs()
	batch.Targets = make([]float32, 4*k)
	for i := range 4 {
		batch.Targets[i*k+i] = 1
	}
	losses := map[int]robustvit.Losses{}
	for _, devices := range []int{1, 2} {
		values, err := m.Values()
		if err != nil {
			t.Fatal(err)
		}
		trainer, err := robustvit.NewPretrainer(b, m.Variant, values, robustvit.DefaultAdamW(), 4)
		if err != nil {
			t.Fatal(err)
		}
		defer trainer.Close()
		if err := trainer.Spread(devices); err != nil {
			t.Fatal(err)
		}
		if err := trainer.Compile(); err != nil {
			t.Fatal(err)
		}
		step(t, trainer, batch)
		losses[devices] = step(t, trainer, batch)
	}
	if one, two := losses[1], losses[2]; !near(one.Total, two.Total) || !near(one.GradientNorm, two.GradientNorm) {
		t.Errorf("one device has %+v, two %+v", one, two)
	}
}
