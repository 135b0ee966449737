package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
	"pgregory.net/rapid"
)

// Random sequences of saves, starts, kills and faults: on the disk there are
// never fewer sound checkpoints than were kept, nor more than those and one,
// and the newest is never older than the last that was reported as saved.
func TestRandomSequences(t *testing.T) {
	for i := range catalogue.Cases("S9") {
		catalogue.Case(t, "S9", fmt.Sprintf("sequence %d", i), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				dir, err := os.MkdirTemp("", "sequence-")
				if err != nil {
					t.Fatal(err)
				}
				defer os.RemoveAll(dir)
				s := &sequence{dir: dir, keep: rapid.IntRange(2, 4).Draw(t, "keep")}
				s.start(t)
				defer func() { s.r.Close() }()
				t.Repeat(map[string]func(*rapid.T){"": s.check, "save": s.save, "fault": s.fault, "kill": s.kill, "start": s.start})
			})
		})
	}
}

// sequence is a run folder and what has been done to it.
type sequence struct {
	dir   string
	keep  int
	disk  *faulty
	r     *run.Run
	step  int // last that was tried
	saved int // last that was reported as saved
	saves int // how many were
}

// start is another process: the one before is over.
func (s *sequence) start(t *rapid.T) {
	if s.r != nil {
		s.r.Close()
	}
	s.disk = calm()
	r, err := run.CreateOn(s.disk, s.dir, toySettings())
	if err != nil {
		t.Fatal(err)
	}
	s.r, r.Keep = r, s.keep
	state, at, warnings, err := r.Resume()
	if err != nil || len(warnings) > 0 {
		t.Fatalf("resume: %v, warnings %q", err, warnings)
	}
	if at.Step < s.saved || at.Step > s.step || at.Step > 0 && state == nil {
		t.Fatalf("resumed at step %d, %d was saved", at.Step, s.saved)
	}
	s.step = at.Step
}

func (s *sequence) try() error {
	s.step++
	if err := s.r.Append(entry{s.step, 1}); err != nil {
		return err
	}
	err := s.r.SaveCheckpoint(run.Checkpoint{Step: s.step}, toyState(s.step))
	if err == nil {
		s.saved, s.saves = s.step, s.saves+1
	}
	return err
}

func (s *sequence) save(t *rapid.T) {
	if err := s.try(); err != nil {
		t.Fatal(err)
	}
	if n := len(visible(s.dir)); n > s.keep {
		t.Fatalf("%d checkpoints after a save, at most %d are kept", n, s.keep)
	}
}

// fault makes one operation of a save fail.
func (s *sequence) fault(t *rapid.T) {
	k := s.disk.n + rapid.IntRange(1, 35).Draw(t, "operation")
	err := rapid.SampledFrom([]syscall.Errno{syscall.ENOSPC, syscall.EIO, shortWrite, silentCut, silentFlip}).Draw(t, "error")
	s.disk.hook = func(n int, op, path string) error {
		if filepath.Base(path) == run.LogFile && err > shortWrite { // a log is not read back
			return nil
		}
		if n == k && (err < shortWrite || op == "write") {
			return err
		}
		return nil
	}
	s.try()
	s.disk.hook = calm().hook
}

// kill ends the process amid a save: no operation happens after a certain one,
// of a write only half.
func (s *sequence) kill(t *rapid.T) {
	k := s.disk.n + rapid.IntRange(1, 35).Draw(t, "operation")
	s.disk.hook = func(n int, op, _ string) error {
		if n == k && op == "write" {
			return shortWrite
		}
		if n >= k {
			return syscall.EIO
		}
		return nil
	}
	s.try()
	s.start(t)
}

func (s *sequence) check(t *rapid.T) {
	all := visible(s.dir)
	if len(all) < min(s.keep, s.saves) || len(all) > 0 && all[len(all)-1] < s.saved {
		t.Fatalf("checkpoints %v after %d saves, the last of step %d, keeping %d", all, s.saves, s.saved, s.keep)
	}
	for _, step := range all {
		if err := sound(s.dir, step); err != nil {
			t.Fatal(err)
		}
	}
}
