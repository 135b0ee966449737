package tests

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/janpfeifer/must"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/viz/report"
	"github.com/robustvit/workbench/weights"
)

// openSweep is a sweep on the Go backend, which every machine has.
func openSweep(t *testing.T, dir string, o experiment.Options, steps *atomic.Int64) *experiment.Sweep {
	t.Helper()
	b, device, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	s := &experiment.Sweep{
		Dir: dir, Backend: b, Device: device, Cache: data.CacheSize(512 << 20), Parallel: 2, Commit: "0123456789ab",
		Setting: must.M1(experiment.Open(o)), Step: func(string, finetune.Event) { steps.Add(1) },
	}
	must.M(s.Open())
	t.Cleanup(func() { s.Close(); b.Finalize() })
	return s
}

// tinyModels writes random models of two blocks: they show that every
// experiment runs, not what it finds.
func tinyModels(t *testing.T, dir string) []string {
	t.Helper()
	v := robustvit.Variant{Name: "tiny", ImageSize: 64, Patch: 16, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1,
		Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5}}
	names := must.M1(json.Marshal(shapes.ClassNames()))
	var paths []string
	for seed, name := range []string{"first", "second"} {
		file := &weights.File{Metadata: map[string]string{weights.MetadataHeads: "3", weights.MetadataClassNames: string(names)}}
		values := finetune.Initialise(v, uint64(seed))
		for _, spec := range v.WeightSpecs() {
			file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
		}
		paths = append(paths, filepath.Join(dir, name+".safetensors"))
		must.M(weights.Write(paths[seed], file))
	}
	return paths
}

// few are few images and one epoch.
func few(models []string, data string) experiment.Options {
	return experiment.Options{Models: models, Data: data, Preset: "paper", Protocol: "native", Draws: 2, PerSet: 20, Train: 300, PerClass: 1, Epochs: 1}
}

// TestEveryExperiment runs each from nothing to its page, and again: then no
// step is trained and the published files are the same bytes.
func TestEveryExperiment(t *testing.T) {
	if testing.Short() {
		t.Skip("finetunes some hundred models for a few steps each")
	}
	dir := t.TempDir()
	models := tinyModels(t, dir)
	var steps atomic.Int64
	for _, round := range []string{"first", "second"} {
		before := steps.Load()
		s := openSweep(t, filepath.Join(dir, "sweep"), few(models, "shapes"), &steps)
		for _, e := range experiment.All() {
			results, err := s.Run(context.Background(), e)
			if err != nil {
				t.Errorf("%s: %v", e.Name, err)
				continue
			}
			must.M(results.Publish(filepath.Join(dir, round)))
			checkResults(t, results)
			checkClaims(t, results)
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

// TestEveryExperimentOnFolders runs them on a user's own folders with two sets,
// without masks to test maps against, under the paper's preset: what cannot be
// told there is said, nothing fails.
func TestEveryExperimentOnFolders(t *testing.T) {
	if testing.Short() {
		t.Skip("finetunes some hundred models for a few steps each")
	}
	dir := t.TempDir()
	root := filepath.Join(dir, "own")
	must.M(shapes.Write(context.Background(), root, shapes.NewCollection(shapes.Options{TrainImages: 400, EvalImages: 20}), nil))
	for _, entry := range must.M1(os.ReadDir(root)) {
		switch name := entry.Name(); name {
		case "train", "train_masks", "val", "imagenet-a":
		default:
			if !entry.IsDir() { // the list of the classes
				continue
			}
			must.M(os.RemoveAll(filepath.Join(root, name)))
		}
	}
	var steps atomic.Int64
	s := openSweep(t, filepath.Join(dir, "sweep"), few(tinyModels(t, dir)[:1], root), &steps)
	for _, e := range experiment.All() {
		results, err := s.Run(context.Background(), e)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		checkClaims(t, results)
		if _, err := report.Write(filepath.Join(dir, "sweep", e.Name)); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
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
	if untested(r) {
		return
	}
	if tables == 0 || plots == 0 {
		t.Errorf("%s: %d tables and %d plots or galleries, expected some of both", r.Name, tables, plots)
	}
	if len(r.Config) != 64 || len(r.Points) == 0 {
		t.Errorf("%s: config hash %q, %d points", r.Name, r.Config, len(r.Points))
	}
}

// untested says that these models cannot answer the question, and that the page says so.
func untested(r *experiment.Results) bool {
	for _, c := range r.Claims {
		if c.Verdict != experiment.NotTested {
			return false
		}
	}
	return len(r.Claims) > 0
}

// checkClaims holds every claim to a verdict with its evidence.
func checkClaims(t *testing.T, r *experiment.Results) {
	t.Helper()
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
