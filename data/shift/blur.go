package shift

import (
	"slices"

	"github.com/robustvit/workbench/data"
)

// passes of a box blur are nearly a Gaussian one; maxRadius keeps the sums of
// three passes within 63 bits.
const (
	passes    = 3
	maxRadius = 200
)

// blurBackground is the mean of the background around each pixel, weighted by
// three passes of a box with sides 2*radius+1; the object counts for nothing.
// reached tells where any background lies within the window. Sums are exact
// integers: the result is the same everywhere.
func blurBackground(img *data.Image, mask *data.Mask, radius int) (blurred *data.Image, reached []bool) {
	radius = min(radius, maxRadius)
	weight, sums := make([]int64, len(mask.Pix)), make([]int64, len(mask.Pix))
	for i, v := range mask.Pix {
		if v == 0 {
			weight[i] = 1
		}
	}
	present := slices.Clone(weight)
	blurPlane(weight, img.Width, radius)
	blurred, reached = blank(img), make([]bool, len(mask.Pix))
	for c := range 3 {
		for i, w := range present {
			sums[i] = w * int64(img.Pix[3*i+c])
		}
		blurPlane(sums, img.Width, radius)
		for i, w := range weight {
			if reached[i] = w > 0; reached[i] {
				blurred.Pix[3*i+c] = uint8((sums[i] + w/2) / w)
			}
		}
	}
	return blurred, reached
}

// blurPlane replaces each value by the sum over its window, pass after pass.
// Beyond the border there is nothing.
func blurPlane(plane []int64, width, radius int) {
	height := len(plane) / width
	line := make([]int64, max(width, height))
	for range passes {
		for y := range height {
			boxSums(plane[y*width:(y+1)*width], 1, line[:width], radius)
		}
		for x := range width {
			boxSums(plane[x:], width, line[:height], radius)
		}
	}
}

// boxSums sums windows along every stride-th value; line is scratch as long as
// the row or column.
func boxSums(values []int64, stride int, line []int64, radius int) {
	for i := range line {
		line[i] = values[i*stride]
	}
	sum := int64(0)
	for i := range min(radius, len(line)) {
		sum += line[i]
	}
	for i := range line {
		if i+radius < len(line) {
			sum += line[i+radius]
		}
		if i-radius-1 >= 0 {
			sum -= line[i-radius-1]
		}
		values[i*stride] = sum
	}
}

// inpaint paints the object over plainly: each of its pixels becomes the blurred
// background around it, with the smallest of the radii 2, 4, 8, ... that
// reaches any. Beyond the largest radius it is the mean of the background.
// The mask leaves some background.
func inpaint(img *data.Image, mask *data.Mask) *data.Image {
	out := &data.Image{Width: img.Width, Height: img.Height, Pix: slices.Clone(img.Pix)}
	var open []int
	for i, v := range mask.Pix {
		if v > 0 {
			open = append(open, i)
		}
	}
	for radius := 2; len(open) > 0 && radius <= maxRadius; radius *= 2 {
		blurred, reached := blurBackground(img, mask, radius)
		left := open[:0]
		for _, i := range open {
			if reached[i] {
				copy(out.Pix[3*i:3*i+3], blurred.Pix[3*i:])
			} else {
				left = append(left, i)
			}
		}
		open = left
	}
	mean := backgroundMean(img, mask)
	for _, i := range open {
		copy(out.Pix[3*i:3*i+3], mean[:])
	}
	return out
}

func backgroundMean(img *data.Image, mask *data.Mask) (mean [3]uint8) {
	var sums [3]int64
	n := int64(0)
	for i, v := range mask.Pix {
		if v == 0 {
			n++
			for c := range sums {
				sums[c] += int64(img.Pix[3*i+c])
			}
		}
	}
	for c := range mean {
		mean[c] = uint8((sums[c] + n/2) / max(n, 1))
	}
	return mean
}
