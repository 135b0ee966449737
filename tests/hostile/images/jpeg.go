package images

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// Markers.
const (
	startOfImage, endOfImage                            = 0xd8, 0xd9
	huffman, quantisation, startOfScan                  = 0xc4, 0xdb, 0xda
	baseline, progressive, losslessFrame, arithmeticHuf = 0xc0, 0xc2, 0xc3, 0xc9
)

// segment is a marker with its body.
func segment(marker byte, body ...byte) []byte {
	return append(append([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...), body...)
}

// frame announces gray, one byte a pixel.
func frame(marker byte, width, height uint16) []byte {
	body := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, height), width)
	return segment(marker, append(body, 1, 1, 0x11, 0)...)
}

// Scans is a progressive JPEG whose scans change nothing: each visits every
// block and takes a few bytes.
func Scans(width, height uint16, scans int) []byte {
	one := append(make([]byte, 65), 0)[:65] // a table of ones
	for i := range one[1:] {
		one[1+i] = 1
	}
	table := func(class, symbol byte) []byte { // one code, a single 0 bit
		return segment(huffman, append(append([]byte{class << 4, 1}, make([]byte, 15)...), symbol)...)
	}
	const longRun = 0xe0 // ends 16384 blocks and as many as 14 more bits say
	blocks := (int(width) + 7) / 8 * ((int(height) + 7) / 8)
	nothing := make([]byte, blocks/8+1)               // DC: a 0 bit a block
	run := bytes.Repeat([]byte{0, 0}, blocks/16384+1) // AC: 15 bits each; what is left over is not read
	parts := [][]byte{{0xff, startOfImage}, segment(quantisation, one...), frame(progressive, width, height), table(0, 0), table(1, longRun)}
	parts = append(parts, segment(startOfScan, 1, 1, 0, 0, 0, 0), nothing)
	for range scans - 1 {
		parts = append(parts, segment(startOfScan, 1, 1, 0, 1, 63, 0), run)
	}
	return append(bytes.Join(parts, nil), 0xff, endOfImage)
}

func jpegs(t testing.TB) []File {
	good := Sound(t)["jpg"]
	start := []byte{0xff, startOfImage}
	of := func(parts ...[]byte) []byte {
		return append(append(start, bytes.Join(parts, nil)...), 0xff, endOfImage)
	}
	at := func(marker byte) int { return bytes.Index(good, []byte{0xff, marker}) }
	without := func(marker byte) []byte { // every segment of this kind left out
		content := bytes.Clone(good)
		for i := bytes.Index(content, []byte{0xff, marker}); i >= 0; i = bytes.Index(content, []byte{0xff, marker}) {
			content = append(content[:i], content[i+2+int(binary.BigEndian.Uint16(content[i+2:])):]...)
		}
		return content
	}
	size := at(baseline) + 5
	all := []File{
		{"signature alone.jpg", []byte("\xff\xd8\xff"), nil},
		{"nothing between start and end.jpg", of(), nil},
		{"start twice.jpg", of(start, start), nil},
		{"frame alone.jpg", of(frame(baseline, 8, 8)), nil},
		{"scan without a frame.jpg", of(segment(startOfScan, 1, 1, 0, 0, 63, 0)), nil},
		{"end of the pixels missing.jpg", good[:len(good)-20], nil},
		{"end missing.jpg", good[:at(startOfScan)+14], nil},
		{"segment of no bytes.jpg", patched(good, at(quantisation)+2, 0, 0), nil},
		{"segment beyond the end.jpg", patched(good, at(quantisation)+2, 0xff, 0xff), nil},
		{"no quantisation.jpg", without(quantisation), nil},
		{"no codes.jpg", without(huffman), nil},
		{"codes that overlap.jpg", patched(good, at(huffman)+5, 255, 255, 255), nil},
		{"five components.jpg", patched(good, size+4, 5), nil},
		{"no component.jpg", patched(good, size+4, 0), nil},
		{"sampled 7 times.jpg", patched(good, size+6, 0x77), nil},
		{"12 bits.jpg", patched(good, size-1, 12), nil},
		{"lossless.jpg", patched(good, at(baseline)+1, losslessFrame), nil},
		{"arithmetic.jpg", patched(good, at(baseline)+1, arithmeticHuf), nil},
		{"bomb.jpg", patched(good, size, 0xff, 0xff, 0xff, 0xff), []string{"65535 x 65535"}},
		{"63 million pixels of a kilobyte.jpg", patched(good, size, 0x1f, 0x00, 0x1f, 0x00), nil},
		{"no width.jpg", patched(good, size+2, 0, 0), nil},
		{"no height.jpg", patched(good, size, 0, 0), nil},
		{"200 scans.jpg", Scans(16, 16, 200), []string{"scans"}},
		{"5000 scans of 48 million pixels.jpg", Scans(8000, 6000, 5000), []string{"scans"}},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "JPEG")
	}
	return all
}
