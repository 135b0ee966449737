package data

// pair is an image and its mask (or nil) of the same size, changed together.
type pair struct {
	image *Image
	mask  *Mask
}

// each builds a pair of the same size whose pixel (x, y) comes from the pixel
// that source names.
func (p pair) each(source func(x, y int) (int, int)) pair {
	width, height := p.image.Width, p.image.Height
	out := pair{image: &Image{Width: width, Height: height, Pix: make([]uint8, len(p.image.Pix))}}
	if p.mask != nil {
		out.mask = &Mask{Width: width, Height: height, Pix: make([]float32, len(p.mask.Pix))}
	}
	for y := range height {
		for x := range width {
			sx, sy := source(x, y)
			from, to := sy*width+sx, y*width+x
			copy(out.image.Pix[3*to:3*to+3], p.image.Pix[3*from:3*from+3])
			if p.mask != nil {
				out.mask.Pix[to] = p.mask.Pix[from]
			}
		}
	}
	return out
}

// flip mirrors left and right.
func (p pair) flip() pair {
	return p.each(func(x, y int) (int, int) { return p.image.Width - 1 - x, y })
}

// shift moves the window by (left, top); what lies outside is the reflection
// of the picture at its border, without repeating the border pixel.
func (p pair) shift(left, top int) pair {
	return p.each(func(x, y int) (int, int) {
		return reflect(x+left, p.image.Width), reflect(y+top, p.image.Height)
	})
}

func reflect(i, n int) int {
	if i < 0 {
		i = -i
	}
	if i >= n {
		i = 2*(n-1) - i
	}
	return i
}

// jitter changes contrast and brightness in the model's range [-1, 1]:
// v(1+a) + b with a in +-j and b in +-0.7j, b for each channel if Colour. The
// result is rounded to 8 bits.
func (a Augment) jitter(img *Image, random *stream) {
	if a.Brightness == 0 {
		return
	}
	contrast := 1 + float32(random.symmetric()*a.Brightness)
	var move [3]float32
	for c := range move {
		move[c] = random.symmetric() * a.Brightness * 0.7
		if !a.Colour {
			move[c] = move[0]
		}
	}
	for c := range move {
		var table [256]uint8
		for v := range table {
			centred := float32(float32(v)/127.5) - 1
			table[v] = level(float32(centred*contrast) + move[c])
		}
		for i := c; i < len(img.Pix); i += 3 {
			img.Pix[i] = table[img.Pix[i]]
		}
	}
}

// erase fills a rectangle with noise of deviation 0.6 in the range [-1, 1].
func (a Augment) erase(img *Image, random *stream) {
	if a.Erase == 0 || random.unit() >= a.Erase {
		return
	}
	least := func(n int) int { return max(1, 3*n/16) }
	height := least(img.Height) + random.below(max(1, 15*img.Height/32-least(img.Height)))
	width := least(img.Width) + random.below(max(1, 15*img.Width/32-least(img.Width)))
	top, left := random.below(img.Height-height+1), random.below(img.Width-width+1)
	for y := top; y < top+height; y++ {
		row := img.Pix[3*(y*img.Width+left):][:3*width]
		for i := range row {
			row[i] = level(random.normal() * 0.6)
		}
	}
}

// level turns a value in [-1, 1] into 8 bits, cut at the ends.
func level(v float32) uint8 {
	return uint8(min(max(float32((v+1)*127.5)+0.5, 0), 255))
}
