package images

import (
	"bytes"
	"testing"
)

func gifs(t testing.TB) []File {
	good := Sound(t)["gif"]
	frame := bytes.IndexByte(good[13:], ',') + 13 // behind the palette, which holds no comma
	lzw := frame + 10
	all := []File{
		{"signature alone.gif", []byte("GIF89a"), nil},
		{"header alone.gif", good[:13], nil},
		{"no frame.gif", append(bytes.Clone(good[:frame]), ';'), nil},
		{"palette cut.gif", good[:16], nil},
		{"frame cut.gif", good[:frame+6], nil},
		{"unknown block.gif", patched(good, frame, 'x'), nil},
		{"frame beside the canvas.gif", patched(good, frame+1, 200, 0), nil},
		{"frame wider than the canvas.gif", patched(good, frame+5, 0xff, 0xff), nil},
		{"codes of 12 bits.gif", patched(good, lzw, 12), nil},
		{"codes of 0 bits.gif", patched(good, lzw, 0), nil},
		{"pixels end early.gif", append(bytes.Clone(good[:lzw+1]), 1, 0, 0, ';'), nil},
		{"bomb.gif", patched(good, 6, 0xff, 0xff, 0xff, 0xff), []string{"65535 x 65535"}},
		{"no width.gif", patched(good, 6, 0, 0), nil},
		{"no height.gif", patched(good, 8, 0, 0), nil},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "GIF")
	}
	return all
}

func bmps(t testing.TB) []File {
	good := Sound(t)["bmp"]
	const width, height, bits, compression = 18, 22, 28, 30
	all := []File{
		{"signature alone.bmp", good[:14], nil},
		{"header cut.bmp", good[:40], nil},
		{"last row cut.bmp", good[:len(good)-4], nil},
		{"header of 10,000 bytes.bmp", patched(good, 14, 0x10, 0x27), nil},
		{"negative width.bmp", patched(good, width, 0xff, 0xff, 0xff, 0xff), nil},
		{"bomb.bmp", patched(patched(good, width, 0xff, 0xff, 0, 0), height, 0xff, 0xff, 0, 0), []string{"65535 x 65535"}},
		{"bomb upside down.bmp", patched(good, height, 1, 0, 0, 0x80), nil},
		{"60 million pixels of a kilobyte.bmp", patched(patched(good, width, 0x40, 0x1f, 0, 0), height, 0x4c, 0x1d, 0, 0), nil},
		{"no width.bmp", patched(good, width, 0, 0, 0, 0), nil},
		{"7 bits a pixel.bmp", patched(good, bits, 7), nil},
		{"run lengths.bmp", patched(good, compression, 1), nil},
		{"pixels beyond the end.bmp", patched(good, 10, 0, 0, 1, 0), nil},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "BMP")
	}
	return all
}
