// Package pictures holds the rows I of the catalogue: images, masks and data
// sets that are damaged, hostile or merely unusual, through the real command
// where a user would meet them there.
package pictures

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) {
	os.Exit(catalogue.Main(m, "I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 I12 I13 I14"))
}

// write writes a file below dir, with the folders that it needs.
func write(t testing.TB, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func contains(text, part string) bool { return strings.Contains(text, part) }

func splitLines(text string) []string { return strings.Split(text, "\n") }
