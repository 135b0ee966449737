package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// K15: the files of a stopped run get other times, or the next start another
// time zone: what is newest is what has the most steps.
func TestResumeOnAnotherClock(t *testing.T) {
	k := theKit(t)
	want := k.unbroken(t, "run", k.finetuning(6)...)
	now := time.Now()
	same := func(at time.Time) func(int) time.Time { return func(int) time.Time { return at } }
	for _, c := range []struct {
		name string
		of   func(step int) time.Time // time of what belongs to a checkpoint; step 0 for the other files
		env  []string
	}{
		{"a day back", same(now.Add(-24 * time.Hour)), nil},
		{"ten years ahead", same(now.AddDate(10, 0, 0)), nil},
		{"all saves in one second", same(now.Truncate(time.Second)), nil},
		{"the newest has the oldest time", func(step int) time.Time { return now.Add(-time.Duration(step) * time.Hour) }, nil},
		{"the clock went back between two saves", func(step int) time.Time { return now.Add(time.Duration(step%2) * time.Hour) }, nil},
		{"before 1970", same(time.Unix(-86400, 0)), nil},
		{"another time zone", nil, []string{"TZ=Asia/Kolkata"}},
		{"amid summer time, another time zone", same(time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)), []string{"TZ=Europe/Berlin"}},
	} {
		catalogue.Case(t, "K15", c.name, func(t *testing.T) {
			dir := k.stopped(t)
			folder := filepath.Join(dir, "run")
			if c.of != nil {
				setTimes(t, folder, c.of)
			}
			if from := wentOnFrom(works(t, dir, c.env, k.finetuning(6)...)); from != 6 {
				t.Errorf("it went on from step %d, expected 6", from)
			}
			everyStepOnce(t, folder, 12)
			sameEnd(t, want, folder)
			saved, err := filepath.Glob(filepath.Join(folder, "checkpoints", "step-*"))
			if err != nil || len(saved) != 2 || filepath.Base(saved[0]) != "step-00000009" || filepath.Base(saved[1]) != "step-00000012" {
				t.Errorf("the checkpoints that stay are %v (%v), expected those of steps 9 and 12", saved, err)
			}
		})
	}
}

// setTimes gives every file and folder of a run a time.
func setTimes(t *testing.T, folder string, of func(step int) time.Time) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at := of(stepOf(path))
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// stepOf is the step of the checkpoint that a path lies in, else 0.
func stepOf(path string) (step int) {
	_, after, _ := strings.Cut(path, "step-")
	number, _, _ := strings.Cut(after, string(filepath.Separator))
	step, _ = strconv.Atoi(number)
	return step
}
