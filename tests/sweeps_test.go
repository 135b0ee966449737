package tests

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/janpfeifer/must"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/viz/report"
)

// smallSweep works on few images for few steps: it shows that every experiment
// runs, not what it finds.
func smallSweep(t *testing.T, dir string, steps *atomic.Int64) *experiment.Sweep {
	t.Helper()
	b, device, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	s := &experiment.Sweep{
		Dir: dir, Backend: b, Device: device, Cache: data.CacheSize(512 << 20), Parallel: 2, Commit: "0123456789ab",
		Setting: must.M1(experiment.Open(experiment.Options{Models: []string{"demo:vit"}, Data: "shapes", Preset: "auto", Draws: 2, PerSet: 20, Train: 600, PerClass: 1, Epochs: 1})),
		Step:    func(string, finetune.Event) { steps.Add(1) },
	}
	must.M(s.Open())
	t.Cleanup(func() { s.Close(); b.Finalize() })
	return s
}

// TestEveryExperiment runs each from nothing to its page, and again: then no
// step is trained and the published files are the same bytes.
func TestEveryExperiment(t *testing.T) {
	if testing.Short() {
		t.Skip("finetunes some two hundred models for a few steps each")
	}
	dir := t.TempDir()
	var steps atomic.Int64
	for _, round := range []string{"first", "second"} {
		before := steps.Load()
		s := smallSweep(t, filepath.Join(dir, "sweep"), &steps)
		for _, e := range experiment.All() {
			results, err := s.Run(context.Background(), e)
			if err != nil {
				t.Errorf("%s: %v", e.Name, err)
				continue
			}
			must.M(results.Publish(filepath.Join(dir, round)))
			checkResults(t, results)
			if _, err := report.Write(filepath.Join(dir, "sweep", e.Name)); err != nil {
				t.Errorf("%s: %v", e.Name, err)
			}
		}
		if round == "second" && steps.Load() != before {
			t.Errorf("the second round trained %d steps, expected none", steps.Load()-before)
		}
	}
	if steps.Load() == 0 {
		t.Error("nothing was trained")
	}
	sameFiles(t, filepath.Join(dir, "first"), filepath.Join(dir, "second"))
	if _, err := report.Write(filepath.Join(dir, "sweep")); err != nil {
		t.Errorf("index: %v", err)
	}
}

// checkResults holds what every experiment must tell.
func checkResults(t *testing.T, r *experiment.Results) {
	t.Helper()
	tables, plots := 0, 0
	for _, s := range r.Sections {
		tables, plots = tables+len(s.Tables), plots+len(s.Plots)+len(s.Galleries)
		for _, table := range s.Tables {
			for _, row := range table.Rows {
				if len(row.Cells) != len(table.Columns) {
					t.Errorf("%s: table %s, row %q has %d cells for %d columns", r.Name, table.Name, row.Name, len(row.Cells), len(table.Columns))
				}
			}
		}
	}
	if tables == 0 || plots == 0 {
		t.Errorf("%s: %d tables and %d plots or galleries, expected some of both", r.Name, tables, plots)
	}
	if len(r.Config) != 64 || len(r.Points) == 0 {
		t.Errorf("%s: config hash %q, %d points", r.Name, r.Config, len(r.Points))
	}
	for _, c := range r.Claims {
		switch c.Verdict {
		case experiment.Held, experiment.NotHeld, experiment.Partly, experiment.NotTested:
		default:
			t.Errorf("%s: claim %q has the verdict %q", r.Name, c.Claim, c.Verdict)
		}
		if c.Text == "" || strings.Contains(c.Text, "NaN") {
			t.Errorf("%s: claim %q says %q", r.Name, c.Claim, c.Text)
		}
	}
}

func sameFiles(t *testing.T, first, second string) {
	t.Helper()
	files := must.M1(filepath.Glob(filepath.Join(first, "*")))
	if len(files) < 2*len(experiment.All()) {
		t.Errorf("%d published files of %d experiments", len(files), len(experiment.All()))
	}
	for _, file := range files {
		a, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(second, filepath.Base(file)))
		if err != nil || string(a) != string(b) {
			t.Errorf("%s differs between two runs: %v", filepath.Base(file), err)
		}
	}
}
