package images

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// Tags.
const (
	tagWidth, tagHeight, tagBits, tagCompression, tagPhotometric = 256, 257, 258, 259, 262
	tagOffsets, tagRows, tagCounts                               = 273, 278, 279
	tagTileWidth, tagTileHeight, tagTileOffsets, tagTileCounts   = 322, 323, 324, 325
)

// entry is a number of a TIFF directory: count numbers of 4 bytes from an offset
// where there are several.
type entry struct {
	tag          uint16
	count, value uint32
}

// tiffOf is a gray picture of 4 x 4 with other entries; those of count 0 are left out.
func tiffOf(other ...entry) []byte {
	const pixels = 8 + 2 + 12*12 + 4 // behind a directory of at most 12
	entries := []entry{{tagWidth, 1, 4}, {tagHeight, 1, 4}, {tagBits, 1, 8}, {tagCompression, 1, 1}, {tagPhotometric, 1, 1},
		{tagOffsets, 1, pixels}, {tagRows, 1, 4}, {tagCounts, 1, 16}}
	for _, o := range other {
		entries = append(slices.DeleteFunc(entries, func(e entry) bool { return e.tag == o.tag }), o)
	}
	entries = slices.DeleteFunc(entries, func(e entry) bool { return e.count == 0 })
	slices.SortFunc(entries, func(a, b entry) int { return int(a.tag) - int(b.tag) })
	out := binary.LittleEndian.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), uint16(len(entries)))
	for _, e := range entries {
		out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(out, e.tag), 4)
		out = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(out, e.count), e.value)
	}
	return append(append(out, make([]byte, pixels-len(out))...), bytes.Repeat([]byte{9}, 16)...)
}

// Tiles is a picture of one column whose tiles are 1024 wide, all of them the
// same deflated bytes: each is unpacked anew.
func Tiles(height uint32) []byte {
	const side = 8
	tiles, packed := (height+side-1)/side, deflated(1024*side)
	head := tiffOf(entry{tag: tagOffsets}, entry{tag: tagRows}, entry{tag: tagCounts}, entry{tagWidth, 1, 1}, entry{tagHeight, 1, height},
		entry{tagCompression, 1, 8}, entry{tagTileWidth, 1, 1024}, entry{tagTileHeight, 1, side}, entry{tagTileOffsets, tiles, 512}, entry{tagTileCounts, tiles, 512 + 4*tiles})
	out := append(head, make([]byte, 512-len(head))...)
	for range tiles {
		out = binary.LittleEndian.AppendUint32(out, 512+8*tiles)
	}
	for range tiles {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(packed)))
	}
	return append(out, packed...)
}

// Strips is a picture of one column, a strip a pixel.
func Strips(n uint32) []byte {
	head := tiffOf(entry{tagWidth, 1, 1}, entry{tagHeight, 1, n}, entry{tagRows, 1, 1}, entry{tagOffsets, n, 512}, entry{tagCounts, n, 512 + 4*n})
	out := append(head, make([]byte, 512-len(head))...)
	for _, value := range []uint32{512 + 8*n, 1} { // all of them the same byte
		for range n {
			out = binary.LittleEndian.AppendUint32(out, value)
		}
	}
	return append(out, 9)
}

func tiffs(testing.TB) []File {
	all := []File{
		{"signature alone.tif", []byte("II*\x00"), nil},
		{"directory beyond the end.tif", []byte("II*\x00\xff\xff\xff\xff"), nil},
		{"directory cut.tif", []byte("II*\x00\x08\x00\x00\x00\xff\xff"), nil},
		{"the other order of bytes.tif", append([]byte("MM\x00*"), tiffOf()[4:]...), nil},
		{"no width.tif", tiffOf(entry{tagWidth, 1, 0}), nil},
		{"width left out.tif", tiffOf(entry{tag: tagWidth}), nil},
		{"bomb.tif", tiffOf(entry{tagWidth, 1, 65535}, entry{tagHeight, 1, 65535}), []string{"65535 x 65535"}},
		{"4 billion wide.tif", tiffOf(entry{tagWidth, 1, 1<<32 - 1}, entry{tagHeight, 1, 1<<32 - 1}), nil},
		{"60 million pixels of 16 bytes.tif", tiffOf(entry{tagWidth, 1, 7500}, entry{tagHeight, 1, 8000}, entry{tagRows, 1, 8000}), nil},
		{"no offsets.tif", tiffOf(entry{tag: tagOffsets}), nil},
		{"pixels beyond the end.tif", tiffOf(entry{tagOffsets, 1, 1 << 30}), nil},
		{"pixels of 4 GB.tif", tiffOf(entry{tagCounts, 1, 1<<32 - 1}), nil},
		{"4 billion offsets.tif", tiffOf(entry{tagOffsets, 1<<32 - 1, 8}), nil},
		{"rows of none.tif", tiffOf(entry{tagRows, 1, 1}), nil},
		{"unknown compression.tif", tiffOf(entry{tagCompression, 1, 999}), nil},
		{"JPEG inside.tif", tiffOf(entry{tagCompression, 1, 7}), nil},
		{"pixels that do not inflate.tif", tiffOf(entry{tagCompression, 1, 8}), nil},
		{"77 bits.tif", tiffOf(entry{tagBits, 1, 77}), nil},
		{"unknown colours.tif", tiffOf(entry{tagPhotometric, 1, 99}), nil},
		{"palette left out.tif", tiffOf(entry{tagPhotometric, 1, 3}), nil},
		{"tiles of 4 billion.tif", tiffOf(entry{tagTileWidth, 1, 1<<32 - 1}, entry{tagTileHeight, 1, 1<<32 - 1}), nil},
		{"tiles of one pixel.tif", tiffOf(entry{tagTileWidth, 1, 1}, entry{tagTileHeight, 1, 1}), nil},
		{"100,000 strips.tif", Strips(100_000), []string{"100000 strips"}},
		{"a thousand times as many pixels in tiles.tif", Tiles(2_000_000), []string{"tiles"}},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "TIFF")
	}
	return all
}
