package data

import "math"

// Filter is a resampling kernel. The support of both grows with the reduction
// (antialiasing), as in Pillow and in torchvision.
type Filter uint8

const (
	Bilinear Filter = iota // triangle, radius 1
	Bicubic                // cubic convolution with a = -0.5, radius 2
)

// String gives the name that configurations use.
func (f Filter) String() string {
	if f == Bicubic {
		return "bicubic"
	}
	return "bilinear"
}

func (f Filter) radius() float64 {
	if f == Bicubic {
		return 2
	}
	return 1
}

// at evaluates the kernel. The float64 conversions forbid fused
// multiply-adds, so that every CPU computes the same weights.
func (f Filter) at(x float64) float64 {
	x = math.Abs(x)
	if f == Bilinear {
		return max(0, 1-x)
	}
	const a = -0.5
	switch {
	case x < 1:
		inner := float64((a+2)*x) - (a + 3)
		return float64(float64(inner*x)*x) + 1
	case x < 2:
		inner := float64((x-5)*x) + 8
		return (float64(inner*x) - 4) * a
	}
	return 0
}

// precision is the number of fraction bits of a weight in Pillow's 8-bit path:
// 32 bits less 8 for the sample and 2 for overshoot.
const precision = 32 - 8 - 2

// axis describes one dimension of a resize: in samples become out samples, of
// which [from, from+size) are wanted.
type axis struct{ in, out, from, size int }

// taps lists the weights of one output sample: sources first, first+1, ...
type taps struct {
	first   int
	weights []float64 // sum 1
	fixed   []int32   // the same with precision fraction bits
}

// kernel computes the taps of the wanted output samples (Pillow's rule: the
// window is centred on the output sample, cut at the border, normalised).
func (f Filter) kernel(a axis) []taps {
	scale := float64(a.in) / float64(a.out)
	stretch := max(scale, 1)
	support := float64(f.radius() * stretch)
	window := make([]taps, a.size)
	for i := range window {
		center := float64((float64(a.from+i) + 0.5) * scale)
		first := max(int(center-support+0.5), 0)
		end := min(int(center+support+0.5), a.in)
		weights := make([]float64, end-first)
		total := 0.0
		for j := range weights {
			weights[j] = f.at((float64(first+j) - center + 0.5) * (1 / stretch))
			total += weights[j]
		}
		fixed := make([]int32, len(weights))
		for j := range weights {
			if total != 0 {
				weights[j] /= total
			}
			fixed[j] = int32(math.Copysign(0.5, weights[j]) + float64(weights[j]*(1<<precision)))
		}
		window[i] = taps{first: first, weights: weights, fixed: fixed}
	}
	return window
}

// sourceRange returns the input samples that the window reads.
func sourceRange(window []taps) (from, end int) {
	last := window[len(window)-1]
	return window[0].first, last.first + len(last.weights)
}

// resample resizes img so that x.in by y.in pixels become x.out by y.out, and
// returns the wanted part. It equals Pillow's 8-bit resize followed by a crop
// bit for bit: one direction after the other, rounded to 8 bits between. Only
// the rows and columns that the wanted part needs are computed.
func resample(img *Image, x, y axis, f Filter) *Image {
	if x.in == x.out && y.in == y.out {
		return crop(img, x.from, y.from, x.size, y.size)
	}
	columns, rows := f.kernel(x), f.kernel(y)
	left, right := sourceRange(columns)
	top, bottom := sourceRange(rows)
	needed := crop(img, left, top, right-left, bottom-top)
	if rowsFirst(x, y) {
		return resampleColumns(resampleRows(needed, rows, top), columns, left)
	}
	return resampleRows(resampleColumns(needed, columns, left), rows, top)
}

// rowsFirst is the order of the two directions in Pillow 13, which the rounding
// between them makes visible. (Pillow up to 12 never starts with the rows; the
// two agree for pictures up to twice as high as wide that keep their proportions.)
func rowsFirst(x, y axis) bool {
	return y.out < y.in && y.in-y.out > 2*(x.in-x.out)
}

// resampleColumns is the horizontal pass; column 0 of img is column origin of the axis.
func resampleColumns(img *Image, columns []taps, origin int) *Image {
	out := &Image{Width: len(columns), Height: img.Height, Pix: make([]uint8, 3*len(columns)*img.Height)}
	for y := range img.Height {
		source := img.Pix[3*img.Width*y : 3*img.Width*(y+1)]
		target := out.Pix[3*out.Width*y:]
		for x, t := range columns {
			const half = int32(1) << (precision - 1)
			red, green, blue := half, half, half
			pixels := source[3*(t.first-origin):]
			for j, w := range t.fixed {
				p := pixels[3*j : 3*j+3 : 3*j+3]
				red += w * int32(p[0])
				green += w * int32(p[1])
				blue += w * int32(p[2])
			}
			target[3*x], target[3*x+1], target[3*x+2] = clip8(red), clip8(green), clip8(blue)
		}
	}
	return out
}

// resampleRows is the vertical pass; row 0 of img is row origin of the axis.
func resampleRows(img *Image, rows []taps, origin int) *Image {
	stride := 3 * img.Width
	out := &Image{Width: img.Width, Height: len(rows), Pix: make([]uint8, stride*len(rows))}
	sums := make([]int32, stride)
	for y, t := range rows {
		for i := range sums {
			sums[i] = 1 << (precision - 1)
		}
		for j, w := range t.fixed {
			source := img.Pix[stride*(t.first-origin+j):][:stride]
			for i, v := range source {
				sums[i] += w * int32(v)
			}
		}
		target := out.Pix[stride*y:][:stride]
		for i, v := range sums {
			target[i] = clip8(v)
		}
	}
	return out
}

func clip8(v int32) uint8 { return uint8(min(max(v>>precision, 0), 255)) }

// crop copies a rectangle. The part outside the image stays black, as
// torchvision's CenterCrop pads.
func crop(img *Image, left, top, width, height int) *Image {
	if left == 0 && top == 0 && width == img.Width && height == img.Height {
		return img
	}
	out := &Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	first, end := max(left, 0), min(left+width, img.Width)
	for y := max(top, 0); y < min(top+height, img.Height) && first < end; y++ {
		copy(out.Pix[3*((y-top)*width+first-left):], img.Pix[3*(y*img.Width+first):3*(y*img.Width+end)])
	}
	return out
}
