package viz_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/robustvit/workbench/viz"
)

// TestColorMapAnchors compares with entries of the published tables of 256; the
// interpolation between every fifth entry may be off by two.
func TestColorMapAnchors(t *testing.T) {
	anchors := map[viz.ColorMap]map[int]string{
		viz.Viridis: {0: "440154", 64: "3b528b", 127: "21908d", 128: "21918c", 191: "5cc863", 255: "fde725"},
		viz.Inferno: {0: "000004", 64: "57106e", 127: "ba3655", 128: "bc3754", 191: "f98c0a", 255: "fcffa4"},
		viz.Jet:     {0: "000080", 64: "0081ff", 128: "82ff7e", 191: "ff8100", 255: "800000"},
	}
	for m, table := range anchors {
		for i, want := range table {
			got := m.At(float64(i) / 255)
			var r, g, b int
			if _, err := fmt.Sscanf(want, "%02x%02x%02x", &r, &g, &b); err != nil {
				t.Fatal(err)
			}
			if off := max(abs(int(got.R)-r), abs(int(got.G)-g), abs(int(got.B)-b)); off > 2 {
				t.Errorf("%v at %d: got %02x%02x%02x, want %s", m, i, got.R, got.G, got.B, want)
			}
		}
	}
}

func abs(v int) int { return max(v, -v) }

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestColorMapShapes(t *testing.T) {
	for _, m := range []viz.ColorMap{viz.Viridis, viz.Inferno} {
		for i := 1; i <= 100; i++ {
			if luminance(m.At(float64(i)/100)) < luminance(m.At(float64(i-1)/100))-1e-3 {
				t.Errorf("%v gets darker at %d %%", m, i)
			}
		}
	}
	middle := viz.Diverging.At(0.5)
	if middle.R != middle.G || middle.G != middle.B {
		t.Errorf("the middle of the diverging map is %v, expected a grey", middle)
	}
	for i := range 50 {
		low, high := luminance(viz.Diverging.At(float64(i)/100)), luminance(viz.Diverging.At(1-float64(i)/100))
		if math.Abs(low-high) > 0.06 {
			t.Errorf("diverging map at %d %%: luminance %.3f and %.3f on its two sides", i, low, high)
		}
	}
	if got := viz.Viridis.At(math.NaN()); got != (color.RGBA{128, 128, 128, 255}) {
		t.Errorf("NaN is %v, expected grey", got)
	}
	if viz.Jet.At(-3) != viz.Jet.At(0) || viz.Jet.At(math.Inf(1)) != viz.Jet.At(1) {
		t.Error("values outside 0..1 are not clamped")
	}
}

func TestParseColorMap(t *testing.T) {
	for _, m := range []viz.ColorMap{viz.Viridis, viz.Inferno, viz.Jet, viz.Diverging} {
		if got, ok := viz.ParseColorMap(m.String()); !ok || got != m {
			t.Errorf("ParseColorMap(%q) = %v, %v", m, got, ok)
		}
	}
	if _, ok := viz.ParseColorMap("rainbow"); ok {
		t.Error("an unknown name was accepted")
	}
}
