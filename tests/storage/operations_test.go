package storage

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// For every k and every fault: the k-th file operation of a save fails. The
// save says so and names the run folder, no checkpoint that was there is lost,
// none that is visible is damaged, and the next save works.
func TestEveryOperationOfASaveFails(t *testing.T) {
	var ops []string
	if _, err := thirdSave(t, func(_ int, op, path string) error {
		ops = append(ops, op+" "+filepath.Base(path))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(ops) < 15 {
		t.Fatalf("a save has only the operations %q: the disk is not in use", ops)
	}
	for _, fault := range everyFault {
		for k, op := range ops {
			if fault.err < shortWrite || strings.HasPrefix(op, "write ") {
				catalogue.Case(t, "S1", fmt.Sprintf("save, operation %d (%s), %s", k+1, op, fault.name), func(t *testing.T) {
					failSaveAt(t, k+1, fault.err)
				})
			}
		}
	}
}

// thirdSave runs a save after two others, with hook on its operations only.
func thirdSave(t *testing.T, hook func(k int, op, path string) error) (*run.Run, error) {
	t.Helper()
	disk := calm()
	r := opened(t, disk, t.TempDir())
	steps(t, r, 1, 2)
	before, quiet := disk.n, disk.hook
	disk.hook = func(n int, op, path string) error { return hook(n-before, op, path) }
	err := r.SaveCheckpoint(run.Checkpoint{Step: 3}, toyState(3))
	disk.hook = quiet
	return r, err
}

// failSaveAt makes operation k of a save fail.
func failSaveAt(t *testing.T, k int, fault syscall.Errno) {
	t.Helper()
	r, err := thirdSave(t, func(n int, _, _ string) error {
		if n == k {
			return fault
		}
		return nil
	})
	saved := err == nil || errors.Is(err, run.ErrPrune)
	if err != nil && !strings.Contains(err.Error(), r.Path("checkpoints")) {
		t.Errorf("the error does not name the checkpoint: %v", err)
	}
	if err == nil && (fault == silentCut || fault == silentFlip) {
		t.Error("damage was not noticed")
	}
	checkFolder(t, r.Dir(), 2, saved, 3)
	if err := r.SaveCheckpoint(run.Checkpoint{Step: 4}, toyState(4)); err != nil {
		t.Errorf("the next save fails too: %v", err)
	}
	checkFolder(t, r.Dir(), 4, true, 4)
}

// checkFolder wants the newest checkpoint to be at least step least (exactly
// last, if that was reported as saved), and every visible one to be sound.
func checkFolder(t *testing.T, dir string, least int, saved bool, last int) {
	t.Helper()
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	state, at, warnings, err := r.Latest()
	if err != nil || len(warnings) > 0 {
		t.Fatalf("%v, warnings %q", err, warnings)
	}
	if at.Step < least || saved && at.Step != last {
		t.Errorf("newest checkpoint is step %d (reported as saved: %v)", at.Step, saved)
	}
	if string(state.Tensors[0].Data) != string(toyState(at.Step).Tensors[0].Data) {
		t.Errorf("state of step %d is not what was saved", at.Step)
	}
	all := visible(dir)
	if len(all) < 2 {
		t.Errorf("checkpoints %v, expected two at least", all)
	}
	for _, step := range all {
		if err := sound(dir, step); err != nil {
			t.Errorf("visible checkpoint: %v", err)
		}
	}
}

// The same for a whole process, every operation from Create to Done of a run
// that is new and of one that goes on, with the fault staying for the rest of
// the process: the next process ends with the bytes of the unbroken run.
func TestEveryOperationOfARunFails(t *testing.T) {
	c := toyRun{steps: 4, every: 2, size: 32}
	want := c.unbroken(t)
	for name, begin := range map[string]func(dir string){
		"new run": func(string) {},
		"resumed": func(dir string) {
			killed := calm()
			killed.hook = func(_ int, op, path string) error {
				if op == "rename" && filepath.Base(path) == ".step-00000004.tmp" {
					return syscall.EIO
				}
				return nil
			}
			if c.trainIn(killed, dir) == nil {
				t.Fatal("the run that is to be resumed has ended")
			}
		},
	} {
		var ops []string
		dir := t.TempDir()
		begin(dir)
		dry := &faulty{hook: func(_ int, op, path string) error {
			ops = append(ops, op+" "+filepath.Base(path))
			return nil
		}}
		must(t, c.trainIn(dry, dir))
		for _, fault := range everyFault {
			for k, op := range ops {
				if fault.err == silentCut || fault.err == silentFlip || fault.err == shortWrite && !strings.HasPrefix(op, "write ") {
					continue
				}
				catalogue.Case(t, "S1", fmt.Sprintf("%s, operation %d (%s) and after, %s", name, k+1, op, fault.name), func(t *testing.T) {
					dir := t.TempDir()
					begin(dir)
					failRunFrom(t, c, dir, k, fault.err)
					sameTree(t, want, dir)
				})
			}
		}
	}
}

// failRunFrom makes every operation after the k-th fail, then runs on without.
func failRunFrom(t *testing.T, c toyRun, dir string, k int, fault syscall.Errno) {
	t.Helper()
	disk := &faulty{hook: func(n int, op, _ string) error {
		if n > k && (fault != shortWrite || op == "write") {
			return fault
		}
		return nil
	}}
	saved := 0
	c.saved = func(step int) { saved = step }
	if err := c.trainIn(disk, dir); err != nil && !strings.Contains(err.Error(), dir) {
		t.Errorf("the error names no file of the run: %v", err)
	}
	wantCheckpoint(t, dir, saved)
	c.saved = nil
	if err := c.trainIn(calm(), dir); err != nil {
		t.Fatalf("cannot resume: %v", err)
	}
}

// An entry of the log that fails leaves nothing of itself: the run may go on.
func TestEveryFaultOfALogEntry(t *testing.T) {
	for _, fault := range everyFault {
		if fault.err > shortWrite { // a log is not read back
			continue
		}
		catalogue.Case(t, "S1", "an entry of the log, "+fault.name, func(t *testing.T) {
			disk := calm()
			r := opened(t, disk, t.TempDir())
			steps(t, r, 1, 2)
			disk.hook = func(_ int, op, _ string) error {
				if op == "write" {
					return fault.err
				}
				return nil
			}
			if err := r.Append(entry{3, 1}); err == nil || !strings.Contains(err.Error(), r.Path(run.LogFile)) {
				t.Errorf("the error does not name the log: %v", err)
			}
			disk.hook = calm().hook
			steps(t, r, 3, 3)
			checkFolder(t, r.Dir(), 3, true, 3)
			if got, err := run.ReadLines[entry](r, run.LogFile); err != nil || len(got) != 3 || got[2] != (entry{3, 1. / 3}) {
				t.Errorf("log %v, %v", got, err)
			}
		})
	}
}
