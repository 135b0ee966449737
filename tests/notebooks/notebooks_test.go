// Package notebooks runs the project's notebooks, and notebooks that go wrong,
// in the real GoNB kernel, and starts the real JupyterLab server. Without the
// environment that `robustvit lab --setup` makes these tests are skipped, with
// ROBUSTVIT_REQUIRE=1 they fail.
package notebooks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/internal/setup"
)

// projectRoot is the checkout that holds these tests.
func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := setup.ProjectRoot(".")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// labRoot is the project folder with a complete .venv, or skips.
func labRoot(t *testing.T) string {
	t.Helper()
	root := projectRoot(t)
	switch {
	case lab.Ready(root):
		if testing.Short() {
			t.Skip("starts kernels: some seconds each")
		}
		return root
	case os.Getenv("ROBUSTVIT_REQUIRE") == "1":
		t.Fatal("JupyterLab with the GoNB kernel is not set up, and ROBUSTVIT_REQUIRE=1; next: go run ./cmd/robustvit lab --setup")
	}
	t.Skip("JupyterLab with the GoNB kernel is not set up; next: go run ./cmd/robustvit lab --setup")
	return ""
}

// notebook is the part of a notebook file that the tests look at.
type notebook struct {
	Cells    []cell         `json:"cells"`
	Metadata map[string]any `json:"metadata"`
}

type cell struct {
	Type           string          `json:"cell_type"`
	Source         []string        `json:"source"`
	Metadata       map[string]any  `json:"metadata"`
	ExecutionCount json.RawMessage `json:"execution_count"`
	Outputs        []output        `json:"outputs"`
}

type output struct {
	Type string         `json:"output_type"`
	Name string         `json:"name"`
	Text any            `json:"text"`
	Data map[string]any `json:"data"`
}

func (c cell) text() string { return strings.Join(c.Source, "") }

func readNotebook(t *testing.T, file string) notebook {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nb notebook
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return nb
}

// all lists the project's notebooks.
func all(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(projectRoot(t), "notebooks", "*.ipynb"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no notebooks found: %v", err)
	}
	return found
}
