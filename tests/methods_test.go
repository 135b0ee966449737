package tests

import (
	"math"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// TestBaselinesOnXLA: on the compiler that rearranges everything, a baseline as
// released is still the class term alone, and as an equation it trains. Its
// gradients are held to PyTorch's by TestGoldenOnXLA.
func TestBaselinesOnXLA(t *testing.T) {
	b, m := demoOnXLA(t)
	batch := shapesBatch(t, m.Variant)
	objective := robustvit.GradMask()
	objective.Order = robustvit.FirstOrder
	released := step(t, newTrainer(t, b, m, objective, batch.N), batch)
	objective.Relevance = 0
	without := step(t, newTrainer(t, b, m, objective, batch.N), batch)
	if !near(released.GradientNorm, without.GradientNorm) || !(released.Background > 0) {
		t.Errorf("%+v as released, %+v without relevance", released, without)
	}
	objective = robustvit.RRR()
	equation, last := newTrainer(t, b, m, objective, batch.N), robustvit.Losses{}
	first := step(t, equation, batch)
	for range 3 {
		last = step(t, equation, batch)
	}
	if !(last.Background < first.Background) {
		t.Errorf("%s went from %g to %g in 3 steps, want it to fall", objective.Method, first.Background, last.Background)
	}
}

// TestOriginalOnXLA: a resumed trainer measures from the weights of the start.
func TestOriginalOnXLA(t *testing.T) {
	b, m := demoOnXLA(t)
	batch, objective := shapesBatch(t, m.Variant), robustvit.Published()
	objective.ClassTerm = robustvit.KLOriginal
	unbroken, resumed := newTrainer(t, b, m, objective, batch.N), newTrainer(t, b, m, objective, batch.N)
	if first := step(t, unbroken, batch); math.Abs(first.Class) > 1e-6 {
		t.Errorf("KL is %g before the first update, want 0", first.Class)
	}
	weights, err := unbroken.Weights()
	if err != nil {
		t.Fatal(err)
	}
	first, err := unbroken.Moments("m")
	if err != nil {
		t.Fatal(err)
	}
	second, err := unbroken.Moments("v")
	if err != nil {
		t.Fatal(err)
	}
	if err := resumed.Restore(1, weights, first, second); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if x, y := step(t, unbroken, batch), step(t, resumed, batch); x != y || !(x.Class > 0) {
			t.Errorf("after a restore %+v, without %+v; want the same, and a KL above 0", y, x)
		}
	}
}

// TestExplainersOnXLA: the maps of both backends are the same.
func TestExplainersOnXLA(t *testing.T) {
	b, m := demoOnXLA(t)
	pure, _, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	defer pure.Finalize()
	batch := shapesBatch(t, m.Variant)
	ask := func(b compute.Backend) map[string][]float32 {
		values, err := m.Values()
		if err != nil {
			t.Fatal(err)
		}
		store, err := robustvit.NewStore(m.Variant, values)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Finalize()
		p, err := robustvit.NewPredictor(b, m.Variant, store, batch.N)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		found := map[string][]float32{}
		for _, kind := range robustvit.Explainers() {
			e, err := p.ExplainWith(kind, batch.Images, batch.Labels, batch.N)
			if err != nil {
				t.Fatal(err)
			}
			found[kind.String()+" patches"], found[kind.String()+" maps"] = e.Patches, e.Maps
		}
		if found["mask gradient"], found["probability"], err = p.MaskGradient(batch.Images, batch.Masks, batch.Labels, batch.N); err != nil {
			t.Fatal(err)
		}
		if found["layers"], err = p.Layers(batch.Images, batch.Labels, batch.N); err != nil {
			t.Fatal(err)
		}
		return found
	}
	want, got := ask(pure), ask(b)
	alike(t, "XLA", got, want, 1e-3)
}

// alike holds arrays to reference arrays of the same names, within a part of the
// largest value of each.
func alike(t *testing.T, who string, got, want map[string][]float32, within float64) {
	t.Helper()
	for name, reference := range want {
		if len(got[name]) != len(reference) {
			t.Errorf("%s: %d values of %s, expected %d", name, len(got[name]), who, len(reference))
			continue
		}
		largest, off := 0.0, 0.0
		for i, x := range reference {
			largest = max(largest, math.Abs(float64(x)))
			off = max(off, math.Abs(float64(x)-float64(got[name][i])))
		}
		if !(off <= within*largest) || largest == 0 {
			t.Errorf("%s: %s is off by %.3g of %.3g", name, who, off, largest)
		}
	}
}

// demoOnXLA is XLA and the first two blocks of a demo model: compiling takes the
// time here, and more blocks show nothing more.
func demoOnXLA(t *testing.T) (compute.Backend, *pretrained.Model) {
	t.Helper()
	b, m := wholeDemoOnXLA(t)
	m.Variant.Depth = 2
	return b, m
}

// wholeDemoOnXLA is XLA and a demo model.
func wholeDemoOnXLA(t *testing.T) (compute.Backend, *pretrained.Model) {
	t.Helper()
	b, _, err := backend.Open(backend.Options{Name: backend.CPU})
	if err != nil {
		require(t, "XLA's CPU plugin", err)
	}
	t.Cleanup(b.Finalize)
	m, err := pretrained.Open("demo:vit")
	if err != nil {
		t.Fatal(err)
	}
	return b, m
}

func newTrainer(t *testing.T, b compute.Backend, m *pretrained.Model, objective robustvit.Objective, batch int) *robustvit.Trainer {
	t.Helper()
	return spreadTrainer(t, b, m, objective, batch, robustvit.Memory{}, 1)
}

func step(t *testing.T, trainer *robustvit.Trainer, batch *robustvit.Batch) robustvit.Losses {
	t.Helper()
	losses, err := trainer.Step(batch, 1e-4)
	if err != nil {
		t.Fatal(err)
	}
	return losses
}

// near allows what another order of float32 additions changes.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-4*max(math.Abs(a), math.Abs(b)) }
