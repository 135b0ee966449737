package viz_test

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"testing"

	"github.com/robustvit/workbench/viz"
)

func TestWithColorBar(t *testing.T) {
	p, mask := scene(1, 64)
	heatmap, err := viz.Heatmap(p, mask, viz.HeatmapOptions{Side: 128})
	if err != nil {
		t.Fatal(err)
	}
	img := viz.WithColorBar(heatmap, viz.Inferno, -0.25, 1.5e-7)
	if got, want := img.Bounds(), image.Rect(0, 0, 128, 148); got != want {
		t.Fatalf("size %v, expected %v", got, want)
	}
	if img.RGBAAt(64, 64) != heatmap.RGBAAt(64, 64) {
		t.Error("the heatmap changed")
	}
	colors, ink := map[any]bool{}, 0
	for x := range 128 {
		colors[img.RGBAAt(x, 138)] = true
		for y := 130; y < 146; y++ {
			if img.RGBAAt(x, y).R == 228 {
				ink++
			}
		}
	}
	if len(colors) < 15 || ink < 60 {
		t.Errorf("%d colours and %d pixels of text in the band: the scale or its numbers are missing", len(colors), ink)
	}
	var b bytes.Buffer
	if err := viz.WritePNG(&b, viz.WithColorBar(image.NewRGBA(image.Rect(0, 0, 8, 8)), viz.Jet, math.NaN(), math.Inf(1))); err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(&b); err != nil || img.Bounds().Dy() != 28 {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
	if err := viz.WritePNG(fullDisk{}, img); err == nil {
		t.Error("a full disk gave no error")
	}
}
