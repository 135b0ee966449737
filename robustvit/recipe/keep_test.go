package recipe_test

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// TestMaskedTraining: of four images in two classes one has a mask.
func TestMaskedTraining(t *testing.T) {
	dir := t.TempDir()
	img, mask, _, _ := shapes.Generate(shapes.DefaultConfig(), 1, 0)
	for _, name := range []string{"train/a/1", "train/a/2", "train/b/1", "train/b/2", "val/a/3", "val/b/3"} {
		write(t, filepath.Join(dir, name+".png"), img.Picture())
	}
	open := func(masks string) data.Collection {
		t.Helper()
		c, err := recipe.OpenData(dir, recipe.DataOptions{Plain: true, Masks: masks})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if _, err := recipe.MaskedTraining(open("")); err == nil || !strings.Contains(err.Error(), "robustvit masks") {
		t.Errorf("without masks: %v", err)
	}
	write(t, filepath.Join(dir, "masks", "b", "2.png"), mask.Picture())
	masked, err := recipe.MaskedTraining(open(filepath.Join(dir, "masks")))
	if err != nil {
		t.Fatal(err)
	}
	if masked.Len() != 1 || !strings.HasSuffix(masked.Entry(0).ID, "b/2") || masked.Entry(0).Class != 1 {
		t.Errorf("%d images, first %+v; want b/2 alone", masked.Len(), masked.Entry(0))
	}
}

func write(t *testing.T, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := data.WritePNG(path, img); err != nil {
		t.Fatal(err)
	}
}
