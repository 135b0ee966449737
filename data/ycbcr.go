package data

import "image"

// jpegRGB converts a JPEG's planes as libjpeg does: the coarser chroma planes
// are interpolated ("fancy upsampling"), then turned into RGB in 16-bit fixed
// point. Go's own conversion repeats chroma samples, which moves colours at
// every edge of a 4:2:0 picture.
func jpegRGB(img *image.YCbCr) *Image {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	out := &Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	blue, red := chromaOf(img, img.Cb), chromaOf(img, img.Cr)
	cb, cr := make([]uint8, width), make([]uint8, width)
	for y := range height {
		blue.row(cb, y)
		red.row(cr, y)
		luma := img.Y[y*img.YStride:][:width]
		row := out.Pix[3*width*y:][:3*width]
		for x, v := range luma {
			b, r := int32(cb[x])-128, int32(cr[x])-128
			// 65536 times 1.402, 0.344136, 0.714136 and 1.772.
			row[3*x] = clampLevel(int32(v) + (91881*r+32768)>>16)
			row[3*x+1] = clampLevel(int32(v) + (-22554*b-46802*r+32768)>>16)
			row[3*x+2] = clampLevel(int32(v) + (116130*b+32768)>>16)
		}
	}
	return out
}

func clampLevel(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// chroma is one colour plane, coarser than the picture by across and down.
type chroma struct {
	pix           []uint8
	stride        int
	width, height int // samples that belong to the picture
	across, down  int
	sums          []int32 // one row, four times the value of the samples or more
}

func chromaOf(img *image.YCbCr, pix []uint8) *chroma {
	c := &chroma{pix: pix, stride: img.CStride, across: 1, down: 1}
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		c.across = 2
	case image.YCbCrSubsampleRatio420:
		c.across, c.down = 2, 2
	case image.YCbCrSubsampleRatio440:
		c.down = 2
	case image.YCbCrSubsampleRatio411:
		c.across = 4
	case image.YCbCrSubsampleRatio410:
		c.across, c.down = 4, 2
	}
	c.width = (img.Rect.Dx() + c.across - 1) / c.across
	c.height = (img.Rect.Dy() + c.down - 1) / c.down
	c.sums = make([]int32, c.width)
	return c
}

// row writes the chroma samples of picture row y. libjpeg weighs the nearer
// sample three times and the next one once where the factor is two (across only
// if there are more than two samples), and repeats samples otherwise.
func (c *chroma) row(dst []uint8, y int) {
	near := c.line(y / c.down)
	next := c.line(y/c.down - 1 + 2*(y%c.down)) // above for even rows, below for odd ones
	smooth := c.across == 2 && c.width > 2
	switch {
	case smooth && c.down == 2:
		for x, v := range near {
			c.sums[x] = 3*int32(v) + int32(next[x])
		}
		c.spread(dst, 8, 7, 4)
	case smooth:
		for x, v := range near {
			c.sums[x] = int32(v)
		}
		c.spread(dst, 1, 2, 2)
	case c.across == 1 && c.down == 2:
		rounding := int32(1 + y%2)
		for x, v := range near {
			dst[x] = uint8((3*int32(v) + int32(next[x]) + rounding) >> 2)
		}
	default:
		for x := range dst {
			dst[x] = near[x/c.across]
		}
	}
}

// line is a row of samples; beyond the border the last one is repeated.
func (c *chroma) line(y int) []uint8 {
	return c.pix[min(max(y, 0), c.height-1)*c.stride:][:c.width]
}

// spread doubles the sums across. The rounding of left and right halves differs
// so that errors do not add up.
func (c *chroma) spread(dst []uint8, left, right int32, shift uint) {
	last := c.width - 1
	for x, v := range c.sums {
		before, after := c.sums[max(x-1, 0)], c.sums[min(x+1, last)]
		dst[2*x] = uint8((3*v + before + left) >> shift)
		if 2*x+1 < len(dst) {
			dst[2*x+1] = uint8((3*v + after + right) >> shift)
		}
	}
}
