package viz

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

const barHeight = 20

// WithColorBar adds a band below a heatmap with the colour scale and the numbers
// at its ends, for pictures that leave the page: low and high are the values of
// the first and the last colour.
func WithColorBar(heatmap image.Image, colors ColorMap, low, high float64) *image.RGBA {
	b := heatmap.Bounds()
	w, h := max(b.Dx(), 96), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h+barHeight))
	ground, ink := color.RGBA{29, 33, 38, 255}, color.RGBA{228, 231, 234, 255}
	draw.Draw(out, out.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, 0, b.Dx(), h), heatmap, b.Min, draw.Src)
	face := basicfont.Face7x13
	write := func(s string, x int) {
		d := font.Drawer{Dst: out, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, h+14)}
		d.DrawString(s)
	}
	first, last := ascii(short(low)), ascii(short(high))
	from, to := 4+7*len(first)+5, w-4-7*len(last)-5
	write(first, 4)
	write(last, to+5)
	for x := from; x < to; x++ {
		c := colors.At(float64(x-from) / float64(max(to-from-1, 1)))
		for y := h + 6; y < h+barHeight-6; y++ {
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

// ascii replaces what the small font of pictures lacks.
func ascii(s string) string {
	out := []rune(s)
	for i, r := range out {
		switch r {
		case '−', '–':
			out[i] = '-'
		case '∞':
			return "inf"
		}
	}
	return string(out)
}

// WritePNG writes a picture of this package as a PNG file.
func WritePNG(w io.Writer, img image.Image) error {
	b, err := encodePNG(img)
	if err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("viz: write PNG of %v: %w", img.Bounds(), err)
	}
	return nil
}
