package storage

import (
	"math"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// settings is a config as a package of ours would have it.
type settings struct {
	Model  string  `json:"model"`
	Rate   float64 `json:"rate"`
	Epochs int     `json:"epochs"`
}

func toySettings() settings { return settings{Model: "toy", Rate: 4e-5, Epochs: 3} }

type entry struct {
	Step int     `json:"step"`
	Loss float64 `json:"loss"`
}

// toyRun is a training loop in small: its state at step s depends on the state
// at s-1, so that a resume from anything but the stored state shows.
type toyRun struct {
	steps, every int
	size         int       // floats in the state
	saved        func(int) // called after a save that returned nil
}

// train does the whole protocol: resume, steps with log and saves, final files.
func (c toyRun) train(r *run.Run) error {
	state, at, _, err := r.Resume()
	if err != nil {
		return err
	}
	values := make([]float32, c.size)
	if state != nil {
		if values, err = state.Tensors[0].Float32s(); err != nil {
			return err
		}
	}
	for s := at.Step + 1; s <= c.steps; s++ {
		for i := range values {
			values[i] = float32(math.Sin(float64(values[i])*1.5 + float64(s+i)))
		}
		if err := r.Append(entry{s, float64(values[0])}); err != nil {
			return err
		}
		if s%c.every == 0 || s == c.steps {
			if err := r.Append(entry{s, -1}); err != nil { // the entry of an epoch
				return err
			}
			if err := r.SaveCheckpoint(run.Checkpoint{Step: s}, toyFile(values)); err != nil {
				return err
			}
			if c.saved != nil {
				c.saved(s)
			}
		}
	}
	if err := r.WriteWeights(run.WeightsFile, toyFile(values)); err != nil {
		return err
	}
	if err := run.WriteRecords(r, "val", "ours", []entry{{c.steps, float64(values[0])}}); err != nil {
		return err
	}
	return r.Done(map[string]int{"steps": c.steps})
}

func toyFile(values []float32) *weights.File {
	return &weights.File{
		Tensors:  []weights.Tensor{weights.Float32Tensor("w", []int{len(values)}, values)},
		Metadata: map[string]string{"made": "by a test"},
	}
}

// toyState stands for weights and optimizer after so many steps.
func toyState(step int) *weights.File {
	values := make([]float32, 64)
	for i := range values {
		values[i] = float32(math.Sin(float64(step*64 + i)))
	}
	return toyFile(values)
}

// trainIn creates or opens dir and trains to the end.
func (c toyRun) trainIn(files run.Files, dir string) error {
	r, err := run.CreateOn(files, dir, toySettings())
	if err != nil {
		return err
	}
	defer r.Close()
	return c.train(r)
}

// unbroken trains without a fault and returns what the folder holds.
func (c toyRun) unbroken(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := c.trainIn(run.Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	return tree(t, dir)
}

// opened is a run in dir that has been resumed.
func opened(t *testing.T, files run.Files, dir string) *run.Run {
	t.Helper()
	r, err := run.CreateOn(files, dir, toySettings(), "epochs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	if _, _, _, err := r.Resume(); err != nil {
		t.Fatal(err)
	}
	return r
}

// steps logs and saves the given steps.
func steps(t *testing.T, r *run.Run, from, to int) {
	t.Helper()
	for s := from; s <= to; s++ {
		if err := r.Append(entry{s, 1 / float64(s)}); err != nil {
			t.Fatal(err)
		}
		if err := r.SaveCheckpoint(run.Checkpoint{Step: s}, toyState(s)); err != nil {
			t.Fatal(err)
		}
	}
}
