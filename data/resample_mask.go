package data

// MaskRule says what becomes of a mask when its size changes.
type MaskRule uint8

const (
	// Reference resizes masks as float tensors with the bilinear filter, as the
	// released code does: border pixels become fractional. (The inverse mask
	// flips only exact 0 and 1 there; that is the loss's part.)
	Reference MaskRule = iota
	// Strict takes the nearest pixel: masks stay binary.
	Strict
)

// String gives the name that configurations use.
func (r MaskRule) String() string {
	if r == Strict {
		return "strict"
	}
	return "reference"
}

// resampleMask is resample for masks, in float64 with one rounding at the end,
// so that regions of ones and of zeros stay exact.
func resampleMask(m *Mask, x, y axis, rule MaskRule) *Mask {
	if rule == Strict {
		return nearest(m, x, y)
	}
	if x.in == x.out && y.in == y.out {
		return cropMask(m, x.from, y.from, x.size, y.size)
	}
	rows, columns := Bilinear.kernel(y), Bilinear.kernel(x)
	from, end := sourceRange(rows)
	narrow := make([]float64, (end-from)*x.size)
	for row := from; row < end; row++ {
		source := m.Pix[row*m.Width:][:m.Width]
		for i, t := range columns {
			sum := 0.0
			for j, w := range t.weights {
				sum += float64(w * float64(source[t.first+j]))
			}
			narrow[(row-from)*x.size+i] = sum
		}
	}
	out := &Mask{Width: x.size, Height: y.size, Pix: make([]float32, x.size*y.size)}
	for row, t := range rows {
		for i := range x.size {
			sum := 0.0
			for j, w := range t.weights {
				sum += float64(w * narrow[(t.first-from+j)*x.size+i])
			}
			out.Pix[row*x.size+i] = float32(min(max(sum, 0), 1))
		}
	}
	return out
}

// nearest picks the source pixel under each output pixel's centre, as Pillow's
// NEAREST does.
func nearest(m *Mask, x, y axis) *Mask {
	columns, rows := nearestTable(x), nearestTable(y)
	out := &Mask{Width: x.size, Height: y.size, Pix: make([]float32, x.size*y.size)}
	for row, sourceRow := range rows {
		for i, column := range columns {
			out.Pix[row*x.size+i] = m.Pix[sourceRow*m.Width+column]
		}
	}
	return out
}

// nearestTable adds the scale up step by step, because Pillow does and the sum
// rounds differently from a product.
func nearestTable(a axis) []int {
	scale := float64(a.in) / float64(a.out)
	table := make([]int, a.size)
	position := float64(scale * 0.5)
	for i := range a.from + a.size {
		if i >= a.from {
			table[i-a.from] = min(int(position), a.in-1)
		}
		position += scale
	}
	return table
}

// cropMask is crop for masks; the part outside is background.
func cropMask(m *Mask, left, top, width, height int) *Mask {
	if left == 0 && top == 0 && width == m.Width && height == m.Height {
		return m
	}
	out := &Mask{Width: width, Height: height, Pix: make([]float32, width*height)}
	first, end := max(left, 0), min(left+width, m.Width)
	for y := max(top, 0); y < min(top+height, m.Height) && first < end; y++ {
		copy(out.Pix[(y-top)*width+first-left:], m.Pix[y*m.Width+first:y*m.Width+end])
	}
	return out
}
