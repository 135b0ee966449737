package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// savedRun makes a run with checkpoints 2 and 3 and returns its folder.
func savedRun(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	r := opened(t, calm(), dir)
	steps(t, r, 1, 3)
	r.Close()
	return dir
}

// damage is one edit of a file's bytes that must not go unnoticed.
type damage struct {
	name string
	data []byte
}

func damages(data []byte) []damage {
	all := []damage{{"emptied", nil}, {"longer", append(bytes.Clone(data), 0)}, {"doubled", append(bytes.Clone(data), data...)}}
	for i := range 20 {
		cut := i * len(data) / 20
		if i == 19 {
			cut = len(data) - 1
		}
		all = append(all, damage{fmt.Sprintf("cut to %d", cut), data[:cut]})
	}
	for i := range 40 {
		bit := i * (8*len(data) - 1) / 39
		flipped := bytes.Clone(data)
		flipped[bit/8] ^= 1 << (bit % 8)
		all = append(all, damage{fmt.Sprintf("bit %d flipped", bit), flipped})
	}
	for i := range 10 {
		zeroed := bytes.Clone(data)
		from := i * len(data) / 10
		clear(zeroed[from:min(from+64, len(data))])
		all = append(all, damage{fmt.Sprintf("zeroed at %d", from), zeroed})
	}
	return all
}

// Whatever happens to the newest checkpoint, the one before is used and one
// warning names both.
func TestDamagedCheckpointFallsBack(t *testing.T) {
	dir := savedRun(t)
	for _, name := range []string{stateFile, manifestFile} {
		path := checkpoint(dir, 3, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range damages(data) {
			if bytes.Equal(d.data, data) || name == manifestFile && sameJSON(data, d.data) {
				continue // that byte is white space, or was zero already
			}
			catalogue.Case(t, "S5", name+" "+d.name, func(t *testing.T) {
				write(t, path, d.data)
				wantFallback(t, dir)
			})
		}
		write(t, path, data)
	}
	checkFolder(t, dir, 3, true, 3)
}

// sameJSON: the checksum of a manifest does not cover its layout, nor the case
// of the names around it.
func sameJSON(a, b []byte) bool {
	var x, y struct {
		Checkpoint json.RawMessage
		SHA256     string
	}
	var p, q bytes.Buffer
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && x.SHA256 == y.SHA256 &&
		json.Compact(&p, x.Checkpoint) == nil && json.Compact(&q, y.Checkpoint) == nil && p.String() == q.String()
}

func wantFallback(t *testing.T, dir string) {
	t.Helper()
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, at, warnings, err := r.Latest()
	if err != nil || at.Step != 2 || len(warnings) != 1 ||
		!strings.Contains(warnings[0], stepName(3)) || !strings.Contains(warnings[0], stepName(2)) {
		t.Errorf("step %d, warnings %q, error %v", at.Step, warnings, err)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, data)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A checkpoint put together from others, or without its parts, is as bad.
func TestMixedUpCheckpointFallsBack(t *testing.T) {
	for _, c := range []struct {
		name string
		mix  func(t *testing.T, dir string)
	}{
		{"state of another step", func(t *testing.T, dir string) {
			copyFile(t, checkpoint(dir, 2, stateFile), checkpoint(dir, 3, stateFile))
		}},
		{"manifest of another step", func(t *testing.T, dir string) {
			copyFile(t, checkpoint(dir, 2, manifestFile), checkpoint(dir, 3, manifestFile))
		}},
		{"both of another step", func(t *testing.T, dir string) {
			copyFile(t, checkpoint(dir, 2, stateFile), checkpoint(dir, 3, stateFile))
			copyFile(t, checkpoint(dir, 2, manifestFile), checkpoint(dir, 3, manifestFile))
		}},
		{"no manifest", func(t *testing.T, dir string) { must(t, os.Remove(checkpoint(dir, 3, manifestFile))) }},
		{"no state", func(t *testing.T, dir string) { must(t, os.Remove(checkpoint(dir, 3, stateFile))) }},
		{"an empty folder", func(t *testing.T, dir string) {
			must(t, os.RemoveAll(checkpoint(dir, 3, "")))
			must(t, os.Mkdir(checkpoint(dir, 3, ""), 0o755))
		}},
		{"a file", func(t *testing.T, dir string) {
			must(t, os.RemoveAll(checkpoint(dir, 3, "")))
			write(t, checkpoint(dir, 3, ""), []byte("x"))
		}},
		{"a folder as state", func(t *testing.T, dir string) {
			must(t, os.Remove(checkpoint(dir, 3, stateFile)))
			must(t, os.Mkdir(checkpoint(dir, 3, stateFile), 0o755))
		}},
	} {
		catalogue.Case(t, "S5", c.name, func(t *testing.T) {
			dir := savedRun(t)
			c.mix(t, dir)
			wantFallback(t, dir)
		})
	}
}

func TestCheckpointOfAnotherConfig(t *testing.T) {
	catalogue.Case(t, "S5", "of another config", func(t *testing.T) {
		dir, other := savedRun(t), t.TempDir()
		c := toySettings()
		c.Rate *= 2
		r, err := run.Create(other, c, "epochs")
		must(t, err)
		_, _, _, err = r.Resume()
		must(t, err)
		steps(t, r, 4, 4)
		r.Close()
		must(t, os.Rename(checkpoint(other, 4, ""), checkpoint(dir, 4, "")))
		r, err = run.Create(dir, toySettings(), "epochs")
		must(t, err)
		defer r.Close()
		if _, at, warnings, err := r.Resume(); err != nil || at.Step != 3 || len(warnings) != 1 || !strings.Contains(warnings[0], "another config") {
			t.Errorf("resumed at %d, warnings %q, %v", at.Step, warnings, err)
		}
	})
}

// Resume sets the damaged one aside and the run saves that step again; the
// finished folder differs from an unbroken one only in what was kept aside.
func TestResumeSetsDamagedAside(t *testing.T) {
	catalogue.Case(t, "S5", "set aside by a resume", func(t *testing.T) {
		c := toyRun{steps: 3, every: 1, size: 32}
		want := c.unbroken(t)
		dir := t.TempDir()
		must(t, c.trainIn(calm(), dir))
		must(t, os.Remove(filepath.Join(dir, run.DoneFile)))
		must(t, os.Truncate(checkpoint(dir, 3, stateFile), 50))
		must(t, c.trainIn(calm(), dir))
		aside := filepath.Join(dir, "checkpoints", ".bad-"+stepName(3))
		if st, err := os.Stat(filepath.Join(aside, stateFile)); err != nil || st.Size() != 50 {
			t.Errorf("the damaged checkpoint was not kept: %v", err)
		}
		must(t, os.RemoveAll(aside))
		sameTree(t, want, dir)
	})
}

// A lost log is said, not fatal: the weights do not depend on it.
func TestLostLog(t *testing.T) {
	catalogue.Case(t, "S5", "the log was cut", func(t *testing.T) {
		dir := savedRun(t)
		must(t, os.Truncate(filepath.Join(dir, run.LogFile), 5))
		r, err := run.Create(dir, toySettings(), "epochs")
		must(t, err)
		defer r.Close()
		_, at, warnings, err := r.Resume()
		if err != nil || at.Step != 3 || len(warnings) != 1 || !strings.Contains(warnings[0], run.LogFile) {
			t.Errorf("step %d, warnings %q, %v", at.Step, warnings, err)
		}
		steps(t, r, 4, 4)
		if got, err := run.ReadLines[entry](r, run.LogFile); err != nil || len(got) != 1 {
			t.Errorf("log %v, %v", got, err)
		}
	})
}
