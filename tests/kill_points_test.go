package tests

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// savePoints are the steps of the save protocol, in its order (robustvit/run):
// the state and its manifest under a dot name, the folder and the log on the
// disk, the name, the folder above, the oldest out of the way and away.
var savePoints = []string{
	"state.safetensors-open", "state.safetensors-write", "state.safetensors-sync",
	"manifest.json-open", "manifest.json-write", "manifest.json-sync",
	"step-sync", "log.jsonl-sync", "step-rename", "checkpoints-sync",
	"old-step-rename", "old-step-remove",
}

// K2: kill -9 before every step of the first, a middle and the last save; and,
// once each, before every other operation of a run, from its folder to done.json.
func TestKillAtEveryPoint(t *testing.T) {
	k := theKit(t)
	args := k.finetuning(6)
	want := k.unbroken(t, "run", args...)
	whole := k.place(t)
	o := catalogue.StartProgram(t, catalogue.Command(t, "failpoints"), whole, nil, args...).Wait(t)
	sameEnd(t, want, filepath.Join(whole, "run"))
	times := map[string]int{}
	for line := range strings.Lines(o.Err) {
		if point, ok := strings.CutPrefix(strings.TrimSpace(line), "point "); ok {
			times[point]++
		}
	}
	for _, point := range savePoints {
		n := times[point]
		if n < 2 { // pruning begins with the third save
			t.Fatalf("a run passes %s %d times: %v", point, n, times)
		}
		for _, at := range []struct {
			name string
			nth  int
		}{{"first", 1}, {"middle", (n + 1) / 2}, {"last", n}} {
			catalogue.Case(t, "K2", point+" "+at.name, func(t *testing.T) { k.killAndResume(t, fmt.Sprintf("%s:%d", point, at.nth), args, want) })
		}
	}
	for _, point := range slices.Sorted(maps.Keys(times)) {
		if !slices.Contains(savePoints, point) {
			catalogue.Case(t, "K2", point, func(t *testing.T) { k.killAndResume(t, point+":1", args, want) })
		}
	}
}

// killAndResume kills at the point, looks for a good checkpoint and resumes.
func (k *kit) killAndResume(t *testing.T, point string, args []string, want map[string]string) {
	t.Helper()
	dir := k.place(t)
	killedAt(t, dir, point, args...)
	folder := filepath.Join(dir, "run")
	saved, err := filepath.Glob(filepath.Join(folder, "checkpoints", "step-*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(saved) > 0 {
		r, err := run.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		state, at, warnings, err := r.Latest()
		if err != nil || state == nil || len(warnings) > 0 || filepath.Join(folder, "checkpoints", fmt.Sprintf("step-%08d", at.Step)) != saved[len(saved)-1] {
			t.Errorf("of the checkpoints %v that of step %d is found, warnings %q, error %v", saved, at.Step, warnings, err)
		}
	}
	works(t, dir, nil, args...)
	everyStepOnce(t, folder, 12)
	sameEnd(t, want, folder)
}
