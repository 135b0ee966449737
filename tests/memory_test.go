package tests

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/internal/allocator"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// TestMemoryOptionsOnXLA: on the compiler that rearranges everything, a step in
// parts and with recomputed blocks is still the step of the whole batch.
func TestMemoryOptionsOnXLA(t *testing.T) {
	b, m := wholeDemoOnXLA(t)
	batch := shapesBatch(t, m.Variant)
	for order, options := range map[robustvit.GradientOrder][]robustvit.Memory{
		robustvit.FirstOrder:  {{MicroBatch: 2}, {Rematerialise: true}},
		robustvit.SecondOrder: {{MicroBatch: 2, Rematerialise: true}},
	} {
		objective := robustvit.Published()
		objective.Order = order
		want := twoSteps(t, b, m, objective, batch, robustvit.Memory{})
		for _, memory := range options {
			got := twoSteps(t, b, m, objective, batch, memory)
			if d := math.Abs(got.Total - want.Total); !(d <= 1e-4*want.Total) || !(math.Abs(got.GradientNorm-want.GradientNorm) <= 1e-3*want.GradientNorm) {
				t.Errorf("order %v, %+v: after two steps %+v, the whole batch at once has %+v", order, memory, got, want)
			}
		}
	}
}

// TestBuffersAreKeptOnXLA: the plugin takes its buffers from package allocator,
// once for many steps, and they are given back where it is asked to.
func TestBuffersAreKeptOnXLA(t *testing.T) {
	b, m := wholeDemoOnXLA(t)
	backend.Release()
	before, left := allocator.Buffers()
	batch := shapesBatch(t, m.Variant)
	twoSteps(t, b, m, robustvit.Published(), batch, robustvit.Memory{})
	used, mapped := allocator.Buffers()
	for end := time.Now().Add(30 * time.Second); mapped-used < 4<<20 && time.Now().Before(end); used, mapped = allocator.Buffers() {
		time.Sleep(time.Millisecond) // XLA gives a step's buffer back after its results are there
	}
	t.Logf("%.1f MiB in use and %.1f mapped, before %.1f and %.1f", float64(used)/(1<<20), float64(mapped)/(1<<20), float64(before)/(1<<20), float64(left)/(1<<20))
	if mapped-used < 4<<20 {
		t.Error("a step's buffers are not kept for the next one")
	}
	backend.DropBuffers()
	if used, mapped = allocator.Buffers(); used != mapped {
		t.Errorf("%d of %d bytes are still kept", mapped-used, mapped)
	}
}

// twoSteps are the losses of the second step of a fresh trainer.
func twoSteps(t *testing.T, b compute.Backend, m *pretrained.Model, objective robustvit.Objective, batch *robustvit.Batch, memory robustvit.Memory) (last robustvit.Losses) {
	t.Helper()
	values, err := m.Values()
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := robustvit.NewTrainer(b, m.Variant, values, objective, robustvit.DefaultAdamW(), batch.N, memory)
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	for range 2 {
		if last, err = trainer.Step(batch, 1e-4); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// TestBFloat16OnXLA: products in bfloat16 move the losses, by little, in both
// orders, and in the first with recomputed blocks.
func TestBFloat16OnXLA(t *testing.T) {
	b, m := wholeDemoOnXLA(t)
	batch, objective := shapesBatch(t, m.Variant), robustvit.Published()
	for _, order := range []robustvit.GradientOrder{robustvit.FirstOrder, robustvit.SecondOrder} {
		objective.Order = order
		want := twoSteps(t, b, m, objective, batch, robustvit.Memory{})
		for _, again := range []bool{false, true}[:2-int(order)] {
			got := twoSteps(t, b, m, objective, batch, robustvit.Memory{Precision: robustvit.BFloat16, Rematerialise: again})
			if got == want {
				t.Errorf("order %v: the losses are those of float32 to the last bit: nothing was rounded", order)
			}
			if d := math.Abs(got.Total - want.Total); !(d <= 0.05*want.Total) || !(math.Abs(got.GradientNorm-want.GradientNorm) <= 0.1*want.GradientNorm) {
				t.Errorf("order %v, rematerialised %t: after two steps %+v, float32 has %+v", order, again, got, want)
			}
		}
	}
}

// shapesBatch is four training images with masks.
func shapesBatch(t *testing.T, v robustvit.Variant) *robustvit.Batch {
	t.Helper()
	train, err := shapes.NewCollection(shapes.Options{TrainImages: 4, EvalImages: 1}).Train()
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range data.Batches(context.Background(), train, data.Plan{BatchSize: 4, Size: v.ImageSize, Protocol: data.Native(), Masks: true}) {
		if err != nil {
			t.Fatal(err)
		}
		return &robustvit.Batch{Images: b.Images, Masks: b.Masks, Labels: b.Labels, N: b.N}
	}
	t.Fatal("no batch")
	return nil
}
