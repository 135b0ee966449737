package viz

import (
	"fmt"
	"image"
)

// outline draws the border of the foreground (mask >= 0.5): a white line with a
// dark one outside it, so that it reads on any ground.
func outline(out *image.RGBA, mask Map) error {
	if err := mask.check(); err != nil {
		return fmt.Errorf("outline: mask %w", err)
	}
	w, h := out.Rect.Dx(), out.Rect.Dy()
	inside := func(x, y int) bool {
		if x < 0 || y < 0 || x >= w || y >= h {
			return false
		}
		return mask.Pix[(y*mask.Height/h)*mask.Width+x*mask.Width/w] >= 0.5
	}
	width := max(1, max(w, h)/160)
	near := func(x, y int, want bool) bool {
		for d := 1; d <= width; d++ {
			if inside(x-d, y) == want || inside(x+d, y) == want || inside(x, y-d) == want || inside(x, y+d) == want {
				return true
			}
		}
		return false
	}
	for y := range h {
		for x := range w {
			within := inside(x, y)
			if !near(x, y, !within) {
				continue
			}
			pixel := out.Pix[out.PixOffset(x, y):]
			if within {
				pixel[0], pixel[1], pixel[2] = 255, 255, 255
			} else { // darken, do not cover: the ground stays visible
				pixel[0], pixel[1], pixel[2] = pixel[0]/4, pixel[1]/4, pixel[2]/4
			}
		}
	}
	return nil
}
