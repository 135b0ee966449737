package notebooks

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// firstCell is the same in every notebook: cells use the checkout and its go.sum.
const firstCell = "!*test -f go.work || go work init . \"${ROBUSTVIT_ROOT:-$GONB_DIR/..}\"\n%noautoget"

// Limits of a notebook that is read, in lines of code.
const (
	maxCells   = 12
	maxMedian  = 5
	maxCell    = 15
	maxLines   = 80
	maxFuncLen = 10
)

// mustNot is what a committed notebook must not hold.
var mustNot = map[string]*regexp.Regexp{
	"an absolute path":      regexp.MustCompile(`(?m)(^|["'\s(=])/(home|root|tmp|usr|work|Users|mnt|opt|var)/`),
	"a token":               regexp.MustCompile(`token=[0-9a-f]{8,}|hf_[A-Za-z0-9]{10,}`),
	"script or style":       regexp.MustCompile(`(?i)<(script|style|iframe|form|button)\b|javascript:|\son\w+=`),
	"an address":            regexp.MustCompile(`https?://`),
	"a package-level loop":  regexp.MustCompile(`(?m)^for .*range (images|samples|set|dataset)`),
	"a type of its own":     regexp.MustCompile(`(?m)^type `),
	"the old way to fail":   regexp.MustCompile(`log\.Fatal|panic\(`),
	"a merge conflict mark": regexp.MustCompile(`(?m)^<<<<<<<|^>>>>>>>`),
}

// TestForm holds committed notebooks to their form: stripped, short, and the
// same on every machine.
func TestForm(t *testing.T) {
	for _, file := range all(t) {
		name := filepath.Base(file)
		catalogue.Case(t, "H6", name+" holds nothing of anybody", func(t *testing.T) {
			for _, c := range readNotebook(t, file).Cells {
				for what, pattern := range mustNot {
					if found := pattern.FindString(c.text()); found != "" {
						t.Errorf("holds %s: %q", what, found)
					}
				}
			}
		})
		catalogue.Case(t, "H6", name+" is stripped", func(t *testing.T) {
			checkMetadata(t, readNotebook(t, file))
			if text, err := os.ReadFile(file); err != nil || !strings.HasSuffix(string(text), "}\n") {
				t.Errorf("does not end with one newline, as Jupyter writes it (%v)", err)
			}
		})
		catalogue.Case(t, "H6", name+" is short", func(t *testing.T) { checkCode(t, readNotebook(t, file)) })
	}
}

func checkMetadata(t *testing.T, nb notebook) {
	t.Helper()
	spec, _ := nb.Metadata["kernelspec"].(map[string]any)
	if spec["name"] != "gonb" {
		t.Errorf("kernel %v, want gonb", spec["name"])
	}
	for key := range nb.Metadata {
		if !slices.Contains([]string{"kernelspec", "language_info", "robustvit"}, key) {
			t.Errorf("metadata %q belongs to somebody's session", key)
		}
	}
	for i, c := range nb.Cells {
		if len(c.Outputs) > 0 || (len(c.ExecutionCount) > 0 && string(c.ExecutionCount) != "null") {
			t.Errorf("cell %d holds outputs or a count: strip the notebook before committing", i+1)
		}
		if len(c.Metadata) > 0 {
			t.Errorf("cell %d has metadata %v", i+1, c.Metadata)
		}
	}
	if first := nb.Cells[0]; first.Type != "markdown" || !strings.HasPrefix(first.text(), "# ") || !strings.Contains(first.text(), "variables do not survive") {
		t.Error("does not open with its question and the sentence on values")
	}
}

func checkCode(t *testing.T, nb notebook) {
	t.Helper()
	var lengths []int
	total := 0
	for i, c := range nb.Cells {
		if c.Type != "code" {
			continue
		}
		text := c.text()
		if len(lengths) == 0 && text != firstCell {
			t.Errorf("the first code cell is %q, want %q", text, firstCell)
		}
		n := len(strings.Split(text, "\n"))
		if n > maxCell {
			t.Errorf("cell %d has %d lines, at most %d", i+1, n, maxCell)
		}
		if strings.Contains(text, "\nfunc ") && n > maxFuncLen {
			t.Errorf("cell %d defines a long function: it belongs into a package", i+1)
		}
		lengths = append(lengths, n)
		total += n
	}
	slices.Sort(lengths)
	if len(lengths) > maxCells || total > maxLines || lengths[len(lengths)/2] > maxMedian {
		t.Errorf("%d code cells, median %d, %d lines; at most %d, %d, %d",
			len(lengths), lengths[len(lengths)/2], total, maxCells, maxMedian, maxLines)
	}
}
