package data

import "encoding/binary"

// The least bytes of a picture, by its header: decoders allocate all pixels
// before they find that a file is cut.

// leastPNG: deflate packs at most 1032 to 1.
func leastPNG(content []byte, width, height int64) int64 {
	const depth, colours = 24, 25 // offsets in the file
	channels := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[content[colours]]
	return height * (1 + width*channels*int64(content[depth])/8) / 1032
}

// leastJPEG: a block of 8 x 8 pixels takes a bit at least.
func leastJPEG(_ []byte, width, height int64) int64 { return width * height / (8 * 8 * 8) }

// leastBMP: nothing is packed.
func leastBMP(content []byte, width, height int64) int64 {
	const bits = 28 // offset in the file
	return height * width * int64(binary.LittleEndian.Uint16(content[bits:])) / 8
}
