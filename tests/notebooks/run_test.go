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
	"github.com/robustvit/workbench/tests/browser"
)

// expectation is what a notebook must leave behind when it ran, below the
// project folder's stand-in, and the edits that make it small.
type expectation struct {
	smaller [][2]string
	files   []string
	again   bool // a second run must find everything done
}

var expectations = map[string]expectation{
	"00_start.ipynb": {
		smaller: [][2]string{{`"train", 2000`, `"train", 600`}, {`"per_set", 500`, `"per_set", 20`}},
		files: []string{"runs/demo/results.json", "runs/demo/report.html", "runs/demo/after/weights.safetensors",
			"runs/demo/gallery.json", "runs/demo/timm/model.safetensors", "runs/demo/timm/config.json"},
		again: true,
	},
	"03_robustness.ipynb":   small("tables-1-2", "tables-8-9", "figures", "significance", "calibration"),
	"04_segmentation.ipynb": small("table-3", "explanations"),
	"05_classes.ipynb":      small("tables-10-11", "per-class").spare("confidence-term", "tables-10-11").spare("Finetuned", "Gains"),
	"06_ablation.ipynb":     small("ablation", "controls"),
	"07_baselines.ipynb":    small("baselines").twice(),
	"08_sensitivity.ipynb": small("samples", "learning-rate", "gradient-order", "mask-rule", "target-class", "interpolation").
		spare("class-count", "samples").spare("lambdas", "mask-rule").spare("temperature", "mask-rule").spare("start-layer", "target-class"),
	"09_sis.ipynb": small("sis"),
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

// small is a notebook on experiments in its small form.
func small(experiments ...string) expectation {
	e := expectation{smaller: [][2]string{{`"small", false`, `"small", true`}}}
	for _, name := range experiments {
		e.files = append(e.files, "runs/small/"+name+"/results.json", "runs/small/"+name+"/report.html")
	}
	return e
}

// spare has another word's study in the place of one whose cells are like it, to
// save minutes: package experiment's tests run every study.
func (e expectation) spare(word, other string) expectation {
	e.smaller = append(e.smaller, [2]string{`"` + word + `"`, `"` + other + `"`})
	return e
}

func (e expectation) twice() expectation {
	e.again = true
	return e
}

// TestRun executes every notebook from top to bottom in the real kernel, some
// twice: the second run finds everything done and shows the same. They share
// the folder that they write to, as a user's do, and with it the models. Every
// page is opened in a browser.
func TestRun(t *testing.T) {
	root := labRoot(t)
	folder := t.TempDir() // notebooks write to ../runs
	for _, file := range all(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) { runOne(t, root, folder, file) })
		if page := filepath.Join(folder, "out0", strings.TrimSuffix(name, ".ipynb")+".html"); there(page) {
			t.Run(name+" in a browser", func(t *testing.T) { lookAtPage(t, browser.Open(t), page) })
		}
	}
}

func there(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > 0
}

// runOne executes a notebook's small form in folder/notebooks.
func runOne(t *testing.T, root, folder, file string) {
	name := filepath.Base(file)
	want, known := expectations[name]
	if !known {
		t.Fatalf("nothing is expected of %s: say in expectations what it writes and how it gets small", name)
	}
	copied := copySmaller(t, file, filepath.Join(folder, "notebooks", name), want.smaller)
	before, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	rounds := 1
	if want.again {
		rounds = 2
	}
	for round := range rounds {
		out := filepath.Join(folder, fmt.Sprintf("out%d", round))
		executed, err := lab.RunNotebook(t.Context(), root, copied, lab.RunOptions{Out: out, CellTimeout: 9 * time.Minute, Quiet: true})
		if err != nil {
			t.Fatal(err)
		}
		checkOutputs(t, executed.Notebook)
		checkPage(t, executed.HTML)
		for _, c := range executed.Cells {
			t.Logf("round %d, cell %2d, %6.1f s: %s", round+1, c.Cell, c.Seconds, c.Source)
		}
		t.Logf("round %d: %.0f s", round+1, executed.Seconds)
	}
	for _, f := range want.files {
		if !there(filepath.Join(folder, f)) {
			t.Errorf("%s was not written", f)
		}
	}
	if after, err := os.ReadFile(copied); err != nil || !bytes.Equal(before, after) {
		t.Error("the notebook itself was changed")
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
			if strings.Contains(html, "has no section") {
				t.Errorf("cell %d names a section that is not there: %s", i+1, html)
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
		if c.Type == "code" && strings.Contains(c.text(), "notebook.Show") && shown == 0 {
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
