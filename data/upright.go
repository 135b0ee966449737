package data

import (
	"fmt"
	"os"
)

// turnSource maps a pixel of the upright picture to the stored one. width and
// height are the stored picture's; the orientations are those of EXIF.
func turnSource(orientation, width, height int) (source func(x, y int) (int, int), swapped bool) {
	right, bottom := width-1, height-1
	switch orientation {
	case 2: // mirrored
		return func(x, y int) (int, int) { return right - x, y }, false
	case 3: // upside down
		return func(x, y int) (int, int) { return right - x, bottom - y }, false
	case 4: // mirrored, upside down
		return func(x, y int) (int, int) { return x, bottom - y }, false
	case 5: // rows are columns
		return func(x, y int) (int, int) { return y, x }, true
	case 6: // turned left: turn right
		return func(x, y int) (int, int) { return y, bottom - x }, true
	case 7:
		return func(x, y int) (int, int) { return right - y, bottom - x }, true
	case 8: // turned right: turn left
		return func(x, y int) (int, int) { return right - y, x }, true
	}
	return nil, false
}

// Upright is the picture as a viewer shows it that applies the EXIF orientation
// (1 to 8; others change nothing).
func (m *Image) Upright(orientation int) *Image {
	source, swapped := turnSource(orientation, m.Width, m.Height)
	if source == nil {
		return m
	}
	out := &Image{Width: m.Width, Height: m.Height, Pix: make([]uint8, len(m.Pix))}
	if swapped {
		out.Width, out.Height = m.Height, m.Width
	}
	for i := range out.Width * out.Height {
		x, y := source(i%out.Width, i/out.Width)
		copy(out.Pix[3*i:3*i+3], m.Pix[3*(y*m.Width+x):])
	}
	return out
}

// Upright turns a mask as Upright turns its image.
func (m *Mask) Upright(orientation int) *Mask {
	source, swapped := turnSource(orientation, m.Width, m.Height)
	if source == nil {
		return m
	}
	out := &Mask{Width: m.Width, Height: m.Height, Pix: make([]float32, len(m.Pix))}
	if swapped {
		out.Width, out.Height = m.Height, m.Width
	}
	for i := range out.Pix {
		x, y := source(i%out.Width, i/out.Width)
		out.Pix[i] = m.Pix[y*m.Width+x]
	}
	return out
}

// ReadPair reads an image and its mask (maskPath "" = none), which is as large
// as the stored picture; with rotate the EXIF orientation of the image turns both.
func ReadPair(imagePath, maskPath string, rotate bool) (Sample, ImageInfo, error) {
	var s Sample
	content, err := readRegular(imagePath, os.OpenFile)
	if err == nil {
		s.Image, err = decodeImage(content)
	}
	var info ImageInfo
	if err == nil {
		info, err = inspect(content)
	}
	if err != nil {
		return s, info, fmt.Errorf("read image %q: %w", imagePath, err)
	}
	if maskPath != "" {
		if s.Mask, err = ReadMask(maskPath); err != nil {
			return s, info, err
		}
		if err := s.Mask.CheckSize(s.Image, quote(maskPath), quote(imagePath)); err != nil {
			return s, info, err
		}
	}
	if !rotate {
		return s, info, nil
	}
	s.Image = s.Image.Upright(info.Orientation)
	if s.Mask != nil {
		s.Mask = s.Mask.Upright(info.Orientation)
	}
	return s, info, nil
}
