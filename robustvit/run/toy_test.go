package run

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/weights"
)

// toyRun is a training loop in small: its state at step s depends on the state
// at s-1, so that a resume from anything but the stored state shows.
type toyRun struct {
	steps, every int
	size         int       // floats in the state
	saved        func(int) // called after a save that returned nil
}

// train does the whole protocol: resume, steps with log and saves, final files.
func (c toyRun) train(r *Run) error {
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
			if err := r.SaveCheckpoint(Checkpoint{Step: s}, toyFile(values)); err != nil {
				return err
			}
			if c.saved != nil {
				c.saved(s)
			}
		}
	}
	if err := r.WriteWeights(WeightsFile, toyFile(values)); err != nil {
		return err
	}
	if err := WriteRecords(r, "val", "ours", []entry{{c.steps, float64(values[0])}}); err != nil {
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

// trainIn creates or opens dir and trains to the end.
func (c toyRun) trainIn(files Files, dir string) error {
	r, err := CreateOn(files, dir, testSettings())
	if err != nil {
		return err
	}
	defer r.Close()
	return c.train(r)
}

// tree is every file of a run folder that the contract covers, by name.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != dir && strings.HasPrefix(d.Name(), ".") {
			return fmt.Errorf("left behind: %s", path)
		}
		name, _ := filepath.Rel(dir, path)
		if d.IsDir() || name == lockFile {
			return nil
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sameTree fails unless the folders hold the same files with the same bytes.
func sameTree(t *testing.T, want map[string]string, dir string) {
	t.Helper()
	got := tree(t, dir)
	for name := range want {
		if text, ok := got[name]; !ok {
			t.Errorf("%s is missing after the resume", name)
		} else if text != want[name] {
			t.Errorf("%s differs from the unbroken run's", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not in the unbroken run", name)
		}
	}
}

// unbroken trains without a fault and returns what the folder holds.
func (c toyRun) unbroken(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := c.trainIn(Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	return tree(t, dir)
}
