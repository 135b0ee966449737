package tests

import (
	"math"
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
		t.Skipf("backend %s has %d devices, want 4", b, b.NumDevices())
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
			start, err := m.Values()
			if err != nil {
				t.Fatal(err)
			}
			_ = start
			moments := func(of *robustvit.Trainer) func(string) ([]float32, error) {
				return func(name string) ([]float32, error) { return of.Moment("m", name) }
			}
			w, wl := apart(t, m, one.Weight, many.Weight)
			g, gl := apart(t, m, moments(one), moments(many))
			t.Logf("%s, %d devices: weights differ by %.2g (relative l2 %.2g), first moments by %.2g (%.2g)", c.name, n, w, wl, g, gl)
		}
	}
}

// apart is how far the arrays of two models are from each other: the largest
// difference, and the length of all differences against that of the arrays.
func apart(t *testing.T, m *pretrained.Model, a, b func(name string) ([]float32, error)) (worst, relative float64) {
	t.Helper()
	length, all := 0.0, 0.0
	for _, spec := range m.Variant.WeightSpecs() {
		x, err := a(spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b(spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x {
			d := math.Abs(float64(x[i]) - float64(y[i]))
			worst, all, length = max(worst, d), all+d*d, length+float64(x[i])*float64(x[i])
		}
	}
	return worst, math.Sqrt(all / length)
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
	for name, reference := range want {
		if len(got[name]) != len(reference) {
			t.Errorf("%s: %d values of four devices, %d of one", name, len(got[name]), len(reference))
			continue
		}
		largest, off := 0.0, 0.0
		for i, x := range reference {
			largest = max(largest, math.Abs(float64(x)))
			off = max(off, math.Abs(float64(x)-float64(got[name][i])))
		}
		if !(off <= 1e-4*largest) || largest == 0 {
			t.Errorf("%s: four devices are off by %.3g of %.3g", name, off, largest)
		}
		t.Logf("%s %g %g", name, off, largest)
	}
}

func TestTooManyDevices(t *testing.T) {
	b, _ := demoOnXLA(t)
	for n, want := range map[int]string{-1: "expected at least 1", 1000: "ask for 1 to"} {
		if err := robustvit.CheckDevices(b, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d devices: error %v, want one with %q", n, err, want)
		}
	}
	t.Log(robustvit.CheckDevices(b, 1000))
}
