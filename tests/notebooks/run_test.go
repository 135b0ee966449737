package notebooks

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/internal/lab"
)

// expectation is what a notebook must leave behind when it ran, below the
// project folder's stand-in, and the edits that make it small.
type expectation struct {
	smaller [][2]string
	files   []string
}

var expectations = map[string]expectation{
	"00_start.ipynb": {
		smaller: [][2]string{{`"train", 2000`, `"train", 600`}, {`"per_set", 500`, `"per_set", 20`}},
		files: []string{"runs/demo/results.json", "runs/demo/report.html", "runs/demo/after/weights.safetensors",
			"runs/demo/gallery.json", "runs/demo/timm/model.safetensors", "runs/demo/timm/config.json"},
	},
	"01_relevance.ipynb": {
		files: []string{"runs/relevance/anatomy.json", "runs/relevance/explain/gae-0.png", "runs/relevance/explain/input-gradient-1.png"},
	},
	"02_finetune.ipynb": {
		smaller: [][2]string{{`"epochs", 10`, `"epochs", 2`}, {`"per_set", 300`, `"per_set", 40`}},
		files: []string{"runs/finetune/weights.safetensors", "runs/finetune/watch/step-00000000/index.json", "runs/finetune-detached/done.json",
			"runs/finetune-detached/watch/index.json", "runs/finetune-measured/results.json"},
	},
	"10_your_data.ipynb": {
		smaller: [][2]string{{`"epochs", 10`, `"epochs", 2`}, {`TrainImages: 600, EvalImages: 100`, `TrainImages: 300, EvalImages: 20`}},
		files: []string{"runs/your_data/images/classes.txt", "runs/your_data/masks/masks.jsonl", "runs/your_data/run/weights.safetensors",
			"runs/your_data/run-measured/results.json", "runs/your_data/run-timm/parity.safetensors"},
	},
}

// TestRun executes every notebook from top to bottom in the real kernel, twice:
// the second run finds everything done and shows the same.
func TestRun(t *testing.T) {
	root := labRoot(t)
	for _, file := range all(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			want := expectations[name]
			folder := t.TempDir() // notebooks write to ../runs
			small := copySmaller(t, file, filepath.Join(folder, "notebooks", name), want.smaller)
			before, err := os.ReadFile(small)
			if err != nil {
				t.Fatal(err)
			}
			var seconds [2]float64
			for round := range 2 {
				out := filepath.Join(folder, fmt.Sprintf("out%d", round))
				executed, err := lab.RunNotebook(t.Context(), root, small, lab.RunOptions{Out: out, CellTimeout: 9 * time.Minute, Quiet: true})
				if err != nil {
					t.Fatal(err)
				}
				checkOutputs(t, executed.Notebook)
				checkPage(t, executed.HTML)
				seconds[round] = executed.Seconds
				for _, c := range executed.Cells {
					t.Logf("round %d, cell %2d, %6.1f s: %s", round+1, c.Cell, c.Seconds, c.Source)
				}
			}
			t.Logf("%.0f s, again %.0f s", seconds[0], seconds[1])
			for _, f := range want.files {
				if info, err := os.Stat(filepath.Join(folder, f)); err != nil || info.Size() == 0 {
					t.Errorf("%s was not written", f)
				}
			}
			if after, err := os.ReadFile(small); err != nil || !bytes.Equal(before, after) {
				t.Error("the notebook itself was changed")
			}
		})
	}
}

// copySmaller copies the notebook with edits, each of which must apply.
func copySmaller(t *testing.T, from, to string, edits [][2]string) string {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, edit := range edits {
		quoted := func(s string) string { return strings.ReplaceAll(s, `"`, `\"`) }
		if !strings.Contains(text, quoted(edit[0])) {
			t.Fatalf("%s does not hold %s: adapt the test to the notebook", from, edit[0])
		}
		text = strings.ReplaceAll(text, quoted(edit[0]), quoted(edit[1]))
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return to
}

// checkOutputs holds every cell to what it promises: a cell that shows has
// HTML, inert and of bounded size; no cell writes to stderr.
func checkOutputs(t *testing.T, executed string) {
	t.Helper()
	const maxBytes = 5 << 20
	for i, c := range readNotebook(t, executed).Cells {
		shown, size := 0, 0
		for _, o := range c.Outputs {
			if o.Type == "error" || o.Name == "stderr" {
				t.Errorf("cell %d: %s %s", i+1, o.Type, o.Name)
			}
			html, _ := o.Data["text/html"].(string)
			if lines, ok := o.Data["text/html"].([]any); ok {
				html = fmt.Sprint(lines...)
			}
			if html == "" {
				continue
			}
			shown++
			size += len(html)
			for _, banned := range []string{"<script", "<iframe", "<button", "javascript:", "http://", "https://", " onload=", " onerror="} {
				if strings.Contains(strings.ToLower(html), banned) {
					t.Errorf("cell %d shows %q", i+1, banned)
				}
			}
		}
		if size > maxBytes {
			t.Errorf("cell %d shows %d bytes, at most %d", i+1, size, maxBytes)
		}
		if c.Type == "code" && strings.Contains(c.text(), "notebook.Show(") && shown == 0 {
			t.Errorf("cell %d shows nothing", i+1)
		}
	}
}

// checkPage holds the exported page to be static and self-contained.
func checkPage(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, banned := range []string{"<script", "<iframe", `src="http`, `href="http`, "url(http", "<!--BODY-->", "/*HIGHLIGHT*/"} {
		if strings.Contains(page, banned) {
			t.Errorf("%s holds %q", filepath.Base(file), banned)
		}
	}
	for _, wanted := range []string{"Content-Security-Policy", "default-src 'none'", "data:image/"} {
		if !strings.Contains(page, wanted) {
			t.Errorf("%s lacks %q", filepath.Base(file), wanted)
		}
	}
}
