package images

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// chunk is a part of a PNG with its checksum.
func chunk(kind string, body ...byte) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind...)
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// pngHeader announces 8-bit RGB.
func pngHeader(width, height uint32) []byte { return pngHeaderOf(width, height, 8, 2, 0) }

func pngHeaderOf(width, height uint32, depth, colours, interlace byte) []byte {
	sides := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return chunk("IHDR", append(sides, depth, colours, 0, 0, interlace)...)
}

func pngOf(chunks ...[]byte) []byte { return append([]byte(pngSignature), bytes.Join(chunks, nil)...) }

// deflated is n zeros.
func deflated(n int) []byte {
	var packed bytes.Buffer
	w, zeros := zlib.NewWriter(&packed), make([]byte, 1<<16)
	for ; n > 0; n -= len(zeros) {
		w.Write(zeros[:min(n, len(zeros))]) // a bytes.Buffer never fails
	}
	w.Close()
	return packed.Bytes()
}

// BlackPNG is a sound black picture of any size, a thousandth of it in bytes.
func BlackPNG(width, height uint32) []byte {
	return pngOf(pngHeaderOf(width, height, 8, 0, 0), chunk("IDAT", deflated(int(height)*(int(width)+1))...), chunk("IEND"))
}

func pngs(t testing.TB) []File {
	good := Sound(t)["png"]
	idat := bytes.Index(good, []byte("IDAT")) - 4
	small, some, end := pngHeader(4, 4), chunk("IDAT", deflated(4*13)...), chunk("IEND")
	palette := pngHeaderOf(4, 4, 8, 3, 0)
	all := []File{
		{"signature alone.png", []byte(pngSignature), nil},
		{"header alone.png", good[:33], nil},
		{"without IEND.png", good[:len(good)-12], nil},
		{"last byte cut.png", good[:len(good)-1], nil},
		{"checksum of the header.png", patched(good, 20, 1), nil},
		{"checksum of the pixels.png", patched(good, idat+20, good[idat+20]^1), nil},
		{"chunk of 2 GB.png", patched(good, idat, 0x7f, 0xff, 0xff, 0xff), nil},
		{"chunk of 4 GB.png", patched(good, idat, 0xff, 0xff, 0xff, 0xff), nil},
		{"no pixels.png", pngOf(small, end), nil},
		{"pixels that do not inflate.png", pngOf(small, chunk("IDAT", 0x78, 0x9c, 1, 2, 3, 4), end), nil},
		{"too few pixels.png", pngOf(small, chunk("IDAT", deflated(20)...), end), nil},
		{"too many pixels.png", pngOf(small, chunk("IDAT", deflated(1<<20)...), end), nil},
		{"wrong filter.png", pngOf(small, chunk("IDAT", filtered(9)...), end), nil},
		{"two headers.png", pngOf(small, small, some, end), nil},
		{"no palette.png", pngOf(palette, chunk("IDAT", deflated(4*5)...), end), nil},
		{"palette of 300.png", pngOf(palette, chunk("PLTE", make([]byte, 900)...), chunk("IDAT", deflated(4*5)...), end), nil},
		{"transparency before its palette.png", pngOf(palette, chunk("tRNS", 0), chunk("PLTE", 0, 0, 0), chunk("IDAT", deflated(4*5)...), end), nil},
		{"3 bits a pixel.png", pngOf(pngHeaderOf(4, 4, 3, 0, 0), some, end), nil},
		{"colour type 5.png", pngOf(pngHeaderOf(4, 4, 8, 5, 0), some, end), nil},
		{"interlacing 2.png", pngOf(pngHeaderOf(4, 4, 8, 2, 2), some, end), nil},
		{"60 million pixels of 60 bytes.png", pngOf(pngHeader(7500, 8000), some, end), nil},
		{"bomb square.png", pngOf(pngHeader(65535, 65535)), []string{"65535 x 65535"}},
		{"bomb line.png", pngOf(pngHeader(1<<31-1, 1)), []string{"2147483647 x 1"}},
		{"more than 2 billion wide.png", pngOf(pngHeader(1<<32-1, 1)), nil},
		{"over 64 million.png", pngOf(pngHeader(8001, 8000)), []string{"64 million"}},
		{"no width.png", pngOf(pngHeader(0, 5), some, end), nil},
		{"no height.png", pngOf(pngHeader(5, 0), some, end), nil},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "PNG")
	}
	return all
}

// filtered is pixels of 4 x 4 RGB with one filter for each row.
func filtered(filter byte) []byte {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	w.Write(bytes.Repeat(append([]byte{filter}, make([]byte, 12)...), 4))
	w.Close()
	return slices.Clone(packed.Bytes())
}

// EmptyPNG announces a size and holds a few pixels.
func EmptyPNG(width, height uint32) []byte {
	return pngOf(pngHeader(width, height), chunk("IDAT", deflated(64)...), chunk("IEND"))
}
