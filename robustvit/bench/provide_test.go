package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// TestPhotos: files of a photograph's size and weight, the same each time.
func TestPhotos(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if err := writePhotos(dir, 2, 224); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join("class1", "photo001.jpg")
	a, errA := os.ReadFile(filepath.Join(first, name))
	b, errB := os.ReadFile(filepath.Join(second, name))
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("two photographs of one seed differ (%v, %v)", errA, errB)
	}
	if kib := len(a) >> 10; kib < 40 || kib > 160 {
		t.Errorf("a photograph has %d KiB, expected 40 to 160 as ImageNet's", kib)
	}
	photos, err := data.OpenFolder(first, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if sample, err := photos.Load(0); err != nil || sample.Image.Width != 500 || sample.Image.Height != 375 {
		t.Errorf("photograph 0: %v", err)
	}
}

func TestWeightsFile(t *testing.T) {
	v, err := lookupModel("demo")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "weights.safetensors")
	if err := writeWeights(path, v); err != nil {
		t.Fatal(err)
	}
	m, err := pretrained.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if m.Variant != v {
		t.Errorf("the file is of %+v, want %+v", m.Variant, v)
	}
}
