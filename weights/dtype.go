package weights

// The element types of the format that this project only passes through.
const (
	F4         DType = "F4"
	F6E2M3     DType = "F6_E2M3"
	F6E3M2     DType = "F6_E3M2"
	I8         DType = "I8"
	F8E5M2     DType = "F8_E5M2"
	F8E4M3     DType = "F8_E4M3"
	F8E8M0     DType = "F8_E8M0"
	F8E4M3FNUZ DType = "F8_E4M3FNUZ"
	F8E5M2FNUZ DType = "F8_E5M2FNUZ"
	I16        DType = "I16"
	U16        DType = "U16"
	U32        DType = "U32"
	C64        DType = "C64"
	U64        DType = "U64"
)

// dtypeTable lists every element type of safetensors 0.8 with its width.
// The order is the reference's alignment order, which its writer sorts by.
var dtypeTable = []struct {
	dtype DType
	bits  int
}{
	{Bool, 8}, {F4, 4}, {F6E2M3, 6}, {F6E3M2, 6}, {U8, 8}, {I8, 8},
	{F8E5M2, 8}, {F8E4M3, 8}, {F8E8M0, 8}, {F8E4M3FNUZ, 8}, {F8E5M2FNUZ, 8},
	{I16, 16}, {U16, 16}, {F16, 16}, {BF16, 16}, {I32, 32}, {U32, 32}, {F32, 32},
	{C64, 64}, {F64, 64}, {I64, 64}, {U64, 64},
}

// Bits is the width of one element in bits; 0 for a type the format does not have.
func (d DType) Bits() int {
	for _, row := range dtypeTable {
		if row.dtype == d {
			return row.bits
		}
	}
	return 0
}

// rank is the place in the reference's alignment order.
func (d DType) rank() int {
	for i, row := range dtypeTable {
		if row.dtype == d {
			return i
		}
	}
	return -1
}

// byteSize is the size of a tensor in bytes. The error text says what is
// wrong: a negative axis, an overflow, or a size that is no whole byte.
func byteSize(dtype DType, shape []int) (size int64, problem string) {
	const most = int64(1) << 60 // far beyond any file, low enough for *64 bits not to wrap
	elements := int64(1)
	for _, n := range shape {
		if n < 0 {
			return 0, "a negative axis"
		}
		if n > 0 && elements > most/int64(n) {
			return 0, "more elements than any file can hold"
		}
		elements *= int64(n)
	}
	bits := int64(dtype.Bits())
	if bits == 0 {
		return 0, "an unknown element type"
	}
	if elements%8*bits%8 != 0 {
		return 0, "a size that is not a whole number of bytes"
	}
	if elements > most/8 {
		return 0, "more elements than any file can hold"
	}
	return elements/8*bits + elements%8*bits/8, ""
}
