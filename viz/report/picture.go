package report

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/robustvit/workbench/viz"
)

// maxPixels bounds a picture of the folder; they have the size of the model's input.
const maxPixels = 4096 * 4096

// decodePNG reads a PNG of the folder, its size looked at before it is decoded.
func decodePNG(dir, name string) (image.Image, error) {
	content, err := readFile(dir, name)
	if err != nil {
		return nil, err
	}
	config, err := png.DecodeConfig(bytes.NewReader(content))
	if err == nil && config.Width*config.Height > maxPixels {
		err = fmt.Errorf("it has %d x %d pixels, expected at most %d in all", config.Width, config.Height, maxPixels)
	}
	var img image.Image
	if err == nil {
		img, err = png.Decode(bytes.NewReader(content))
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w; make the run again or restore the file", inside(dir, name), err)
	}
	return img, nil
}

// readPicture reads an 8-bit RGB picture.
func readPicture(dir, name string) (viz.Picture, error) {
	img, err := decodePNG(dir, name)
	if err != nil {
		return viz.Picture{}, err
	}
	b := img.Bounds()
	p := viz.Picture{Width: b.Dx(), Height: b.Dy(), Pix: make([]uint8, 0, 3*b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			p.Pix = append(p.Pix, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return p, nil
}

// readMap reads a gray PNG of 8 or 16 bits, black to white = 0 to 1; nil where
// the folder names none.
func readMap(dir, name string) (*viz.Map, error) {
	if name == "" {
		return nil, nil
	}
	img, err := decodePNG(dir, name)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	m := &viz.Map{Width: b.Dx(), Height: b.Dy(), Pix: make([]float32, 0, b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			gray, _, _, _ := img.At(x, y).RGBA() // 8 bits are spread over 16
			m.Pix = append(m.Pix, float32(gray)/65535)
		}
	}
	return m, nil
}
