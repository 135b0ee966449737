package viz

import (
	"fmt"
	"image"
)

// Cutout draws what the mask keeps of a picture (mask >= 0.5) in its colours and
// fades the rest to a light grey, a line between them. A mask of another size (one
// value a patch) is enlarged in squares. side is the longer side in pixels, 0 = 192.
func Cutout(p Picture, mask Map, sidePixels int) (*image.RGBA, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("cutout: %w", err)
	}
	if err := mask.check(); err != nil {
		return nil, fmt.Errorf("cutout: mask %w", err)
	}
	w, h := thumbnailSize(p.Width, p.Height, side(sidePixels))
	out := p.resize(w, h)
	for y := range h {
		for x := range w {
			if mask.Pix[(y*mask.Height/h)*mask.Width+x*mask.Width/w] >= 0.5 {
				continue
			}
			pixel := out.Pix[out.PixOffset(x, y):]
			luma := (299*int(pixel[0]) + 587*int(pixel[1]) + 114*int(pixel[2])) / 1000
			faded := uint8(190 + luma*50/255)
			pixel[0], pixel[1], pixel[2] = faded, faded, faded
		}
	}
	return out, outline(out, mask)
}
