package mat73

import (
	"encoding/binary"
	"math/bits"
)

// Lookup3 is Bob Jenkins' hash of 2006 (hashlittle, initial value 0), with
// which HDF5 guards its newer structures.
func Lookup3(data []byte) uint32 {
	a := 0xdeadbeef + uint32(len(data))
	b, c := a, a
	for len(data) > 12 {
		a += binary.LittleEndian.Uint32(data)
		b += binary.LittleEndian.Uint32(data[4:])
		c += binary.LittleEndian.Uint32(data[8:])
		a, b, c = stir(a, b, c)
		data = data[12:]
	}
	if len(data) == 0 {
		return c
	}
	var last [12]byte
	copy(last[:], data)
	a += binary.LittleEndian.Uint32(last[:])
	b += binary.LittleEndian.Uint32(last[4:])
	c += binary.LittleEndian.Uint32(last[8:])
	return settle(a, b, c)
}

// stir is the mixing step between two blocks.
func stir(a, b, c uint32) (uint32, uint32, uint32) {
	for _, turn := range [2][3]int{{4, 6, 8}, {16, 19, 4}} {
		a = a - c ^ bits.RotateLeft32(c, turn[0])
		c += b
		b = b - a ^ bits.RotateLeft32(a, turn[1])
		a += c
		c = c - b ^ bits.RotateLeft32(b, turn[2])
		b += a
	}
	return a, b, c
}

// settle is the final mixing.
func settle(a, b, c uint32) uint32 {
	c = (c ^ b) - bits.RotateLeft32(b, 14)
	a = (a ^ c) - bits.RotateLeft32(c, 11)
	b = (b ^ a) - bits.RotateLeft32(a, 25)
	c = (c ^ b) - bits.RotateLeft32(b, 16)
	a = (a ^ c) - bits.RotateLeft32(c, 4)
	b = (b ^ a) - bits.RotateLeft32(a, 14)
	return (c ^ b) - bits.RotateLeft32(b, 24)
}

// fletcher32 sums 16-bit words in big-endian order, as HDF5's filter does. The
// carry goes round, so that 65535 stays itself and does not become 0.
func fletcher32(data []byte) uint32 {
	var first, second uint32
	for i := 0; i < len(data); i += 2 {
		word := uint32(data[i]) << 8
		if i+1 < len(data) {
			word |= uint32(data[i+1])
		}
		first += word
		first = first&0xffff + first>>16
		second += first
		second = second&0xffff + second>>16
	}
	return second<<16 | first
}
