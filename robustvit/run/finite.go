package run

import (
	"encoding/binary"
	"fmt"

	"github.com/robustvit/workbench/weights"
)

// allFinite refuses a state with NaN or infinity: such a checkpoint is whole
// but useless, and it would push out a good one.
func allFinite(f *weights.File) error {
	for _, t := range f.Tensors {
		if n := nonFinite(t); n > 0 {
			return fmt.Errorf("tensor %q has %d values that are NaN or infinite; the checkpoint before stays the newest", t.Name, n)
		}
	}
	return nil
}

// nonFinite counts values whose exponent bits are all set.
func nonFinite(t weights.Tensor) (n int) {
	switch t.DType {
	case weights.F32:
		for b := t.Data; len(b) >= 4; b = b[4:] {
			if binary.LittleEndian.Uint32(b)&0x7f800000 == 0x7f800000 {
				n++
			}
		}
	case weights.F64:
		for b := t.Data; len(b) >= 8; b = b[8:] {
			if binary.LittleEndian.Uint64(b)&0x7ff0000000000000 == 0x7ff0000000000000 {
				n++
			}
		}
	case weights.F16, weights.BF16:
		exponent := uint16(0x7c00)
		if t.DType == weights.BF16 {
			exponent = 0x7f80
		}
		for b := t.Data; len(b) >= 2; b = b[2:] {
			if binary.LittleEndian.Uint16(b)&exponent == exponent {
				n++
			}
		}
	}
	return n
}
