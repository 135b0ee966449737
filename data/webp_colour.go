package data

import "image"

// webpRGB converts lossy WebP as libwebp does: chroma interpolated with weights
// 9, 3, 3, 1 and colours of the range 16 to 235, in 14-bit fixed point. (Go's
// conversion takes the planes for full-range ones.)
func webpRGB(img *image.YCbCr) *Image {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	out := &Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	blue, red := chromaOf(img, img.Cb), chromaOf(img, img.Cr)
	u, v := make([]uint8, width), make([]uint8, width)
	for y := range height {
		blue.webpRow(u, y)
		red.webpRow(v, y)
		luma := img.Y[y*img.YStride:][:width]
		row := out.Pix[3*width*y:][:3*width]
		for x := range luma {
			bright := scaled(luma[x], 19077)
			row[3*x] = webpLevel(bright + scaled(v[x], 26149) - 14234)
			row[3*x+1] = webpLevel(bright - scaled(u[x], 6419) - scaled(v[x], 13320) + 8708)
			row[3*x+2] = webpLevel(bright + scaled(u[x], 33050) - 17685)
		}
	}
	return out
}

func scaled(v uint8, factor int32) int32 { return int32(v) * factor >> 8 }

func webpLevel(v int32) uint8 { return clampLevel(v >> 6) }

// webpRow writes the chroma of picture row y. Planes of WebP are always half as
// wide and half as high as the picture.
func (c *chroma) webpRow(dst []uint8, y int) {
	near := c.line(y / 2)
	far := c.line(y/2 - 1 + 2*(y%2))
	for x := range dst {
		i := x / 2
		j := i - 1 + 2*(x%2) // the other column
		a, b := int32(near[i]), int32(far[i])
		if j < 0 || j >= c.width {
			dst[x] = uint8((3*a + b + 2) >> 2)
			continue
		}
		beside, across := int32(near[j]), int32(far[j])
		dst[x] = uint8(((a+3*(beside+b)+across+8)>>3 + a) >> 1)
	}
}
