package data

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/robustvit/workbench/internal/whole"
)

// Picture is the image for encoders: opaque, so that PNG stores RGB.
func (m *Image) Picture() image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, m.Width, m.Height))
	for i := range m.Width * m.Height {
		copy(out.Pix[4*i:], m.Pix[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out
}

// Picture is the mask for encoders: 0 is background, 255 foreground, fractions
// between are rounded.
func (m *Mask) Picture() image.Image {
	out := image.NewGray(image.Rect(0, 0, m.Width, m.Height))
	for i, v := range m.Pix {
		out.Pix[i] = uint8(min(max(v, 0), 1)*255 + 0.5)
	}
	return out
}

// WritePNG writes a whole file or nothing. The folder must be there.
func WritePNG(path string, img image.Image) error {
	var content bytes.Buffer
	if err := png.Encode(&content, img); err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return WriteWhole(path, content.Bytes())
}

// WriteWhole writes a file by rename: it appears with all its content or not at
// all, and what a kill left beside it goes with the next write.
func WriteWhole(path string, content []byte) error {
	if err := whole.Quick(path, content); err != nil {
		return fmt.Errorf("write %q: %w%s", path, err, whole.Next(err))
	}
	return nil
}
