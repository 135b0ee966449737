package gtsegs_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data/gtsegs"
	"github.com/robustvit/workbench/tests/hostile/matfile"
)

// FuzzSet: every picture has three values a pixel and a mask of its size.
func FuzzSet(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(fixtures, "*.mat"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, file := range matfile.Small() {
		f.Add(file.Content(f))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		_ = gtsegs.ReadAll(content, func(width, height, pixels, marks int) {
			if width < 1 || height < 1 || pixels != 3*width*height || marks != width*height {
				t.Fatalf("%d x %d with %d values and %d marks", width, height, pixels, marks)
			}
		})
	})
}
