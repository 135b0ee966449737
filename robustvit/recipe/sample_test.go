package recipe_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

func TestOpenSample(t *testing.T) {
	m, err := pretrained.Open("demo:vit")
	if err != nil {
		t.Fatal(err)
	}
	sample, err := recipe.OpenSample("shapes:val/12", m)
	if err != nil {
		t.Fatal(err)
	}
	if sample.Mask == nil || sample.Class < 0 || !strings.HasPrefix(sample.ID, "val/") {
		t.Errorf("got %+v, want an image of the validation set with class and mask", sample.Entry)
	}
	file := filepath.Join(t.TempDir(), "photo.png")
	if err := data.WritePNG(file, sample.Image.Picture()); err != nil {
		t.Fatal(err)
	}
	photo, err := recipe.OpenSample(file, m)
	if err != nil {
		t.Fatal(err)
	}
	if photo.Class != data.NoClass || photo.Mask != nil || photo.Image.SHA256() != sample.Image.SHA256() {
		t.Errorf("got %+v, want the same pixels without class and mask", photo.Entry)
	}
	for source, want := range map[string]string{
		"shapes:val": "shapes:SET/NUMBER", "shapes:none/1": "none", "shapes:val/9999": "9999", "none.jpg": "none.jpg",
	} {
		if _, err := recipe.OpenSample(source, m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", source, err, want)
		}
	}
}
