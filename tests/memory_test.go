package tests

import (
	"context"
	"math"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// TestMemoryOptionsOnXLA: on the compiler that rearranges everything, a step in
// parts and with recomputed blocks is still the step of the whole batch.
func TestMemoryOptionsOnXLA(t *testing.T) {
	b, _, err := backend.Open(backend.Options{Name: backend.CPU})
	if err != nil {
		require(t, "XLA's CPU plugin", err)
	}
	defer b.Finalize()
	m, err := pretrained.Open("demo:vit")
	if err != nil {
		t.Fatal(err)
	}
	batch := shapesBatch(t, m.Variant)
	for order, options := range map[robustvit.GradientOrder][]robustvit.Memory{
		robustvit.FirstOrder:  {{MicroBatch: 2}, {Rematerialise: true}},
		robustvit.SecondOrder: {{MicroBatch: 2, Rematerialise: true}},
	} {
		objective := robustvit.Published()
		objective.Order = order
		losses := func(memory robustvit.Memory) (last robustvit.Losses) {
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
		want := losses(robustvit.Memory{})
		for _, memory := range options {
			got := losses(memory)
			if d := math.Abs(got.Total - want.Total); !(d <= 1e-4*want.Total) || !(math.Abs(got.GradientNorm-want.GradientNorm) <= 1e-3*want.GradientNorm) {
				t.Errorf("order %v, %+v: after two steps %+v, the whole batch at once has %+v", order, memory, got, want)
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
