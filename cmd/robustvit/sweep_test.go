package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSweepFaults: a wrong name, set or folder says what there is.
func TestSweepFaults(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sweep")
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"experiment":  {[]string{"table1"}, []string{`"table1"`, "tables-1-2", "ablation", "all"}},
		"nothing":     {nil, []string{"no experiment named", "tables-1-2"}},
		"set":         {[]string{"ablation", "--sets", "imagenet-x"}, []string{"imagenet-x", "imagenet-a", "si-size"}},
		"mask folder": {[]string{"tables-1-2", "--mask-dir", "nowhere"}, []string{"nowhere", "robustvit masks"}},
		"model":       {[]string{"ablation", "--model", "demo:nobody"}, []string{"demo:nobody", "demo:vit"}},
		"data":        {[]string{"ablation", "--data", "nowhere"}, []string{"nowhere"}},
	} {
		o := command(t, append([]string{"sweep", "--dir", dir}, c.args...)...)
		if o.code != exitFault || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d, expected 1 and one line\n%s", name, o.code, o.stderr)
		}
		for _, word := range c.want {
			if !strings.Contains(o.stderr, word) {
				t.Errorf("%s: the error does not name %s: %s", name, word, o.stderr)
			}
		}
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%s: something was written", name)
		}
	}
}

// TestSweepList names every table and figure of the paper.
func TestSweepList(t *testing.T) {
	var listed struct {
		Experiments []struct {
			Name, Paper, Title, Question string
			Minutes                      float64
		}
	}
	if err := json.Unmarshal([]byte(command(t, "sweep", "--list", "--json").out), &listed); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, e := range listed.Experiments {
		if e.Name == "" || e.Title == "" || e.Question == "" || e.Paper == "" || !(e.Minutes > 0 && e.Minutes < 20) {
			t.Errorf("listed without a name, title, question, place in the paper or a cost below 20 minutes: %+v", e)
		}
		all += e.Paper + "\n"
	}
	for _, part := range []string{"Tables 1 and 2", "Table 3", "Tables 4 and 12", "6 and 7", "Tables 8 and 9", "Tables 10 and 11",
		"Figure 4", "Figure 5", "Figure 7a", "Figure 7b", "Figures 8 to 15", "Figures 1, 2, 3, 6"} {
		if !strings.Contains(all, part) {
			t.Errorf("no experiment is listed for %s:\n%s", part, all)
		}
	}
}

// sweepArgs is a sweep of a few models that take about a second each.
func sweepArgs(dir, publish string) []string {
	return []string{"sweep", "target-class", "--model", "demo:vit", "--per-set", "20", "--train", "400", "--per-class", "1", "--epochs", "1",
		"--sets", "val", "--sets", "imagenet-a", "--dir", dir, "--publish", publish}
}

// TestSweepKilled kills a sweep three times amid its models: the same command
// then ends with the results of a sweep that nobody stopped.
func TestSweepKilled(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	works(t, sweepArgs(at("whole"), at("whole-results"))...)
	for range 3 {
		before := recordFiles(t, at("killed"))
		cmd := exec.CommandContext(t.Context(), binary, sweepArgs(at("killed"), at("killed-results"))...)
		cmd.Env = append(os.Environ(), "GOMLX_BACKEND=go")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for recordFiles(t, at("killed")) == before { // until it has got a little further
			time.Sleep(20 * time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // its error is that it was killed
	}
	if _, err := os.Stat(at("killed-results")); err == nil {
		t.Fatal("the sweep ended before it was killed")
	}
	works(t, sweepArgs(at("killed"), at("killed-results"))...)
	compareFolders(t, at("whole-results"), at("killed-results"))
}

// recordFiles counts what a sweep has measured.
func recordFiles(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "points", "*", "records", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// compareFolders compares the files of two folders, byte by byte.
func compareFolders(t *testing.T, want, got string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(want, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files in %s, %v", len(files), want, err)
	}
	for _, file := range files {
		a, b := string(readAll(t, file)), string(readAll(t, filepath.Join(got, filepath.Base(file))))
		if a != b {
			t.Errorf("%s differs: %s", filepath.Base(file), cmp.Diff(a, b))
		}
	}
}
