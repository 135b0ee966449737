package tests

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// K3: kill -9 while two models are measured on nine sets; every fourth case is
// the segmentation test.
func TestKillEvaluation(t *testing.T) {
	k, rng, count := theKit(t), random("K3"), kills{}
	want := map[string]map[string]string{}
	for _, command := range []string{"evaluate", "segment"} {
		want[command] = k.unbroken(t, "run", k.evaluation(command)...)
	}
	for i := range catalogue.Cases("K3") {
		command, records := "evaluate", 20 // of nine sets and the maps, by two models
		if i%4 == 3 {
			command, records = "segment", 2
		}
		catalogue.Case(t, "K3", fmt.Sprintf("%s %d", command, i), func(t *testing.T) {
			dir, _ := count.until(t, k.evaluation(command), func() string { return k.place(t) }, func(dir string, try int) moment {
				n := rng.IntN(records>>try + 1)
				return moment{func() bool { return len(files(filepath.Join(dir, "run", "records"), "*.jsonl")) >= n }, upTo(rng, 10*time.Millisecond>>try)}
			})
			works(t, dir, nil, k.evaluation(command)...)
			run := filepath.Join(dir, "run")
			found := files(filepath.Join(run, "records"), "*.jsonl")
			if len(found) != records {
				t.Errorf("%d files of records, expected %d", len(found), records)
			}
			for _, path := range found {
				everyImageOnce(t, path, 16)
			}
			sameEnd(t, want[command], run)
		})
	}
	t.Log(count)
}

// everyImageOnce fails unless the records are of n images.
func everyImageOnce(t *testing.T, path string, n int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range bytes.Lines(text) {
		lines[string(line)] = true
	}
	if len(lines) != n || bytes.Count(text, []byte("\n")) != n {
		t.Errorf("%s: %d lines, %d different ones, expected %d", path, bytes.Count(text, []byte("\n")), len(lines), n)
	}
}
