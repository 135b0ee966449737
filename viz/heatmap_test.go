package viz_test

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
)

func flat(side int, value float32) viz.Map {
	m := viz.Map{Width: side, Height: side, Pix: make([]float32, side*side)}
	for i := range m.Pix {
		m.Pix[i] = value
	}
	return m
}

func TestHeatmapEnlargesByWholePixels(t *testing.T) {
	p, mask := scene(1, 32)
	img, err := viz.Heatmap(p, spread(2, mask, .5), viz.HeatmapOptions{Side: 130})
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 128 || b.Dy() != 128 {
		t.Fatalf("32 pixels drawn in %v, expected 128 (a whole factor)", b)
	}
	for y := range 128 {
		for x := range 128 {
			if img.RGBAAt(x, y) != img.RGBAAt(x/4*4, y/4*4) {
				t.Fatalf("pixel %d,%d differs from its square", x, y)
			}
		}
	}
}

func TestHeatmapScales(t *testing.T) {
	p, _ := scene(1, 16)
	ramp := flat(16, 0)
	for i := range ramp.Pix {
		ramp.Pix[i] = float32(i%16) / 15 * 4
	}
	draw := func(m viz.Map, o viz.HeatmapOptions) (first, last color.RGBA) {
		o.Blend, o.Side = viz.Bare, 16
		img, err := viz.Heatmap(p, m, o)
		if err != nil {
			t.Fatal(err)
		}
		return img.RGBAAt(0, 3), img.RGBAAt(15, 3)
	}
	low, high := viz.Viridis.At(0), viz.Viridis.At(1)
	if first, last := draw(ramp, viz.HeatmapOptions{}); first != low || last != high {
		t.Errorf("own scale: ends %v and %v, expected %v and %v", first, last, low, high)
	}
	if _, last := draw(ramp, viz.HeatmapOptions{Low: 0, High: 8}); last != viz.Viridis.At(0.5) {
		t.Errorf("fixed scale 0..8: value 4 is %v, expected the middle %v", last, viz.Viridis.At(0.5))
	}
	if first, last := draw(flat(16, 7), viz.HeatmapOptions{}); first != low || last != low {
		t.Errorf("a constant map is %v, expected the first colour", first)
	}
	ramp.Pix[3*16] = float32(math.NaN())
	ramp.Pix[3*16+15] = float32(math.Inf(1))
	grey := color.RGBA{128, 128, 128, 255}
	if first, last := draw(ramp, viz.HeatmapOptions{}); first != grey || last != grey {
		t.Errorf("NaN and Inf are %v and %v, expected grey", first, last)
	}
}

func TestHeatmapUpsamplesPatches(t *testing.T) {
	p, _ := scene(1, 64)
	patches := viz.Map{Width: 2, Height: 1, Pix: []float32{0, 1}}
	img, err := viz.Heatmap(p, patches, viz.HeatmapOptions{Blend: viz.Bare, Side: 64})
	if err != nil {
		t.Fatal(err)
	}
	if img.RGBAAt(0, 0) != viz.Viridis.At(0) || img.RGBAAt(63, 63) != viz.Viridis.At(1) {
		t.Error("the outer quarters must have the values of their patches")
	}
	if got, want := img.RGBAAt(31, 5), viz.Viridis.At(0.5); abs(int(got.G)-int(want.G)) > 4 {
		t.Errorf("between two patches: %v, expected about %v", got, want)
	}
}

func TestOutline(t *testing.T) {
	p := viz.Picture{Width: 8, Height: 8, Pix: make([]uint8, 3*64)}
	for i := range p.Pix {
		p.Pix[i] = 100
	}
	mask := flat(8, 0)
	for _, i := range []int{27, 28, 35, 36} { // the four pixels in the middle
		mask.Pix[i] = 1
	}
	img, err := viz.Thumbnail(p, &mask, 64)
	if err != nil {
		t.Fatal(err)
	}
	white, dark, plain := color.RGBA{255, 255, 255, 255}, color.RGBA{25, 25, 25, 255}, color.RGBA{100, 100, 100, 255}
	for at, want := range map[[2]int]color.RGBA{{24, 30}: white, {23, 30}: dark, {30, 30}: plain, {2, 2}: plain, {39, 39}: white, {40, 30}: dark} {
		if got := img.RGBAAt(at[0], at[1]); got != want {
			t.Errorf("pixel %v is %v, expected %v", at, got, want)
		}
	}
}

func TestHeatmapErrors(t *testing.T) {
	p, mask := scene(1, 16)
	broken := viz.Map{Width: 4, Height: 4, Pix: make([]float32, 3)}
	for name, run := range map[string]func() error{
		"map of 4 x 4 has 3 values, expected 16": func() error { _, err := viz.Heatmap(p, broken, viz.HeatmapOptions{}); return err },
		"picture of 2 x 2 has 3 bytes, expected 12": func() error {
			_, err := viz.Heatmap(viz.Picture{Width: 2, Height: 2, Pix: make([]uint8, 3)}, mask, viz.HeatmapOptions{})
			return err
		},
		"picture of 0 x 0":         func() error { _, err := viz.Thumbnail(viz.Picture{}, nil, 0); return err },
		"picture of -1 x -1":       func() error { _, err := viz.Thumbnail(viz.Picture{Width: -1, Height: -1}, nil, 0); return err },
		"outline: mask map of 4 x": func() error { _, err := viz.Thumbnail(p, &broken, 0); return err },
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error is %v, expected one with %q", err, name)
		}
	}
}
