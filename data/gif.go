package data

import (
	"bytes"
	"image"
	"image/color"
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
	if !ok {
		return first, nil
	}
	copy(frame.Palette, gifPalette(content))
	canvas := image.Rect(0, 0, config.Width, config.Height)
	if frame.Rect == canvas {
		return frame, nil
	}
	whole := image.NewPaletted(canvas, frame.Palette)
	for y := frame.Rect.Min.Y; y < frame.Rect.Max.Y; y++ {
		copy(whole.Pix[whole.PixOffset(frame.Rect.Min.X, y):], frame.Pix[frame.PixOffset(frame.Rect.Min.X, y):][:frame.Rect.Dx()])
	}
	return whole, nil
}

// gifPalette reads the colours of the first frame from the file, because the
// decoder forgets the colour of the transparent entry. It returns nil for a
// file without one.
func gifPalette(content []byte) color.Palette {
	if len(content) < 13 {
		return nil
	}
	palette, rest := gifTable(content[10], content[13:])
	for len(rest) > 2 && rest[0] == '!' { // an extension with its label
		rest = skipGIFBlocks(rest[2:])
	}
	if len(rest) < 10 || rest[0] != ',' {
		return palette
	}
	if local, _ := gifTable(rest[9], rest[10:]); local != nil {
		return local
	}
	return palette
}

// gifTable reads the colour table that the flags announce.
func gifTable(flags byte, rest []byte) (color.Palette, []byte) {
	size := 2 << (flags & 7)
	if flags&0x80 == 0 || len(rest) < 3*size {
		return nil, rest
	}
	palette := make(color.Palette, size)
	for i := range palette {
		palette[i] = color.RGBA{rest[3*i], rest[3*i+1], rest[3*i+2], 255}
	}
	return palette, rest[3*size:]
}

// skipGIFBlocks skips blocks up to and with the empty one.
func skipGIFBlocks(rest []byte) []byte {
	for len(rest) > 0 && rest[0] != 0 {
		rest = rest[min(1+int(rest[0]), len(rest)):]
	}
	return rest[min(1, len(rest)):]
}
