// Package seeds gives fuzz targets the files of a folder to begin with.
package seeds

import (
	"os"
	"path/filepath"
	"testing"
)

// Files adds every file that fits the pattern; there must be one.
func Files(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(pattern)
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
}
