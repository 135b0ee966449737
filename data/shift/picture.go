package shift

import "github.com/robustvit/workbench/data"

// rotated turns the pair by quarters, which moves pixels and changes none.
func rotated(t task) (outcome, error) {
	quarter := 1 + t.draws.Below(3)
	orientation := []int{0, 6, 3, 8}[quarter] // EXIF's numbers of the quarter turns, clockwise
	out := outcome{image: t.sample.Image.Upright(orientation), params: map[string]any{"degrees_clockwise": 90 * quarter}}
	if t.sample.Mask != nil {
		out.mask = t.sample.Mask.Upright(orientation)
	}
	return out, nil
}

// moved shifts the picture by up to a quarter of its sides; the border reflects.
func moved(t task) (outcome, error) {
	x, y := t.sample.Image.Width/4, t.sample.Image.Height/4
	if x == 0 && y == 0 {
		return skipped("the picture is too small to be moved")
	}
	dx, dy := offset(t.draws, span{-x, x}, span{-y, y})
	s := t.sample.Translate(-dx, -dy)
	return outcome{image: s.Image, mask: s.Mask, params: map[string]any{"right": dx, "down": dy}}, nil
}

// span is a range of integers, both ends included.
type span struct{ from, to int }

func (s span) length() int { return s.to - s.from + 1 }

// offset draws one of the offsets of the rectangle other than (0, 0), which
// lies in it and is not its only one. All are equally likely.
func offset(d *data.Draws, x, y span) (dx, dy int) {
	zero := -y.from*x.length() - x.from
	n := d.Below(x.length()*y.length() - 1)
	if n >= zero {
		n++
	}
	return x.from + n%x.length(), y.from + n/x.length()
}

// gray keeps the brightness (ITU-R 601, rounded as Pillow does).
func gray(t task) (outcome, error) {
	img := blank(t.sample.Image)
	for i := 0; i < len(img.Pix); i += 3 {
		p := t.sample.Image.Pix[i:]
		v := uint8((19595*int(p[0]) + 38470*int(p[1]) + 7471*int(p[2]) + 0x8000) >> 16)
		img.Pix[i], img.Pix[i+1], img.Pix[i+2] = v, v, v
	}
	return outcome{image: img, mask: t.sample.Mask}, nil
}

// noiseDeviation is that of the third of ImageNet-C's five severities, of values in [0, 1].
const noiseDeviation = 0.18

// noise adds an independent normal number to every value.
func noise(t task) (outcome, error) {
	img := blank(t.sample.Image)
	for i, v := range t.sample.Image.Pix {
		moved := float32(v) + float32(t.draws.Normal()*(noiseDeviation*255))
		img.Pix[i] = uint8(min(max(moved+0.5, 0), 255))
	}
	return outcome{image: img, mask: t.sample.Mask, params: map[string]any{"deviation": noiseDeviation}}, nil
}

// blank is a black picture of the same size.
func blank(img *data.Image) *data.Image {
	return &data.Image{Width: img.Width, Height: img.Height, Pix: make([]uint8, len(img.Pix))}
}
