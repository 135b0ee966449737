package data

import (
	"fmt"
	"slices"
)

// Augment is the random change of a training pair. It is a pure function of
// (seed, epoch, index): resuming needs no iterator state. The same geometry is
// used for image and mask; colour changes touch the image alone.
type Augment struct {
	// Kind is the geometry.
	//   crop:  the paper's; the pair is resized to a square of round(256/224*size), cut at a random place, flipped
	//   shift: reflected at the border by Pixels, cut at a random place, flipped; a pair of another size
	//          is first prepared as by Native
	//   none:  prepared as by Native
	Kind   string `json:"kind"`
	Pixels int    `json:"pixels,omitempty"` // of shift; 0 = 4

	// Brightness j scales pixel values in [-1, 1] by 1 +- j and moves them by +- 0.7 j.
	Brightness float32 `json:"brightness,omitempty"`
	// Colour draws the move for each channel apart.
	Colour bool `json:"colour,omitempty"`
	// Erase is the probability that a rectangle of 3/16 to 15/32 of each side is filled with noise.
	Erase float32 `json:"erase,omitempty"`
}

// Kinds of geometry.
const (
	AugmentCrop  = "crop"
	AugmentShift = "shift"
	AugmentNone  = "none"
)

// Validate reports a setting that Apply would refuse.
func (a Augment) Validate() error {
	switch {
	case a.Kind != AugmentCrop && a.Kind != AugmentShift && a.Kind != AugmentNone:
		return fmt.Errorf("augmentation %q is unknown; use %s, %s or %s", a.Kind, AugmentCrop, AugmentShift, AugmentNone)
	case a.Pixels < 0:
		return fmt.Errorf("augmentation shift %d must not be negative", a.Pixels)
	case a.Brightness < 0 || a.Brightness > 1:
		return fmt.Errorf("augmentation brightness %g must lie in [0, 1]", a.Brightness)
	case a.Erase < 0 || a.Erase > 1:
		return fmt.Errorf("augmentation erase %g must lie in [0, 1]", a.Erase)
	}
	return nil
}

// Apply returns the size x size pair of sample index in this epoch. The mask is
// nil if the sample has none. The sample itself is not changed.
func (a Augment) Apply(s Sample, size int, rule MaskRule, seed uint64, epoch, index int) (*Image, *Mask, error) {
	if err := a.Validate(); err != nil {
		return nil, nil, err
	}
	if s.Image == nil {
		return nil, nil, fmt.Errorf("augment sample %s: it has no image", s.ID)
	}
	random := newStream(forAugment, seed, uint64(epoch), uint64(index))
	if s.Mask != nil && (s.Mask.Width != s.Image.Width || s.Mask.Height != s.Image.Height) {
		return nil, nil, s.Mask.CheckSize(s.Image, "the mask of "+s.ID, "its image")
	}
	placed, err := a.place(s, size, rule, random)
	if err != nil {
		return nil, nil, fmt.Errorf("augment sample %s: %w", s.ID, err)
	}
	if a.Brightness > 0 || a.Erase > 0 {
		img := &Image{Width: size, Height: size, Pix: slices.Clone(placed.image.Pix)}
		a.jitter(img, random)
		a.erase(img, random)
		placed.image = img
	}
	return placed.image, placed.mask, nil
}

// place does the geometry.
func (a Augment) place(s Sample, size int, rule MaskRule, random *stream) (pair, error) {
	flip := random.below(2) == 1
	var placed pair
	switch a.Kind {
	case AugmentCrop:
		if err := Paper().checkSize(size); err != nil {
			return pair{}, err
		}
		side := Paper().shortSide(size)
		left, top := random.below(side-size+1), random.below(side-size+1)
		x, y := axis{s.Image.Width, side, left, size}, axis{s.Image.Height, side, top, size}
		placed.image = resample(s.Image, x, y, Bilinear)
		if s.Mask != nil {
			placed.mask = resampleMask(s.Mask, x, y, rule)
		}
	case AugmentShift:
		n := a.Pixels
		if n == 0 {
			n = 4
		}
		if n >= size {
			return pair{}, fmt.Errorf("a shift of %d pixels needs images larger than that, found size %d", n, size)
		}
		left, top := random.below(2*n+1)-n, random.below(2*n+1)-n
		native, err := nativePair(s, size, rule)
		if err != nil {
			return pair{}, err
		}
		placed = native.shift(left, top)
	default:
		return nativePair(s, size, rule)
	}
	if flip {
		placed = placed.flip()
	}
	return placed, nil
}

func nativePair(s Sample, size int, rule MaskRule) (p pair, err error) {
	if p.image, err = Native().Apply(s.Image, size); err != nil || s.Mask == nil {
		return p, err
	}
	p.mask, err = Native().ApplyMask(s.Mask, size, rule)
	return p, err
}
