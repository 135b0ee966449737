package data

import (
	"bytes"
	"image"
	"image/gif"
)

// decodeGIF reads the first frame onto the canvas of the header. What the frame
// leaves free has palette entry 0.
func decodeGIF(content []byte) (image.Image, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	first, err := gif.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	frame, ok := first.(*image.Paletted)
	canvas := image.Rect(0, 0, config.Width, config.Height)
	if !ok || frame.Rect == canvas {
		return first, nil
	}
	whole := image.NewPaletted(canvas, frame.Palette)
	for y := frame.Rect.Min.Y; y < frame.Rect.Max.Y; y++ {
		copy(whole.Pix[whole.PixOffset(frame.Rect.Min.X, y):], frame.Pix[frame.PixOffset(frame.Rect.Min.X, y):][:frame.Rect.Dx()])
	}
	return whole, nil
}
