package shapes

import (
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/data"
)

func TestFactorOfAPose(t *testing.T) {
	for _, test := range []struct {
		cx, cy float32
		want   string
	}{
		{-.69, -.69, "top left"}, {0, -.3, "top"}, {.24, -.24, "top right"}, {-.24, .2, "left"}, {.23, -.23, "centre"},
		{.5, 0, "right"}, {-.7, .7, "bottom left"}, {.1, .3, "bottom"}, {.7, .7, "bottom right"},
	} {
		o := pose{cx: test.cx, cy: test.cy}
		if got := o.cell(.7); got != test.want {
			t.Errorf("centre (%g, %g) is %q, expected %q", test.cx, test.cy, got, test.want)
		}
	}
	for degrees, want := range map[float64]string{1: "000-030", 29: "000-030", 31: "030-060", 179: "150-180", -179: "180-210", -91: "240-270", -1: "330-360"} {
		o := pose{sine: float32(math.Sin(degrees * math.Pi / 180)), cosine: float32(math.Cos(degrees * math.Pi / 180))}
		if got := o.angle(); got != want {
			t.Errorf("%g degrees are %q, expected %q", degrees, got, want)
		}
	}
	// A square of side 1.6 (area 2.5377 by the table) in an image of side 2.
	for share, want := range map[float64]string{.029: "03-05%", .04: "03-05%", .06: "05-10%", .19: "10-20%", .21: "20-40%", .41: "40-60%", .61: "40-60%"} {
		o := pose{scale: float32(math.Sqrt(4 * share / 2.5377))}
		if got := o.area(2); got != want {
			t.Errorf("area %g is %q, expected %q", share, got, want)
		}
	}
}

// The values against the masks, which are drawn from the same dice.
func TestFactorAgreesWithTheMask(t *testing.T) {
	t.Parallel()
	c := NewCollection(Options{EvalImages: 120, Design: true})
	check := func(name string, agrees func(s data.Sample, value string) bool) {
		set, err := c.Set(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range set.Len() {
			sample, err := set.Load(i)
			if err != nil {
				t.Fatal(err)
			}
			if value := data.FactorOf(set, i); !agrees(sample, value) {
				t.Errorf("%s: %q does not fit the mask", sample.ID, value)
			}
		}
	}
	check("si-location", func(s data.Sample, value string) bool {
		x, y := centroid(s.Mask)
		near := func(at, cell float64) bool { return math.Abs(at-cell*.467) < .45 }
		column := map[string]float64{"top left": -1, "left": -1, "bottom left": -1, "top right": 1, "right": 1, "bottom right": 1}[value]
		row := map[string]float64{"top left": -1, "top": -1, "top right": -1, "bottom left": 1, "bottom": 1, "bottom right": 1}[value]
		return near(x, column) && near(y, row) || s.Class == slices.Index(classNames[:], "crescent") // which lies beside its centre
	})
	check("si-size", func(s data.Sample, value string) bool {
		edges := map[string][2]float64{"03-05%": {.03, .05}, "05-10%": {.05, .1}, "10-20%": {.1, .2}, "20-40%": {.2, .4}, "40-60%": {.4, .6}}[value]
		low, high := edges[0], edges[1]
		covered := share(s.Mask)
		return covered > .6*low && covered < 1.2*high // the border cuts the largest
	})
}

// The angle of bars against the long axis of the mask, which knows it modulo 180.
func TestRotationAgreesWithTheMask(t *testing.T) {
	t.Parallel()
	cfg := Sets()[7].Config
	cfg.Shear, cfg.Wobble = 0, 0
	for i := range 40 {
		_, mask, _ := GenerateClass(cfg, 4, i, slices.Index(classNames[:], "bar"))
		value := Rotation.Value(cfg, 4, i, slices.Index(classNames[:], "bar"))
		middle := 15 + 100*float64(value[0]-'0') + 10*float64(value[1]-'0') + float64(value[2]-'0')
		off := math.Mod(longAxis(mask)-middle+720, 180)
		if min(off, 180-off) > 15+3 {
			t.Errorf("image %d: %q, the mask lies at %.0f degrees", i, value, longAxis(mask))
		}
	}
}

func TestOnlySIScoreSetsVaryAFactor(t *testing.T) {
	c := NewCollection(Options{EvalImages: 40})
	for _, name := range c.SetNames() {
		set, err := c.Set(name)
		if err != nil {
			t.Fatal(err)
		}
		varied := slices.Contains([]string{"si-location", "si-rotation", "si-size"}, name)
		if got := data.FactorOf(set, 7); (got != "") != varied {
			t.Errorf("%s: factor %q", name, got)
		}
		if data.FactorOf(set, 40) != "" || data.FactorOf(set, -1) != "" {
			t.Errorf("%s: a factor beyond the set", name)
		}
	}
}

// centroid of the object; the half width of the image is 1.
func centroid(mask *data.Mask) (x, y float64) {
	n := 0.
	for i, m := range mask.Pix {
		x, y, n = x+float64(m*axis[i%Size]), y+float64(m*axis[i/Size]), n+float64(m)
	}
	return x / n, y / n
}

// longAxis is the direction in which the object is longest, clockwise in degrees.
func longAxis(mask *data.Mask) float64 {
	cx, cy := centroid(mask)
	var xx, xy, yy float64
	for i, m := range mask.Pix {
		dx, dy := float64(axis[i%Size])-cx, float64(axis[i/Size])-cy
		xx, xy, yy = xx+float64(m)*dx*dx, xy+float64(m)*dx*dy, yy+float64(m)*dy*dy
	}
	return math.Atan2(2*xy, xx-yy) / 2 * 180 / math.Pi
}
