package weights

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Len is the number of elements, 1 for a scalar.
func (t *Tensor) Len() int {
	n := 1
	for _, axis := range t.Shape {
		n *= axis
	}
	return n
}

// Get finds a tensor by name. The pointer leads into f: what is changed there changes f.
func (f *File) Get(name string) (*Tensor, bool) {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i], true
		}
	}
	return nil, false
}

// Float32s returns the elements of an F32, F64, F16 or BF16 tensor in row-major
// order. A finite F64 beyond float32's range is an error, not an infinity.
func (t *Tensor) Float32s() ([]float32, error) {
	if t.DType == F32 {
		if err := t.sized(); err != nil {
			return nil, err
		}
		values := make([]float32, len(t.Data)/4)
		for i := range values {
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
		return values, nil
	}
	wide, err := t.Float64s()
	if err != nil {
		return nil, err
	}
	values := make([]float32, len(wide))
	for i, v := range wide {
		values[i] = float32(v)
		if math.IsInf(float64(values[i]), 0) && !math.IsInf(v, 0) {
			return nil, fmt.Errorf("tensor %s: element %d is %g, beyond the range of float32", brief(t.Name), i, v)
		}
	}
	return values, nil
}

// Float64s returns the elements of an F64, F32, F16 or BF16 tensor, all exact.
func (t *Tensor) Float64s() ([]float64, error) {
	if err := t.sized(); err != nil {
		return nil, err
	}
	at, width := t.floatAt()
	if at == nil {
		return nil, fmt.Errorf("tensor %s: found element type %s, expected a floating-point type (F32, F64, F16, BF16)", brief(t.Name), t.DType)
	}
	values := make([]float64, len(t.Data)/width)
	for i := range values {
		values[i] = at(t.Data[i*width:])
	}
	return values, nil
}

// floatAt gives the decoder of one element and its width in bytes; nil for other types.
func (t *Tensor) floatAt() (at func([]byte) float64, width int) {
	switch t.DType {
	case F64:
		return func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }, 8
	case F32:
		return func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) }, 4
	case BF16: // the upper half of a float32
		return func(b []byte) float64 {
			return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
		}, 2
	case F16:
		return func(b []byte) float64 { return float16(binary.LittleEndian.Uint16(b)) }, 2
	}
	return nil, 0
}

// float16 is the value of an IEEE 754 half: 1 sign, 5 exponent, 10 fraction bits.
func float16(bits uint16) float64 {
	sign := 1.0
	if bits&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&31), float64(bits&0x3ff)
	switch exponent {
	case 0: // subnormal
		return sign * fraction * 0x1p-24
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1+fraction/1024, exponent-15)
}

// Int64s returns the elements of an I64, I32 or U8 tensor.
func (t *Tensor) Int64s() ([]int64, error) {
	if err := t.sized(); err != nil {
		return nil, err
	}
	var values []int64
	switch t.DType {
	case I64:
		for b := t.Data; len(b) > 0; b = b[8:] {
			values = append(values, int64(binary.LittleEndian.Uint64(b)))
		}
	case I32:
		for b := t.Data; len(b) > 0; b = b[4:] {
			values = append(values, int64(int32(binary.LittleEndian.Uint32(b))))
		}
	case U8:
		for _, b := range t.Data {
			values = append(values, int64(b))
		}
	default:
		return nil, fmt.Errorf("tensor %s: found element type %s, expected an integer type (I64, I32, U8)", brief(t.Name), t.DType)
	}
	return values, nil
}

// sized guards tensors built by hand: Read and Write check the same.
func (t *Tensor) sized() error {
	size, problem := byteSize(t.DType, t.Shape)
	if problem != "" {
		return fmt.Errorf("tensor %s: %s %v: %s", brief(t.Name), t.DType, t.Shape, problem)
	}
	if int64(len(t.Data)) != size {
		return fmt.Errorf("tensor %s: found %d bytes of data, expected %d for %s %v", brief(t.Name), len(t.Data), size, t.DType, t.Shape)
	}
	return nil
}

// Float32Tensor packs values, row-major, as an F32 tensor. A shape that does
// not fit their number is reported by Write.
func Float32Tensor(name string, shape []int, values []float32) Tensor {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(v))
	}
	return Tensor{Name: name, DType: F32, Shape: slices.Clone(shape), Data: data}
}

// Float64Tensor packs values as an F64 tensor.
func Float64Tensor(name string, shape []int, values []float64) Tensor {
	data := make([]byte, 8*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint64(data[8*i:], math.Float64bits(v))
	}
	return Tensor{Name: name, DType: F64, Shape: slices.Clone(shape), Data: data}
}

// Int64Tensor packs values as an I64 tensor.
func Int64Tensor(name string, shape []int, values []int64) Tensor {
	data := make([]byte, 8*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint64(data[8*i:], uint64(v))
	}
	return Tensor{Name: name, DType: I64, Shape: slices.Clone(shape), Data: data}
}

// Int32Tensor packs values as an I32 tensor.
func Int32Tensor(name string, shape []int, values []int32) Tensor {
	data := make([]byte, 4*len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint32(data[4*i:], uint32(v))
	}
	return Tensor{Name: name, DType: I32, Shape: slices.Clone(shape), Data: data}
}

// Uint8Tensor packs bytes (a mask, an image, a random state) as a U8 tensor.
func Uint8Tensor(name string, shape []int, values []uint8) Tensor {
	return Tensor{Name: name, DType: U8, Shape: slices.Clone(shape), Data: slices.Clone(values)}
}
