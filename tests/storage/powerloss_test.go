package storage

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// Power is lost at any operation of a run, with any part of what was not
// synced: every step that was reported as saved loads, and the resumed run
// ends with the unbroken run's bytes.
func TestPowerLoss(t *testing.T) {
	c := toyRun{steps: 5, every: 1, size: 32}
	want := c.unbroken(t)
	rng := rand.New(rand.NewPCG(3, 4))
	saved, stride := 0, 2
	if catalogue.Long() {
		stride = 1
	}
	type state struct {
		name, dir string
		saved     int
	}
	var states []state
	crash := func(power *powerDisk, name string, least bool) {
		after := t.TempDir()
		if err := power.root.crash(after, rng, least); err != nil {
			t.Fatal(err)
		}
		states = append(states, state{name, after, saved})
	}
	dir := t.TempDir()
	power := newPowerDisk(dir)
	power.hook = func(n int, op, path string) error {
		if n%stride == 0 {
			where := fmt.Sprintf("operation %d (%s %s)", n, op, filepath.Base(path))
			crash(power, where+", all that may be lost", true)
			crash(power, where+", some of it", false)
		}
		return nil
	}
	c.saved = func(step int) { saved = step }
	if err := c.trainIn(power, dir); err != nil {
		t.Fatal(err)
	}
	c.saved, power.hook = nil, calm().hook
	for _, s := range states {
		catalogue.Case(t, "K14", s.name, func(t *testing.T) {
			wantCheckpoint(t, s.dir, s.saved)
			if err := c.trainIn(calm(), s.dir); err != nil {
				t.Fatal(err)
			}
			sameTree(t, want, s.dir)
		})
	}
	catalogue.Case(t, "K14", "after the end", func(t *testing.T) {
		power.SyncDir(filepath.Join(dir, "checkpoints")) // an old checkpoint that comes back does no harm
		after := t.TempDir()                             // once Done has returned, nothing may be lost
		if err := power.root.crash(after, rng, true); err != nil {
			t.Fatal(err)
		}
		sameTree(t, want, after)
	})
}
