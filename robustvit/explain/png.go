package explain

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/robustvit/workbench/data"
)

// ImagePNG encodes a picture as 8-bit RGB PNG.
func ImagePNG(img *data.Image) ([]byte, error) {
	return encode(img.Picture())
}

// MaskPNG encodes a mask as 8-bit gray PNG: 0 is background, 255 foreground.
func MaskPNG(m *data.Mask) ([]byte, error) {
	return encode(m.Picture())
}

// MapPNG encodes a relevance map of the given width, values in [0, 1], as 16-bit
// gray PNG: fine enough that the picture drawn from it is that of the numbers.
func MapPNG(relevance []float32, width int) ([]byte, error) {
	if width < 1 || len(relevance)%width != 0 {
		return nil, fmt.Errorf("relevance map of %d values does not fill rows of %d", len(relevance), width)
	}
	out := image.NewGray16(image.Rect(0, 0, width, len(relevance)/width))
	for i, v := range relevance {
		out.SetGray16(i%width, i/width, color.Gray16{Y: uint16(min(max(v, 0), 1)*65535 + 0.5)})
	}
	return encode(out)
}

func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode PNG of %v: %w", img.Bounds(), err)
	}
	return b.Bytes(), nil
}
