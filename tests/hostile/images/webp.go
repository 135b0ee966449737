package images

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// riff is a WebP container of these chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(kind string, body ...byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	return append(out, make([]byte, len(body)%2)...)
}

// canvas is the header of an animation or of a picture with alpha.
func canvas(flags byte, width, height uint32) []byte {
	return riffChunk("VP8X", flags, 0, 0, 0, byte(width-1), byte((width-1)>>8), byte((width-1)>>16), byte(height-1), byte((height-1)>>8), byte((height-1)>>16))
}

func webps(t testing.TB) []File {
	lossless, lossy := stored(t, "lossless.webp"), stored(t, "lossy.webp")
	bits := lossless[12:] // its one chunk, with the head
	const animated, side = 2, 37
	inFrame := func(x, width uint32) []byte {
		head := []byte{byte(x), 0, 0, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), 0, 28, 0, 0, 100, 0, 0, 0}
		return riffChunk("ANMF", append(head, bits...)...)
	}
	start := bytes.Index(lossy, []byte{0x9d, 0x01, 0x2a})
	all := []File{
		{"signature alone.webp", riff(), nil},
		{"canvas alone.webp", riff(canvas(0, side, 29)), nil},
		{"alpha alone.webp", riff(canvas(16, side, 29), riffChunk("ALPH", 0, 1, 2)), nil},
		{"lossy, cut.webp", lossy[:len(lossy)/2], nil},
		{"lossy, without its start.webp", patched(lossy, start, 0), nil},
		{"lossy, no key frame.webp", patched(lossy, start-3, lossy[start-3]|1), nil},
		{"lossy, bomb.webp", patched(lossy, start+3, 0xff, 0x3f, 0xff, 0x3f), []string{"16383 x 16383"}},
		{"lossy, no width.webp", patched(lossy, start+3, 0, 0), nil},
		{"lossless, without its letter.webp", patched(lossless, 20, 0), nil},
		{"lossless, version 7.webp", patched(lossless, 24, lossless[24]|0xe0), nil},
		{"bomb.webp", patched(lossless, 21, 0xff, 0xff, 0xff, 0x0f), []string{"16384 x 16384"}},
		{"canvas of 16 million.webp", riff(canvas(animated, 1<<24, 1<<24), inFrame(0, side)), []string{"16777216"}},
		{"frame beside the canvas.webp", riff(canvas(animated, side, 29), inFrame(30, side)), nil},
		{"frame of another size.webp", riff(canvas(animated, side, 29), inFrame(0, 12)), nil},
		{"chunk of 4 GB.webp", patched(lossless, 16, 0xff, 0xff, 0xff, 0xff)[:60], nil},
		{"noise for pixels.webp", patched(lossless, 26, bytes.Repeat([]byte{0xa5, 0x5a, 0xff}, 60)...), nil},
	}
	for i := range all {
		all[i].Says = append(all[i].Says, "WebP")
	}
	return all
}
