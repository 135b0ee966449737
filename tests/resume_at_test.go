package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// K11: wherever a run stands, no step is done twice or left out.
func TestResumeAt(t *testing.T) {
	k := theKit(t)
	six := k.finetuning(6) // 12 steps, saved at 3, 6, 9, 12
	want := k.unbroken(t, "run", six...)
	for _, c := range []struct {
		name, point string
		from        int
	}{
		{"before the first step", "log.jsonl-write:1", 0}, {"step 0, after steps that were not saved", "log.jsonl-write:3", 0},
		{"amid an epoch", "log.jsonl-write:5", 3}, {"at the end of an epoch", "log.jsonl-write:7", 6},
		{"before the last save", "step-rename:4", 9}, {"after the last step", "weights.safetensors-open:1", 12}, {"before it says done", "done.json-rename:1", 12},
	} {
		catalogue.Case(t, "K11", c.name, func(t *testing.T) {
			dir := k.place(t)
			killedAt(t, dir, c.point, six...)
			if from := wentOnFrom(works(t, dir, nil, six...)); from != c.from {
				t.Errorf("it went on from step %d, expected %d", from, c.from)
			}
			everyStepOnce(t, filepath.Join(dir, "run"), 12)
			sameEnd(t, want, filepath.Join(dir, "run"))
		})
	}
	catalogue.Case(t, "K11", "finished", func(t *testing.T) {
		dir := k.place(t)
		works(t, dir, nil, six...)
		written := times(t, filepath.Join(dir, "run"))
		for _, again := range [][]string{six, {"finetune", "--resume", "--dir", "run"}} {
			if o := works(t, dir, nil, again...); !strings.Contains(o.Err, "done already") {
				t.Errorf("it does not say that it is done: %v", o)
			}
		}
		for name, at := range times(t, filepath.Join(dir, "run")) {
			if !at.Equal(written[name]) {
				t.Errorf("%s of the finished run was written again", name)
			}
		}
	})
	catalogue.Case(t, "K11", "finished, more epochs asked", func(t *testing.T) {
		dir, nine := k.place(t), k.finetuning(9)
		works(t, dir, nil, six...)
		if from := wentOnFrom(works(t, dir, nil, nine...)); from != 12 {
			t.Errorf("it went on from step %d, expected 12", from)
		}
		everyStepOnce(t, filepath.Join(dir, "run"), 18)
		sameEnd(t, k.unbroken(t, "run", nine...), filepath.Join(dir, "run"))
	})
	catalogue.Case(t, "K11", "fewer epochs asked than were done", func(t *testing.T) {
		dir := k.place(t)
		works(t, dir, nil, six...)
		catalogue.CheckRefused(t, catalogue.RunIn(t, dir, nil, k.finetuning(4)...), "run folder run has done 12 steps, 4 epochs are 8", "at least 6 epochs")
		works(t, dir, nil, six...)
		sameEnd(t, want, filepath.Join(dir, "run"))
	})
}

// times are when the files of the end state were written.
func times(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	for name := range endState(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = info.ModTime()
	}
	return all
}
