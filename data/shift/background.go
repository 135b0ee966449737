package shift

import (
	"slices"

	"github.com/robustvit/workbench/data"
)

// Reasons why a sample has no shifted copy.
const (
	noMask       = "it has no mask"
	noForeground = "its mask marks nothing"
	noBackground = "its mask marks everything"
	noRoom       = "the object fills the picture: there is no room to move it"
	noDonor      = "no other sample has a mask with a background"
)

// usable says whether the mask has both sides; "" is yes.
func usable(m *data.Mask) string {
	switch {
	case m == nil:
		return noMask
	case m.Foreground() == 0:
		return noForeground
	case m.Foreground() == 1:
		return noBackground
	}
	return ""
}

// over puts the object of the sample on a background of its size: every pixel
// of the mask keeps its bytes.
func over(background *data.Image, s data.Sample) *data.Image {
	img := &data.Image{Width: background.Width, Height: background.Height, Pix: slices.Clone(background.Pix)}
	for i, v := range s.Mask.Pix {
		if v > 0 {
			copy(img.Pix[3*i:3*i+3], s.Image.Pix[3*i:])
		}
	}
	return img
}

// backgroundGray fills the background with the middle gray 128.
func backgroundGray(t task) (outcome, error) {
	if reason := usable(t.sample.Mask); reason != "" {
		return skipped(reason)
	}
	flat := blank(t.sample.Image)
	for i := range flat.Pix {
		flat.Pix[i] = 128
	}
	return outcome{image: over(flat, t.sample), mask: t.sample.Mask, params: map[string]any{"level": 128}}, nil
}

// backgroundBlurred blurs the background alone: the object's colours do not
// run into it.
func backgroundBlurred(t task) (outcome, error) {
	if reason := usable(t.sample.Mask); reason != "" {
		return skipped(reason)
	}
	img := t.sample.Image
	radius := max(1, min(img.Width, img.Height)/24)
	blurred, _ := blurBackground(img, t.sample.Mask, radius)
	return outcome{image: over(blurred, t.sample), mask: t.sample.Mask,
		params: map[string]any{"box_radius": radius, "passes": passes}}, nil
}

// backgroundReplaced takes the background of another sample, whose object is
// painted over from its surroundings, resized to cover the picture.
func backgroundReplaced(t task) (outcome, error) {
	if reason := usable(t.sample.Mask); reason != "" {
		return skipped(reason)
	}
	donor, err := t.donor(t.draws)
	if err != nil {
		return outcome{}, err
	}
	if donor.Image == nil {
		return skipped(noDonor)
	}
	other := inpaint(donor.Image, donor.Mask).Cover(t.sample.Image.Width, t.sample.Image.Height)
	return outcome{image: over(other, t.sample), mask: t.sample.Mask,
		params: map[string]any{"background_of": donor.ID, "background_sha256": donor.Image.SHA256()}}, nil
}

// objectMoved cuts the object out, paints its place over from the surroundings
// and sets it down elsewhere, whole.
func objectMoved(t task) (outcome, error) {
	s := t.sample
	if reason := usable(s.Mask); reason != "" {
		return skipped(reason)
	}
	x, y := box(s.Mask)
	right, down := span{-x.from, s.Image.Width - 1 - x.to}, span{-y.from, s.Image.Height - 1 - y.to}
	if right.length()*down.length() == 1 {
		return skipped(noRoom)
	}
	dx, dy := offset(t.draws, right, down)
	img := inpaint(s.Image, s.Mask)
	mask := &data.Mask{Width: s.Mask.Width, Height: s.Mask.Height, Pix: make([]float32, len(s.Mask.Pix))}
	for from, v := range s.Mask.Pix {
		if to := from + dy*s.Mask.Width + dx; v > 0 {
			mask.Pix[to] = v
			copy(img.Pix[3*to:3*to+3], s.Image.Pix[3*from:])
		}
	}
	return outcome{image: img, mask: mask, params: map[string]any{"right": dx, "down": dy}}, nil
}

// box is the smallest rectangle that holds the object.
func box(m *data.Mask) (x, y span) {
	x, y = span{m.Width, -1}, span{m.Height, -1}
	for i, v := range m.Pix {
		if v > 0 {
			x.from, x.to = min(x.from, i%m.Width), max(x.to, i%m.Width)
			y.from, y.to = min(y.from, i/m.Width), max(y.to, i/m.Width)
		}
	}
	return x, y
}
