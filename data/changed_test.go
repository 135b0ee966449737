package data_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

// A file that goes or grows between listing and reading is an error that names it.
func TestFilesThatChangeAfterListing(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"gone.png", "grown.png", "kept.png"} {
		write(t, filepath.Join(dir, "a", name), grayPNG(t, 4, 4, 7))
	}
	d, err := data.OpenFolder(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "a", "gone.png")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a", "grown.png"), grayPNG(t, 40, 40, 7, 8, 200))
	for i, want := range []string{"there is no such file", "it changed after it was listed: found ", ""} {
		_, err := d.Load(i)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), d.(data.Filer).File(i))) {
			t.Errorf("%s: %v, expected %q", d.(data.Filer).File(i), err, want)
		}
	}
}
