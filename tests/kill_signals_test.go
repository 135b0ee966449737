package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// K6: signals end a finetuning and an evaluation with 128 + their number; the
// same command goes on.
func TestKillSignals(t *testing.T) {
	k, rng := theKit(t), random("K6")
	signals := []struct {
		name string
		all  []os.Signal
		code int
	}{
		{"SIGTERM", []os.Signal{syscall.SIGTERM}, 143}, {"SIGINT", []os.Signal{os.Interrupt}, 130},
		{"SIGINT twice", []os.Signal{os.Interrupt, os.Interrupt}, 130}, {"SIGHUP", []os.Signal{syscall.SIGHUP}, 129},
	}
	for i := range catalogue.Cases("K6") {
		s := signals[i%4]
		args, pattern, most := k.finetuning(trainedEpochs), "*.jsonl", 1
		if i/4%2 == 1 {
			args, pattern, most = k.evaluation("evaluate"), "*.jsonl", 14
		}
		catalogue.Case(t, "K6", fmt.Sprintf("%s %s %d", args[0], s.name, i), func(t *testing.T) {
			want := k.unbroken(t, "run", args...)
			for try := range tries {
				dir := k.place(t)
				n := rng.IntN(most>>try + 1)
				begun := func() bool {
					return len(files(filepath.Join(dir, "run"), "config.json")) > 0 && len(files(filepath.Join(dir, "run"), pattern)) >= n
				}
				o := moment{begun, upTo(rng, 5*time.Millisecond>>try)}.signalled(t, dir, nil, s.all, args...)
				if o.Code == 0 {
					continue // it was done by then
				}
				ended(t, o, s.code)
				works(t, dir, nil, args...)
				sameEnd(t, want, filepath.Join(dir, "run"))
				return
			}
			t.Fatalf("%v ended before the signal, %d times", args, tries)
		})
	}
}

func ended(t *testing.T, o catalogue.Outcome, code int) {
	t.Helper()
	if o.Code != code || !strings.Contains(o.Err, "robustvit: ") || !strings.Contains(o.Err, "stopped") {
		t.Errorf("exit code %d expected, with the reason; %v", code, o)
	}
}

// A step that takes longer than anybody waits: the first SIGINT ends it after
// some patience, a second one at once, and nothing of the run is lost.
func TestKillAmidALongStep(t *testing.T) {
	dir := t.TempDir()
	args := []string{"finetune", "--weights", "demo:vit", "--data", "shapes", "--train", "200", "--keep", "all", "--per-class", "10", "--batch", "100",
		"--epochs", "1", "--dir", "run"}
	for _, c := range []struct {
		name    string
		signals []os.Signal
		patient bool
	}{{"once", []os.Signal{os.Interrupt}, true}, {"twice", []os.Signal{os.Interrupt, os.Interrupt}, false}} {
		catalogue.Case(t, "K6", "amid a step, "+c.name, func(t *testing.T) {
			begun := func() bool { return len(files(filepath.Join(dir, "run"), "environment.jsonl")) > 0 }
			o := moment{begun, 500 * time.Millisecond}.signalled(t, dir, nil, c.signals, args...)
			if o.Code != 130 || strings.Contains(o.Err, "amid a computation") != c.patient {
				t.Errorf("%v", o)
			}
			if err := os.RemoveAll(filepath.Join(dir, "run")); err != nil {
				t.Fatal(err)
			}
		})
	}
}
