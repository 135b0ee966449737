package data

// packed is a sample at rest. Masks in steps of 1/255, which all masks of files
// are, take one byte a pixel instead of four.
type packed struct {
	Entry
	image  *Image
	levels []uint8 // of the mask; nil where mask holds it
	mask   *Mask
	size   [2]int // width and height of the mask
}

func pack(s Sample) packed {
	p := packed{Entry: s.Entry, image: s.Image, mask: s.Mask}
	if s.Mask == nil {
		return p
	}
	levels := make([]uint8, len(s.Mask.Pix))
	for i, v := range s.Mask.Pix {
		level := uint8(min(max(float32(v*255)+0.5, 0), 255))
		if shade(level) != v {
			return p
		}
		levels[i] = level
	}
	p.mask, p.levels, p.size = nil, levels, [2]int{s.Mask.Width, s.Mask.Height}
	return p
}

func shade(level uint8) float32 { return float32(level) / 255 }

func (p packed) bytes() int {
	const overhead = 256 // of the structs and the map
	n := overhead + len(p.ID) + len(p.image.Pix) + len(p.levels)
	if p.mask != nil {
		n += 4 * len(p.mask.Pix)
	}
	return n
}

func (p packed) sample() Sample {
	s := Sample{Entry: p.Entry, Image: p.image, Mask: p.mask}
	if p.levels == nil {
		return s
	}
	s.Mask = &Mask{Width: p.size[0], Height: p.size[1], Pix: make([]float32, len(p.levels))}
	for i, level := range p.levels {
		s.Mask.Pix[i] = shade(level)
	}
	return s
}
