package data

import (
	"crypto/sha256"
	"encoding/binary"
)

// Draws is a sequence of random numbers that depends on its key alone: not on
// the machine, the Go version or what was drawn for another key.
type Draws struct{ s *stream }

// NewDraws begins the sequence of a key, such as "seed, set, sample".
func NewDraws(key string) *Draws {
	sum := sha256.Sum256([]byte(key))
	return &Draws{newStream(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:]))}
}

// Below returns an integer in [0, n); n is at least 1.
func (d *Draws) Below(n int) int { return d.s.below(n) }

// Normal returns a nearly normal number of mean 0 and deviation 1.
func (d *Draws) Normal() float32 { return d.s.normal() }

// Translate moves the pair's window by (left, top); what lies outside is the
// reflection of the picture at its border. Both are smaller than the picture.
func (s Sample) Translate(left, top int) Sample {
	moved := pair{s.Image, s.Mask}.shift(left, top)
	s.Image, s.Mask = moved.image, moved.mask
	return s
}

// Cover resizes the picture, bilinear, so that it just covers width x height,
// and cuts the centre.
func (m *Image) Cover(width, height int) *Image {
	w, h := width, (width*m.Height+m.Width-1)/m.Width
	if h < height {
		w, h = (height*m.Width+m.Height-1)/m.Height, height
	}
	x, y := axis{m.Width, w, (w - width) / 2, width}, axis{m.Height, h, (h - height) / 2, height}
	return resample(m, x, y, Bilinear)
}
