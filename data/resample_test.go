package data

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func drawImage(t *rapid.T, largest int) *Image {
	w, h := rapid.IntRange(1, largest).Draw(t, "width"), rapid.IntRange(1, largest).Draw(t, "height")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pixels"), 0))
	img := &Image{Width: w, Height: h, Pix: make([]uint8, 3*w*h)}
	for i := range img.Pix {
		img.Pix[i] = uint8(random.UintN(256))
	}
	return img
}

func drawAxes(t *rapid.T, img *Image, largest int) (x, y axis) {
	draw := func(in int, label string) axis {
		out := rapid.IntRange(1, largest).Draw(t, label)
		from := rapid.IntRange(0, out-1).Draw(t, label+" from")
		return axis{in, out, from, rapid.IntRange(1, out-from).Draw(t, label+" size")}
	}
	return draw(img.Width, "x"), draw(img.Height, "y")
}

func uncut(a axis) axis { return axis{a.in, a.out, 0, a.out} }

// Only the needed part is computed; it must be the part of the whole.
func TestCropAwareEqualsResizeThenCrop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := drawImage(t, 40)
		x, y := drawAxes(t, img, 50)
		filter := rapid.SampledFrom([]Filter{Bilinear, Bicubic}).Draw(t, "filter")
		full := crop(resample(img, uncut(x), uncut(y), filter), x.from, y.from, x.size, y.size)
		if got := resample(img, x, y, filter); string(got.Pix) != string(full.Pix) {
			t.Fatalf("%v %v of %d x %d: the cropped resize differs from the crop of the resize", x, y, img.Width, img.Height)
		}
		m := &Mask{Width: img.Width, Height: img.Height, Pix: make([]float32, img.Width*img.Height)}
		for i := range m.Pix {
			m.Pix[i] = float32(img.Pix[3*i] & 1)
		}
		for _, rule := range []MaskRule{Reference, Strict} {
			full := cropMask(resampleMask(m, uncut(x), uncut(y), rule), x.from, y.from, x.size, y.size)
			got := resampleMask(m, x, y, rule)
			for i, v := range got.Pix {
				if v != full.Pix[i] {
					t.Fatalf("mask, %v: pixel %d is %g, want %g", rule, i, v, full.Pix[i])
				}
				if rule == Strict && v != 0 && v != 1 || v < 0 || v > 1 {
					t.Fatalf("mask, %v: value %g", rule, v)
				}
			}
		}
	})
}

func TestConstantStaysConstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := drawImage(t, 60)
		value := rapid.Byte().Draw(t, "value")
		for i := range img.Pix {
			img.Pix[i] = value
		}
		x, y := drawAxes(t, img, 80)
		filter := rapid.SampledFrom([]Filter{Bilinear, Bicubic}).Draw(t, "filter")
		for i, v := range resample(img, x, y, filter).Pix {
			if v != value {
				t.Fatalf("value %d became %d at %d (%v)", value, v, i, filter)
			}
		}
		m := &Mask{Width: img.Width, Height: img.Height, Pix: make([]float32, img.Width*img.Height)}
		for i := range m.Pix {
			m.Pix[i] = 1
		}
		for _, v := range resampleMask(m, x, y, Reference).Pix {
			if v != 1 { // the inverse mask of the released code flips exact ones only
				t.Fatalf("full foreground became %g", v)
			}
		}
	})
}

// naive is the definition in float64, without fixed point and without rounding
// between the directions.
func naive(img *Image, x, y axis, f Filter) []float64 {
	weight := func(a axis, out, in int) float64 {
		scale := float64(a.in) / float64(a.out)
		stretch := math.Max(scale, 1)
		center := (float64(out) + 0.5) * scale
		low, high := int(math.Max(0, center-f.radius()*stretch+0.5)), int(math.Min(float64(a.in), center+f.radius()*stretch+0.5))
		if in < low || in >= high {
			return 0
		}
		total := 0.0
		for j := low; j < high; j++ {
			total += f.at((float64(j) + 0.5 - center) / stretch)
		}
		return f.at((float64(in)+0.5-center)/stretch) / total
	}
	out := make([]float64, 3*x.out*y.out)
	for i := range out {
		c, column, row := i%3, i/3%x.out, i/3/x.out
		for sy := range y.in {
			wy := weight(y, row, sy)
			if wy == 0 {
				continue
			}
			for sx := range x.in {
				out[i] += wy * weight(x, column, sx) * float64(img.Pix[3*(sy*img.Width+sx)+c])
			}
		}
	}
	return out
}

func TestResampleIsNearTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := drawImage(t, 12)
		x, y := drawAxes(t, img, 12)
		filter := rapid.SampledFrom([]Filter{Bilinear, Bicubic}).Draw(t, "filter")
		for i := range img.Pix { // no overshoot, so that nothing is clipped between the directions
			img.Pix[i] = 64 + img.Pix[i]/2
		}
		got := resample(img, uncut(x), uncut(y), filter)
		for i, want := range naive(img, x, y, filter) {
			// Two roundings of half a step; negative bicubic weights amplify the first.
			if tolerance := 1.3; math.Abs(float64(got.Pix[i])-want) > tolerance {
				t.Fatalf("value %d is %d, the definition gives %.3f", i, got.Pix[i], want)
			}
		}
	})
}

func TestFilterKernels(t *testing.T) {
	for _, test := range []struct {
		filter  Filter
		x, want float64
	}{
		{Bilinear, 0, 1}, {Bilinear, 0.25, 0.75}, {Bilinear, -0.25, 0.75}, {Bilinear, 1, 0}, {Bilinear, 2, 0},
		{Bicubic, 0, 1}, {Bicubic, 1, 0}, {Bicubic, 2, 0}, {Bicubic, 0.5, 0.5625}, {Bicubic, -1.5, -0.0625}, {Bicubic, 3, 0},
	} {
		if got := test.filter.at(test.x); got != test.want {
			t.Errorf("%v at %g is %g, want %g", test.filter, test.x, got, test.want)
		}
	}
}

// Halving a mask averages the border (reference) or takes the pixel under the
// centre (strict).
func TestMaskRules(t *testing.T) {
	m := &Mask{Width: 4, Height: 1, Pix: []float32{0, 0, 1, 1}}
	x, y := axis{4, 2, 0, 2}, axis{1, 1, 0, 1}
	// Output 0 sees pixels 0, 1, 2 (cut at the border) with weights 3 : 3 : 1.
	if got := resampleMask(m, x, y, Reference).Pix; math.Abs(float64(got[0])-1.0/7) > 1e-6 || math.Abs(float64(got[1])-6.0/7) > 1e-6 {
		t.Errorf("reference rule gives %v, want [1/7 6/7]", got)
	}
	if got := resampleMask(m, x, y, Strict).Pix; got[0] != 0 || got[1] != 1 {
		t.Errorf("strict rule gives %v, want [0 1]", got)
	}
}
