package weights

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
)

// SHA256 is the hash of the content: names, element types, shapes and data,
// whatever the order of the tensors and without the metadata. Files that hold
// the same weights have the same hash.
func (f *File) SHA256() string {
	tensors := make([]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		tensors[i] = &f.Tensors[i]
	}
	slices.SortFunc(tensors, func(a, b *Tensor) int { return cmp.Compare(a.Name, b.Name) })
	hash := sha256.New()
	number := func(n int) { hash.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	number(len(tensors))
	for _, t := range tensors {
		// Each part with its length: no two contents share one byte stream.
		for _, text := range []string{t.Name, string(t.DType)} {
			number(len(text))
			io.WriteString(hash, text)
		}
		number(len(t.Shape))
		for _, axis := range t.Shape {
			number(axis)
		}
		number(len(t.Data))
		hash.Write(t.Data)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// FileSHA256 is the hash of a file's bytes, as sha256sum prints it.
func FileSHA256(path string) (string, error) {
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", fmt.Errorf("hash file %q: %w", path, reason(err))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// CheckFinite reports the first tensor that holds NaN or infinite values and
// how many; it looks at F32, F64, F16 and BF16.
func (f *File) CheckFinite() error {
	for i := range f.Tensors {
		t := &f.Tensors[i]
		bad, first := t.notFinite()
		if bad > 0 {
			return fmt.Errorf("tensor %s: found %d of %d values NaN or infinite (first at element %d), expected finite weights; "+
				"the run that wrote them diverged: take an earlier checkpoint", brief(t.Name), bad, t.Len(), first)
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

// notFinite counts by exponent bits alone: all ones means NaN or infinity.
func (t *Tensor) notFinite() (count, first int) {
	bad := func(at int) {
		if count == 0 {
			first = at
		}
		count++
	}
	switch t.DType {
	case F32:
		for i := 0; i+4 <= len(t.Data); i += 4 {
			if binary.LittleEndian.Uint32(t.Data[i:])&0x7f800000 == 0x7f800000 {
				bad(i / 4)
			}
		}
	case F64:
		for i := 0; i+8 <= len(t.Data); i += 8 {
			v := math.Float64frombits(binary.LittleEndian.Uint64(t.Data[i:]))
			if math.IsNaN(v) || math.IsInf(v, 0) {
				bad(i / 8)
			}
		}
	case F16, BF16:
		mask := uint16(0x7c00)
		if t.DType == BF16 {
			mask = 0x7f80
		}
		for i := 0; i+2 <= len(t.Data); i += 2 {
			if binary.LittleEndian.Uint16(t.Data[i:])&mask == mask {
				bad(i / 2)
			}
		}
	}
	return count, first
}
