package storage

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/squares"
)

// tiny is a model of 16 pixels with its data, made once by the real command,
// and what a finetuning of it ends with when nothing happens.
type tiny struct {
	dir      string
	finished map[string]string // files of an unbroken run
}

var (
	tinyOnce sync.Once
	tinyMade tiny
)

func (f tiny) path(name string) string { return filepath.Join(f.dir, name) }

func theTiny(t *testing.T) tiny {
	t.Helper()
	tinyOnce.Do(func() {
		dir, err := os.MkdirTemp("", "tiny-")
		must(t, err)
		f := tiny{dir: dir}
		squares.Write(t, f.path("data"), squares.Options{Classes: 4, Images: 4})
		works(t, "pretrain", "--data", f.path("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
			"--steps", "5", "--batch", "8", "--out", f.path("base"))
		works(t, f.finetune(f.path("whole"))...)
		f.finished = contract(t, f.path("whole"))
		tinyMade = f
	})
	if tinyMade.finished == nil {
		t.Fatal("the tiny model could not be made")
	}
	return tinyMade
}

// finetune is the command of a finetuning of forty steps with ten checkpoints.
func (f tiny) finetune(dir string, more ...string) []string {
	return append([]string{"finetune", "--weights", f.path("base"), "--data", f.path("data"), "--per-class", "4", "--keep", "all",
		"--epochs", "20", "--batch", "4", "--save-every", "4", "--dir", dir}, more...)
}

// slow is the same with so many epochs that it does not end by itself in time.
func (f tiny) slow(dir string) []string { return f.finetune(dir, "--epochs", "100000") }

func (f tiny) evaluate(dir string) []string {
	return []string{"evaluate", "--weights", f.path("base"), "--data", f.path("data"), "--dir", dir}
}

// contract is a run folder without what may differ between two starts.
func contract(t *testing.T, dir string) map[string]string {
	t.Helper()
	os.Remove(filepath.Join(dir, ".command.json"))
	files := tree(t, dir)
	for name := range files {
		if base := filepath.Base(name); base == run.TimingFile || base == run.EnvironmentFile {
			delete(files, name)
		}
	}
	return files
}

// alone is what the command leaves in OUT when nothing happens.
func (f tiny) alone(t *testing.T, args []string) map[string]string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "alone")
	works(t, replaced(args, "OUT", out)...)
	return result(t, out)
}

// endsAs fails unless the folder holds what the unbroken run's does.
func (f tiny) endsAs(t *testing.T, dir string) {
	t.Helper()
	got := contract(t, dir)
	for name, text := range f.finished {
		if got[name] != text {
			t.Errorf("%s differs from the unbroken run's", name)
		}
	}
	if len(got) != len(f.finished) {
		t.Errorf("%d files, the unbroken run has %d", len(got), len(f.finished))
	}
}

func works(t *testing.T, args ...string) catalogue.Outcome {
	t.Helper()
	o := catalogue.Run(t, nil, args...)
	if o.Code != 0 {
		t.Fatalf("robustvit %s: %s", strings.Join(args, " "), o)
	}
	return o
}

// waitFor returns when a file fits the pattern.
func waitFor(t *testing.T, pattern string) {
	t.Helper()
	for range 3000 {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %s within 30 s", pattern)
}
