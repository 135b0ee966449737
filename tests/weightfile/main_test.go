// Package weightfile holds the cases of the catalogue about weights that come
// in and go out.
package weightfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) { os.Exit(catalogue.Main(m, "W1 W2 W3 W4 W5 W6 W7 W8")) }

// put writes a file of the case's own folder and returns its path.
func put(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
