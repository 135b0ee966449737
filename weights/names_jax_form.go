package weights

import "fmt"

// axesOf is the number of axes of a JAX array and of timm's tensor; 0 for any.
func (f form) axesOf() (jax, timm int) {
	switch f {
	case dense:
		return 2, 2
	case conv:
		return 4, 4
	case intoHead, fromHead:
		return 3, 2
	case headBias:
		return 2, 1
	}
	return 0, 0
}

// check says whether t has so many axes and elements of whole bytes.
func (f form) check(t Tensor, axes int) error {
	if axes > 0 && len(t.Shape) != axes {
		return fmt.Errorf("weights names: tensor %s: found shape %v, expected %d axes; this is another model", brief(t.Name), t.Shape, axes)
	}
	if t.DType.Bits()%8 != 0 {
		return fmt.Errorf("weights names: tensor %s: found element type %s, expected whole bytes", brief(t.Name), t.DType)
	}
	return t.sized()
}

// toTimm turns a JAX array; heads is the number its shape shows, 0 for none.
func (f form) toTimm(t Tensor) (turned Tensor, heads int, err error) {
	axes, _ := f.axesOf()
	if err := f.check(t, axes); err != nil {
		return t, 0, err
	}
	switch s := t.Shape; f {
	case dense:
		return permute(t, 1, 0), 0, nil
	case conv:
		return permute(t, 3, 2, 0, 1), 0, nil
	case intoHead:
		return permute(reshape(t, s[0], s[1]*s[2]), 1, 0), s[1], nil
	case headBias:
		return reshape(t, s[0]*s[1]), s[0], nil
	case fromHead:
		return permute(reshape(t, s[0]*s[1], s[2]), 1, 0), s[0], nil
	}
	return t, 0, nil
}

// toJAX undoes toTimm. The number of heads divides the width (Describe says so),
// but a tensor may not have that width.
func (f form) toJAX(t Tensor, heads int) (Tensor, error) {
	_, axes := f.axesOf()
	if err := f.check(t, axes); err != nil {
		return t, err
	}
	split := func(n int) error {
		if n%heads != 0 {
			return fmt.Errorf("weights names: tensor %s: found shape %v, expected an axis that %d heads divide; this is another model", brief(t.Name), t.Shape, heads)
		}
		return nil
	}
	switch s := t.Shape; f {
	case dense:
		return permute(t, 1, 0), nil
	case conv:
		return permute(t, 2, 3, 1, 0), nil
	case intoHead:
		if err := split(s[0]); err != nil {
			return t, err
		}
		return reshape(permute(t, 1, 0), s[1], heads, s[0]/heads), nil
	case headBias:
		if err := split(s[0]); err != nil {
			return t, err
		}
		return reshape(t, heads, s[0]/heads), nil
	case fromHead:
		if err := split(s[1]); err != nil {
			return t, err
		}
		return reshape(permute(t, 1, 0), heads, s[1]/heads, s[0]), nil
	}
	return t, nil
}

// reshape gives the same elements other axes.
func reshape(t Tensor, shape ...int) Tensor {
	t.Shape = shape
	return t
}
