package weights

import "slices"

// rowMajor turns data whose first axis is fastest into row-major data.
func rowMajor(t Tensor) Tensor {
	axes := make([]int, len(t.Shape))
	for i := range axes {
		axes[i] = len(axes) - 1 - i
	}
	stored := t
	stored.Shape = slices.Clone(t.Shape)
	slices.Reverse(stored.Shape)
	return permute(stored, axes...)
}

// permute reorders the axes: axis i of the result is axis axes[i] of t. The
// elements keep their bits.
func permute(t Tensor, axes ...int) Tensor {
	width := t.DType.Bits() / 8
	strides := make([]int, len(t.Shape)) // in bytes
	for i, stride := len(t.Shape)-1, width; i >= 0; i-- {
		strides[i] = stride
		stride *= t.Shape[i]
	}
	out := Tensor{Name: t.Name, DType: t.DType, Shape: make([]int, len(axes)), Data: make([]byte, 0, len(t.Data))}
	steps := make([]int, len(axes))
	for i, axis := range axes {
		out.Shape[i], steps[i] = t.Shape[axis], strides[axis]
	}
	if len(t.Data) == 0 {
		return out
	}
	var walk func(axis, at int)
	walk = func(axis, at int) {
		if axis == len(axes) {
			out.Data = append(out.Data, t.Data[at:at+width]...)
			return
		}
		for range out.Shape[axis] {
			walk(axis+1, at)
			at += steps[axis]
		}
	}
	walk(0, 0)
	return out
}
