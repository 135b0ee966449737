package gtsegs_test

import (
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data/gtsegs"
	"github.com/robustvit/workbench/tests/hostile/matfile"
	"github.com/robustvit/workbench/tests/hostile/seeds"
)

// FuzzSet: every picture has three values a pixel and a mask of its size.
func FuzzSet(f *testing.F) {
	seeds.Files(f, filepath.Join(fixtures, "*.mat"))
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
