package weights

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// NotFiniteError is the error of a tensor that holds NaN or infinite values.
type NotFiniteError struct {
	Tensor  string
	Bad, Of int // values
	First   int // element
}

func (e *NotFiniteError) Error() string {
	return fmt.Sprintf("tensor %s: found %d of %d values NaN or infinite (first at element %d), expected finite weights; "+
		"the run that wrote them diverged: take an earlier checkpoint", brief(e.Tensor), e.Bad, e.Of, e.First)
}

// CheckFinite reports the first tensor that holds NaN or infinite values and
// how many, as a [NotFiniteError]; it looks at F32, F64, F16 and BF16.
func (f *File) CheckFinite() error {
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if bad, first := t.notFinite(); bad > 0 {
			return &NotFiniteError{t.Name, bad, t.Len(), first}
		}
	}
	return nil
}

// CheckRange reports the first tensor of F64 values that float32, which models
// run in, cannot hold.
func (f *File) CheckRange() error {
	for i := range f.Tensors {
		if t := &f.Tensors[i]; t.DType == F64 {
			if _, err := t.Float32s(); err != nil {
				return fmt.Errorf("%w; the run that wrote them diverged: take an earlier checkpoint", err)
			}
		}
	}
	return nil
}

// Finite is the file with 0 in place of NaN and infinity, and how many values
// that were in which tensor. Tensors without any are shared with f.
func (f *File) Finite() (*File, map[string]int) {
	out, zeroed := &File{Tensors: slices.Clone(f.Tensors), Metadata: f.Metadata}, map[string]int{}
	for i := range out.Tensors {
		t := &out.Tensors[i]
		if bad, _ := t.notFinite(); bad > 0 {
			t.Data, zeroed[t.Name] = slices.Clone(t.Data), bad
			width := t.DType.Bits() / 8
			t.eachNotFinite(func(element int) { clear(t.Data[element*width : (element+1)*width]) })
		}
	}
	return out, zeroed
}

// notFinite counts the elements that are NaN or infinite.
func (t *Tensor) notFinite() (count, first int) {
	t.eachNotFinite(func(element int) {
		if count == 0 {
			first = element
		}
		count++
	})
	return count, first
}

// eachNotFinite goes by the exponent's bits alone: all ones mean NaN or
// infinity. A loop a width, as it runs over every checkpoint.
func (t *Tensor) eachNotFinite(do func(element int)) {
	switch t.DType {
	case F32:
		for i := 0; i+4 <= len(t.Data); i += 4 {
			if binary.LittleEndian.Uint32(t.Data[i:])&0x7f800000 == 0x7f800000 {
				do(i / 4)
			}
		}
	case F64:
		const mask = 0x7ff0000000000000
		for i := 0; i+8 <= len(t.Data); i += 8 {
			if binary.LittleEndian.Uint64(t.Data[i:])&mask == mask {
				do(i / 8)
			}
		}
	case F16, BF16:
		mask := uint16(0x7c00)
		if t.DType == BF16 {
			mask = 0x7f80
		}
		for i := 0; i+2 <= len(t.Data); i += 2 {
			if binary.LittleEndian.Uint16(t.Data[i:])&mask == mask {
				do(i / 2)
			}
		}
	}
}
