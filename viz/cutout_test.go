package viz_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
)

func TestCutout(t *testing.T) {
	red := viz.Picture{Width: 64, Height: 64, Pix: make([]uint8, 3*64*64)}
	for i := range 64 * 64 {
		red.Pix[3*i] = 200
	}
	cells := viz.Map{Width: 2, Height: 2, Pix: []float32{1, 0, 0, 0}} // larger cells than pixels
	img, err := viz.Cutout(red, cells, 64)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.RGBAAt(10, 10); got != (color.RGBA{200, 0, 0, 255}) {
		t.Errorf("inside: %v, want the picture", got)
	}
	if got := img.RGBAAt(50, 50); got.R != got.G || got.G != got.B || got.R < 180 {
		t.Errorf("outside: %v, want a light grey", got)
	}
	for name, c := range map[string]struct {
		picture viz.Picture
		mask    viz.Map
	}{"picture": {viz.Picture{Width: 3}, cells}, "mask": {red, viz.Map{Width: 9, Height: 9}}} {
		if _, err := viz.Cutout(c.picture, c.mask, 0); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a broken %s: %v", name, err)
		}
	}
}

func TestGalleryShowsMasks(t *testing.T) {
	red := viz.Picture{Width: 4, Height: 4, Pix: make([]uint8, 48)}
	m := viz.Map{Width: 2, Height: 2, Pix: []float32{0, 1, 0, 1}}
	page, err := viz.HTML(viz.Gallery{Maps: "eigenvector", Items: []viz.GalleryItem{{ID: "one", Picture: red, Views: []viz.View{
		{Name: "map", Relevance: &m}, {Name: "cut <out>", Mask: &m, Note: "area 0.5"},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"eigenvector, each map on its own scale", "eigenvector map", "cut &lt;out&gt;", "area 0.5"} {
		if !strings.Contains(page, want) {
			t.Errorf("the gallery does not say %q", want)
		}
	}
	if strings.Count(page, "<img") != 4 { // legend, picture, map, cutout
		t.Errorf("%d pictures, want 4", strings.Count(page, "<img"))
	}
}
