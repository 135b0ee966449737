package mat73

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Kind is what the elements of an array are.
type Kind uint8

// The kinds of element that are read.
const (
	Unsigned Kind = iota
	Signed
	Float
	Reference // to another object: a cell array
)

// Type is the element type of an array.
type Type struct {
	Kind  Kind
	Bytes int // 1, 2, 4 or 8
	big   bool
}

// String is MATLAB's name: uint8, int32, double, cell.
func (t Type) String() string {
	switch {
	case t.Kind == Unsigned:
		return fmt.Sprintf("uint%d", 8*t.Bytes)
	case t.Kind == Signed:
		return fmt.Sprintf("int%d", 8*t.Bytes)
	case t.Kind == Reference:
		return "cell"
	case t.Bytes == 4:
		return "single"
	}
	return "double"
}

// classes are HDF5's names of what a datatype may be, by number.
var classes = [...]string{"fixed-point", "floating-point", "time", "string", "bit field", "opaque", "compound",
	"reference", "enumeration", "variable-length", "array", "complex"}

func typeOf(c *cursor) (Type, error) {
	class, flags := c.uint(1)&15, c.uint(3)
	t := Type{Bytes: c.size(4, 1<<30)}
	if c.err != nil {
		return t, c.err
	}
	var err error
	switch class {
	case 0:
		err = t.integer(c, flags)
	case 1:
		err = t.float(c, flags)
	case 7:
		t.Kind = Reference
		if t.Bytes != 8 || flags&15 != 0 {
			err = unsupported("references of kind %d with %d bytes, expected object references of 8", flags&15, t.Bytes)
		}
	default:
		name := fmt.Sprint(class)
		if int(class) < len(classes) {
			name = classes[class]
		}
		err = unsupported("elements are of the class %s, expected numbers or references", name)
	}
	if err == nil {
		err = c.err
	}
	return t, err
}

func (t *Type) integer(c *cursor, flags uint64) error {
	t.big = flags&1 != 0
	if flags&8 != 0 {
		t.Kind = Signed
	}
	offset, precision := c.uint(2), c.uint(2)
	if c.err == nil && (t.Bytes != 1 && t.Bytes != 2 && t.Bytes != 4 && t.Bytes != 8 || offset != 0 || precision != uint64(8*t.Bytes)) {
		return unsupported("integers of %d bits from bit %d in %d bytes, expected all bits of 1, 2, 4 or 8 bytes", precision, offset, t.Bytes)
	}
	return nil
}

// float knows IEEE 754 single and double precision.
func (t *Type) float(c *cursor, flags uint64) error {
	t.Kind, t.big = Float, flags&1 != 0
	var found [6]uint64 // precision; exponent's first bit and bits; mantissa's first bit and bits; bias
	offset := c.uint(2)
	for i, width := range []int{2, 1, 1, 1, 1, 4} {
		found[i] = c.uint(width)
	}
	single, double := [6]uint64{32, 23, 8, 0, 23, 127}, [6]uint64{64, 52, 11, 0, 52, 1023}
	if c.err == nil && (offset != 0 || flags&64 != 0 || !(t.Bytes == 4 && found == single) && !(t.Bytes == 8 && found == double)) {
		return unsupported("floating-point numbers of %d bytes that are not IEEE 754's single or double", t.Bytes)
	}
	return nil
}

// Array is an array with its values, in the order of the file.
type Array struct {
	*Dataset
	raw []byte
}

// Bytes are the values themselves where an element is one byte; they are
// shared, not copied. Other arrays give nil.
func (a *Array) Bytes() []byte {
	if a.Type.Kind == Unsigned && a.Type.Bytes == 1 {
		return a.raw
	}
	return nil
}

// Float is the value of element i.
func (a *Array) Float(i int) float64 {
	bits := a.bits(i)
	switch {
	case a.Type.Kind == Signed:
		unused := 64 - 8*a.Type.Bytes
		return float64(int64(bits<<unused) >> unused)
	case a.Type.Kind == Float && a.Type.Bytes == 4:
		return float64(math.Float32frombits(uint32(bits)))
	case a.Type.Kind == Float:
		return math.Float64frombits(bits)
	}
	return float64(bits)
}

// Ref is element i of a cell array.
func (a *Array) Ref(i int) Ref { return Ref(a.bits(i)) }

func (a *Array) bits(i int) uint64 {
	var padded [8]byte
	element := a.raw[i*a.Type.Bytes:][:a.Type.Bytes]
	if a.Type.big {
		copy(padded[8-len(element):], element)
		return binary.BigEndian.Uint64(padded[:])
	}
	copy(padded[:], element)
	return binary.LittleEndian.Uint64(padded[:])
}
