package run

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// everyFault are the ways in which a file operation fails.
var everyFault = map[string]syscall.Errno{
	"disk full": syscall.ENOSPC, "I/O error": syscall.EIO, "no permission": syscall.EACCES,
	"read-only": syscall.EROFS, "quota": syscall.EDQUOT, "short write": shortWriteFault,
	"silent cut": silentCutFault, "silent flip": silentFlipFault,
}

// calm is the disk without faults and without waiting for syncs.
func calm() Files { return &faulty{hook: func(int, string, string) error { return nil }} }

// For every k and every fault: the k-th file operation of a save fails. The
// save says so and names the run folder, no checkpoint that was there is lost,
// none that is visible is damaged, and the next save works (S1, G4).
func TestEveryOperationOfASaveFails(t *testing.T) {
	t.Parallel()
	ops := operationsOfASave(t)
	if len(ops) < 15 {
		t.Fatalf("a save has only the operations %q: the shim is not in use", ops)
	}
	for name, fault := range everyFault {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && fault != syscall.ENOSPC && fault != silentFlipFault {
				t.Skip("-short")
			}
			for k, op := range ops {
				if op == "write" || fault < shortWriteFault {
					failSaveAt(t, k+1, fault)
				}
			}
		})
	}
}

// thirdSave runs a save after two others, with hook on its operations only.
func thirdSave(t *testing.T, hook func(k int, op, path string) error) (*Run, error) {
	t.Helper()
	start := 1 << 30
	shim := &faulty{}
	shim.hook = func(n int, op, path string) error {
		if n <= start {
			return nil
		}
		return hook(n-start, op, path)
	}
	r, err := CreateOn(shim, t.TempDir(), testSettings())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	mustResume(t, r)
	steps(t, r, 1, 2)
	start = shim.n
	err = r.SaveCheckpoint(Checkpoint{Step: 3}, toyState(3))
	start = 1 << 30
	return r, err
}

func operationsOfASave(t *testing.T) (ops []string) {
	if _, err := thirdSave(t, func(_ int, op, _ string) error { ops = append(ops, op); return nil }); err != nil {
		t.Fatal(err)
	}
	return ops
}

// failSaveAt makes operation k of a save fail.
func failSaveAt(t *testing.T, k int, fault syscall.Errno) {
	t.Helper()
	where := ""
	r, err := thirdSave(t, func(n int, op, path string) error {
		if n != k {
			return nil
		}
		where = fmt.Sprintf("operation %d (%s %s)", k, op, filepath.Base(path))
		return fault
	})
	saved := err == nil || errors.Is(err, ErrPrune)
	if err != nil && !strings.Contains(err.Error(), r.Path(checkpointsDir)) {
		t.Errorf("%s: the error does not name the checkpoint: %v", where, err)
	}
	if err == nil && (fault == silentCutFault || fault == silentFlipFault) {
		t.Errorf("%s: damage was not noticed", where)
	}
	checkFolder(t, where, r.Dir(), 2, saved, 3)
	if err := r.SaveCheckpoint(Checkpoint{Step: 4}, toyState(4)); err != nil {
		t.Errorf("%s: the next save fails too: %v", where, err)
	}
	checkFolder(t, where+", then a good save", r.Dir(), 4, true, 4)
}

// checkFolder wants the newest checkpoint to be at least step least (exactly
// last, if that was reported as saved), and every visible one to be sound.
func checkFolder(t *testing.T, where, dir string, least int, saved bool, last int) {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	state, at, warnings, err := r.Latest()
	if err != nil || len(warnings) > 0 {
		t.Errorf("%s: %v, warnings %q", where, err, warnings)
		return
	}
	if at.Step < least || saved && at.Step != last {
		t.Errorf("%s: newest checkpoint is step %d (reported as saved: %v)", where, at.Step, saved)
	}
	if string(state.Tensors[0].Data) != string(toyState(at.Step).Tensors[0].Data) {
		t.Errorf("%s: state of step %d is not what was saved", where, at.Step)
	}
	all, err := r.steps()
	if err != nil || len(all) < 2 {
		t.Errorf("%s: checkpoints %v, %v", where, all, err)
	}
	for _, s := range all {
		if _, err := r.verify(r.Path(filepath.Join(checkpointsDir, stepName(s))), s); err != nil {
			t.Errorf("%s: visible checkpoint %d: %v", where, s, err)
		}
	}
}

// The same for a whole run, every operation from Create to Done, with the
// fault staying for the rest of the process: the next process ends with the
// bytes of the unbroken run.
func TestEveryOperationOfARunFails(t *testing.T) {
	t.Parallel()
	c := toyRun{steps: 4, every: 2, size: 32}
	want := c.unbroken(t)
	var ops []string
	dry := &faulty{hook: func(_ int, op, _ string) error { ops = append(ops, op); return nil }}
	if err := c.trainIn(dry, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for _, fault := range []syscall.Errno{syscall.ENOSPC, shortWriteFault} {
		for k := 0; k < len(ops); k += stride(2) {
			if fault == shortWriteFault && ops[k] != "write" {
				continue
			}
			shim := &faulty{hook: func(n int, op, path string) error {
				if n > k && (fault != shortWriteFault || op == "write") {
					return fault
				}
				return nil
			}}
			dir := t.TempDir()
			err := c.trainIn(shim, dir)
			if err != nil && !strings.Contains(err.Error(), dir) {
				t.Errorf("operation %d: the error names no file of the run: %v", k+1, err)
			}
			if err := c.trainIn(calm(), dir); err != nil {
				t.Fatalf("operation %d: cannot resume: %v", k+1, err)
			}
			sameTree(t, want, dir)
		}
	}
}

func TestStateWithNaNIsRefused(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	mustResume(t, r)
	steps(t, r, 1, 2)
	bad := toyState(3)
	copy(bad.Tensors[0].Data[4:], []byte{0, 0, 0xc0, 0x7f})  // NaN
	copy(bad.Tensors[0].Data[12:], []byte{0, 0, 0x80, 0xff}) // -Inf
	err := r.SaveCheckpoint(Checkpoint{Step: 3}, bad)
	if err == nil || !strings.Contains(err.Error(), "blocks.0.attn.qkv.weight\": found 2 of 64") {
		t.Errorf("got %v", err)
	}
	checkFolder(t, "after NaN", r.Dir(), 2, true, 2)
}
