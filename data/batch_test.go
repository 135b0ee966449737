package data_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robustvit/workbench/data"
)

// fake is a data set of flat pictures: sample i has the value i everywhere.
type fake struct {
	n, classes int
	faulty     map[int]bool
	noMask     map[int]bool
	slow       bool
	loaded     atomic.Int64
}

func (f *fake) Name() string { return "fake" }
func (f *fake) Classes() []string {
	names := make([]string, f.classes)
	for i := range names {
		names[i] = fmt.Sprintf("class%d", i)
	}
	return names
}
func (f *fake) Len() int { return f.n }
func (f *fake) Entry(i int) data.Entry {
	return data.Entry{ID: fmt.Sprintf("fake/class%d/%03d", i%f.classes, i), Class: i % f.classes}
}
func (f *fake) Load(i int) (data.Sample, error) {
	f.loaded.Add(1)
	if f.slow && i%2 == 0 {
		time.Sleep(time.Millisecond)
	}
	if f.faulty[i] {
		return data.Sample{}, fmt.Errorf("sample %d is broken", i)
	}
	s := data.Sample{Entry: f.Entry(i), Image: &data.Image{Width: 4, Height: 4, Pix: slices.Repeat([]uint8{uint8(i)}, 48)}}
	if !f.noMask[i] {
		s.Mask = &data.Mask{Width: 4, Height: 4, Pix: slices.Repeat([]float32{float32(i % 2)}, 16)}
	}
	return s, nil
}

func collect(t *testing.T, d data.Dataset, plan data.Plan) []*data.Batch {
	t.Helper()
	var batches []*data.Batch
	for b, err := range data.Batches(context.Background(), d, plan) {
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	return batches
}

func TestEvaluationBatches(t *testing.T) {
	d := &fake{n: 10, classes: 3, slow: true}
	plan := data.Plan{BatchSize: 4, Size: 4, Protocol: data.Native(), Masks: true}
	batches := collect(t, d, plan)
	if len(batches) != 3 || plan.Steps(d) != 3 {
		t.Fatalf("%d batches, want 3", len(batches))
	}
	next := 0
	for step, b := range batches {
		if b.Step != step || len(b.Images) != 4*3*16 || len(b.Masks) != 4*16 || len(b.Labels) != 4 || len(b.Indices) != 4 {
			t.Fatalf("batch %d: %+v", step, b)
		}
		for row := range b.N {
			if b.Indices[row] != next || b.Labels[row] != int32(next%3) || b.Masks[16*row] != float32(next%2) {
				t.Errorf("batch %d, row %d: sample %d, label %d; want sample %d", step, row, b.Indices[row], b.Labels[row], next)
			}
			if want := (float32(next)/255 - .5) / .5; b.Images[48*row] != want || b.Images[48*row+47] != want {
				t.Errorf("sample %d: pixel %g, want %g", next, b.Images[48*row], want)
			}
			next++
		}
	}
	last := batches[2]
	if last.N != 2 || last.Indices[3] != 9 || last.Labels[3] != last.Labels[1] || last.Images[48*3] != last.Images[48] || last.Masks[48] != last.Masks[16] {
		t.Errorf("padding of the last batch: %+v", last)
	}
	if d.loaded.Load() != 10 {
		t.Errorf("loaded %d samples, want 10", d.loaded.Load())
	}
}

func TestTrainingOrder(t *testing.T) {
	d := &fake{n: 23, classes: 2}
	plan := data.Plan{BatchSize: 5, Size: 4, Protocol: data.Native(), Shuffle: true, Seed: 9, Epochs: 3, DropLast: true,
		Augment: &data.Augment{Kind: "shift", Pixels: 2}}
	all := collect(t, d, plan)
	if len(all) != 12 {
		t.Fatalf("%d batches, want 3 epochs of 4", len(all))
	}
	for epoch := range 3 {
		order := plan.Order(d, epoch)
		sorted := slices.Sorted(slices.Values(order))
		for i, v := range sorted {
			if v != i {
				t.Fatalf("epoch %d is no permutation: %v", epoch, order)
			}
		}
		for step := range 4 {
			if b := all[4*epoch+step]; !slices.Equal(b.Indices, order[5*step:5*step+5]) || b.Epoch != epoch || b.Step != step {
				t.Errorf("epoch %d, step %d: %v, want %v", epoch, step, b.Indices, order[5*step:5*step+5])
			}
		}
	}
	if slices.Equal(plan.Order(d, 0), plan.Order(d, 1)) {
		t.Error("two epochs have the same order")
	}
	other := plan
	other.Seed = 0
	if slices.Equal(plan.Order(d, 0), other.Order(d, 0)) || slices.Equal(other.Order(d, 0), slices.Sorted(slices.Values(other.Order(d, 0)))) {
		t.Error("seed 0 is not a seed of its own")
	}
	// A run that resumes at epoch 1, batch 2 sees the same batches, whatever the workers.
	plan.Epoch, plan.Step, plan.Epochs, plan.Workers, plan.Ahead = 1, 2, 2, 1, 7
	for i, b := range collect(t, d, plan) {
		want := all[6+i]
		if !slices.Equal(b.Images, want.Images) || !slices.Equal(b.Indices, want.Indices) || b.Epoch != want.Epoch || b.Step != want.Step {
			t.Errorf("batch %d after resuming differs", i)
		}
	}
}

func TestBatchFaultsNameTheSample(t *testing.T) {
	d := &fake{n: 20, classes: 2, faulty: map[int]bool{9: true, 10: true, 11: true}}
	plan := data.Plan{BatchSize: 4, Size: 4, Protocol: data.Native()}
	for range 20 {
		good := 0
		var fault error
		for b, err := range data.Batches(context.Background(), d, plan) {
			if err != nil {
				fault = err
				continue
			}
			if b == nil {
				t.Fatal("neither batch nor error")
			}
			good++
		}
		if good != 2 || fault == nil || fault.Error() != "sample 9 is broken" {
			t.Fatalf("%d batches, then %v; want 2, then sample 9", good, fault)
		}
	}
	masks := data.Plan{BatchSize: 4, Size: 4, Protocol: data.Native(), Masks: true}
	for _, err := range data.Batches(context.Background(), &fake{n: 4, classes: 1, noMask: map[int]bool{2: true}}, masks) {
		if err == nil || !strings.Contains(err.Error(), "fake/class0/002 has no mask") {
			t.Errorf("error %v", err)
		}
	}
}

func TestPlanFaults(t *testing.T) {
	d := &fake{n: 3, classes: 1}
	good := data.Plan{BatchSize: 2, Size: 4, Protocol: data.Native()}
	if err := good.Validate(d); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*data.Plan){
		"batch size 0":       func(p *data.Plan) { p.BatchSize = 0 },
		"image size 0":       func(p *data.Plan) { p.Size = 0 },
		"no sample":          func(p *data.Plan) { p.Indices = []int{} },
		"samples 0 to 2":     func(p *data.Plan) { p.Indices = []int{3} },
		"less than one":      func(p *data.Plan) { p.DropLast, p.BatchSize = true, 4 },
		"negative":           func(p *data.Plan) { p.Workers = -1 },
		"standard deviation": func(p *data.Plan) { p.Protocol.Std[1] = 0 },
		"augmentation":       func(p *data.Plan) { p.Augment = &data.Augment{Kind: "x"} },
	} {
		plan := good
		change(&plan)
		for _, err := range data.Batches(context.Background(), d, plan) {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
	}
}

// Leaving the loop or cancelling ends every goroutine; waiting batches are bounded.
func TestBatchesLeaveNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	d := &fake{n: 400, classes: 2}
	plan := data.Plan{BatchSize: 2, Size: 4, Protocol: data.Native()}
	for range 20 {
		for range data.Batches(context.Background(), d, plan) {
			break
		}
	}
	if n := d.loaded.Load(); n > 20*2*5 {
		t.Errorf("%d samples loaded for 20 batches: the loader runs too far ahead", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	batches := 0
	for _, err := range data.Batches(ctx, d, plan) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			break
		}
		if batches++; batches == 3 {
			cancel()
		}
	}
	if batches > 8 {
		t.Errorf("%d batches after cancelling", batches)
	}
	for deadline := time.Now().Add(2 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func TestSubset(t *testing.T) {
	d := data.Subset(&fake{n: 9, classes: 3}, []int{7, 2}, "two")
	if d.Len() != 2 || d.Name() != "two" || d.Entry(0).ID != "fake/class1/007" {
		t.Errorf("%s, %d samples, first %s", d.Name(), d.Len(), d.Entry(0).ID)
	}
	if s, err := d.Load(1); err != nil || s.ID != "fake/class2/002" {
		t.Errorf("%v, %v", s.ID, err)
	}
}
