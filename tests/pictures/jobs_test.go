package pictures

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// micro is a model of seven classes and 32 pixels that computes in
// milliseconds.
func micro() string {
	return filepath.Join(catalogue.Root(), "tests", "golden", "micro", "vit.safetensors")
}

// imageSet writes train and val with masks: two classes of three images each.
func imageSet(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, set := range []string{"train", "val"} {
		for c, class := range []string{"cat", "dog"} {
			for i := range 3 {
				name := fmt.Sprintf("%s/%d.png", class, i)
				write(t, dir, set+"/"+name, gray(t, 16, 16, uint8(40*i+3), uint8(90*c+10), 200))
				write(t, dir, set+"_masks/"+name, gray(t, 16, 16, 0, 255))
			}
		}
	}
	return dir
}

// lines are those of a file.
func lines(t *testing.T, path string) []string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, line := range splitLines(string(content)) {
		if line != "" {
			all = append(all, line)
		}
	}
	return all
}
