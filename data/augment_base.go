package data

import "fmt"

// Base is the part of Apply that no random number touches: the pair at the size
// from which it is cut. Apply gives the same for the base as for the sample
// itself, bit for bit, so that a training may keep it instead of the decoded
// photograph. A sample that is smaller than its base is returned as it is.
func (a Augment) Base(s Sample, size int, rule MaskRule) (Sample, error) {
	if err := a.Validate(); err != nil {
		return s, err
	}
	if s.Image == nil {
		return s, fmt.Errorf("resize sample %s: it has no image", s.ID)
	}
	p, side := Native(), size
	if a.Kind == AugmentCrop {
		p, side = Squash(), Paper().shortSide(size)
	}
	if side*side > s.Image.Width*s.Image.Height { // Apply does it all
		return s, nil
	}
	return Prepared(s, p, side, rule)
}

// Prepared is the sample as the protocol shows it to a model of this size,
// before normalisation. The errors name no file: the caller knows it.
func Prepared(s Sample, p Protocol, size int, rule MaskRule) (Sample, error) {
	if s.Mask != nil && s.Image != nil {
		if err := s.Mask.CheckSize(s.Image, "of "+s.ID, "the picture"); err != nil {
			return s, err
		}
	}
	img, err := p.Apply(s.Image, size)
	if err != nil {
		return s, err
	}
	if s.Image = img; s.Mask != nil {
		if s.Mask, err = p.ApplyMask(s.Mask, size, rule); err != nil {
			return s, err
		}
	}
	return s, nil
}
