package viz

import (
	"fmt"
	"image"
	"math"
)

// Picture is an 8-bit RGB picture: row-major, interleaved, len(Pix) == 3*Width*Height.
type Picture struct {
	Width, Height int
	Pix           []uint8
}

// Map is one number a pixel: a relevance map, an attention map or a mask,
// row-major, len(Pix) == Width*Height. A map of patches may be smaller than its
// picture; it is then upsampled bilinearly.
type Map struct {
	Width, Height int
	Pix           []float32
}

// maxSide bounds what is drawn: a picture larger than this is reduced first.
const maxSide = 2048

func (p Picture) check() error {
	if p.Width < 1 || p.Height < 1 || len(p.Pix) != 3*p.Width*p.Height {
		return fmt.Errorf("picture of %d x %d has %d bytes, expected %d (RGB)", p.Width, p.Height, len(p.Pix), 3*max(p.Width, 0)*max(p.Height, 0))
	}
	return nil
}

func (m Map) check() error {
	if m.Width < 1 || m.Height < 1 || len(m.Pix) != m.Width*m.Height {
		return fmt.Errorf("map of %d x %d has %d values, expected %d", m.Width, m.Height, len(m.Pix), max(m.Width, 0)*max(m.Height, 0))
	}
	return nil
}

// Range is the smallest and largest finite value; 0, 0 when there is none.
func (m Map) Range() (low, high float32) {
	low, high = float32(math.Inf(1)), float32(math.Inf(-1))
	for _, v := range m.Pix {
		if finite(float64(v)) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// at is the value at a point of the unit square, bilinear with half-pixel
// centres: the same rule by which the method upsamples relevance.
func (m Map) at(x, y float64) float64 {
	fx := min(max(x*float64(m.Width)-0.5, 0), float64(m.Width-1))
	fy := min(max(y*float64(m.Height)-0.5, 0), float64(m.Height-1))
	x0, y0 := int(fx), int(fy)
	x1, y1 := min(x0+1, m.Width-1), min(y0+1, m.Height-1)
	fx, fy = fx-float64(x0), fy-float64(y0)
	v := func(x, y int) float64 { return float64(m.Pix[y*m.Width+x]) }
	if fx == 0 && fy == 0 { // a NaN neighbour of weight 0 must not spread
		return v(x0, y0)
	}
	return (v(x0, y0)*(1-fx)+v(x1, y0)*fx)*(1-fy) + (v(x0, y1)*(1-fx)+v(x1, y1)*fx)*fy
}

// thumbnailSize is the size in which a picture is drawn: tiny pictures grow by a
// whole factor so that each pixel stays a sharp square, large ones shrink.
func thumbnailSize(width, height, side int) (w, h int) {
	longer := max(width, height)
	if longer <= side {
		k := max(side/longer, 1)
		return width * k, height * k
	}
	return max(width*side/longer, 1), max(height*side/longer, 1)
}

// resize draws the picture in w x h: whole-factor nearest upward, box average
// downward.
func (p Picture) resize(w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		y0, y1 := span(y, h, p.Height)
		for x := range w {
			x0, x1 := span(x, w, p.Width)
			var r, g, b, n int
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					i := 3 * (sy*p.Width + sx)
					r, g, b, n = r+int(p.Pix[i]), g+int(p.Pix[i+1]), b+int(p.Pix[i+2]), n+1
				}
			}
			o := out.PixOffset(x, y)
			out.Pix[o], out.Pix[o+1], out.Pix[o+2], out.Pix[o+3] = uint8((r+n/2)/n), uint8((g+n/2)/n), uint8((b+n/2)/n), 255
		}
	}
	return out
}

// span is the range of source pixels under target pixel i of n, at least one.
func span(i, n, source int) (from, to int) {
	from = i * source / n
	return from, max((i+1)*source/n, from+1)
}
