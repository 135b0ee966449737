package notebooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// shell is a line that GoNB hands to a shell, and what in Go starts one.
var shell = regexp.MustCompile(`(?m)^\s*!|^%%(bash|sh|script)|exec\.Command|syscall\.Exec|os\.StartProcess|"(ba|z|da)?sh"`)

// TestShellLines is H10: in the project's notebooks no name reaches a shell. The
// first cell is the same everywhere and has the one shell line; what it takes
// from outside, the paths of the project and of the notebook, stays one word.
func TestShellLines(t *testing.T) {
	for _, file := range all(t) {
		catalogue.Case(t, "H10", filepath.Base(file), func(t *testing.T) {
			seen := 0
			for i, c := range readNotebook(t, file).Cells {
				if c.Type != "code" {
					continue
				}
				text := c.text()
				if seen++; seen == 1 {
					if text != firstCell {
						t.Errorf("the first code cell is %q, want %q", text, firstCell)
					}
					continue
				}
				if found := shell.FindString(text); found != "" {
					t.Errorf("cell %d has %q: names of files could reach a shell", i+1, found)
				}
			}
		})
	}
	for _, name := range []string{"$(touch made)", "`touch made`", "x; touch made", `" && touch made; "`, "-rf", "a b"} {
		catalogue.Case(t, "H10", "a project called "+strings.NewReplacer("/", "", " ", "_").Replace(name), func(t *testing.T) {
			work := t.TempDir()
			root := filepath.Join(t.TempDir(), name)
			if err := os.MkdirAll(root, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			line, _, _ := strings.Cut(strings.TrimPrefix(firstCell, "!*"), "\n")
			cmd := exec.CommandContext(t.Context(), "bash", "-c", line)
			cmd.Dir, cmd.Env = work, append(os.Environ(), "ROBUSTVIT_ROOT="+root, "GOWORK=")
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, text)
			}
			if _, err := os.Stat(filepath.Join(work, "made")); err == nil {
				t.Error("a part of the name was run")
			}
		})
	}
}
