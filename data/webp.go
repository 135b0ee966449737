package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"
	"golang.org/x/image/webp"
)

// webpFrame is the picture of a WebP container: the only one, or the first of
// an animation.
type webpFrame struct {
	width, height int // of the canvas
	frame         image.Rectangle
	chunks        []webpChunk // what belongs to the frame: ALPH, then VP8 or VP8L
}

type webpChunk struct {
	id   string
	data []byte
}

var errWebP = errors.New("its chunks do not form a WebP picture")

// splitChunks reads a RIFF chunk list. A last chunk that is cut is kept as far as
// it goes: the decoder reports it.
func splitChunks(content []byte) []webpChunk {
	var chunks []webpChunk
	for len(content) >= 8 {
		size := int64(binary.LittleEndian.Uint32(content[4:]))
		end := min(8+size, int64(len(content)))
		chunks = append(chunks, webpChunk{string(content[:4]), content[8:end]})
		content = content[min(end+size%2, int64(len(content))):]
	}
	return chunks
}

// openWebP finds the first frame and checks the size that its bitstream will
// allocate, which no outer header bounds.
func openWebP(content []byte) (*webpFrame, error) {
	f := &webpFrame{}
	chunks := splitChunks(content[min(12, len(content)):])
	for _, c := range chunks {
		switch {
		case c.id == "VP8X" && len(c.data) >= 10:
			f.width, f.height = 1+uint24(c.data[4:]), 1+uint24(c.data[7:])
		case c.id == "ANMF" && len(c.data) >= 16:
			x, y := 2*uint24(c.data), 2*uint24(c.data[3:])
			f.frame = image.Rect(x, y, x+1+uint24(c.data[6:]), y+1+uint24(c.data[9:]))
			return f, f.use(splitChunks(c.data[16:]))
		}
	}
	return f, f.use(chunks)
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// use takes the chunks of one frame.
func (f *webpFrame) use(chunks []webpChunk) error {
	for _, c := range chunks {
		if c.id != "VP8 " && c.id != "VP8L" {
			if c.id == "ALPH" {
				f.chunks = append(f.chunks, c)
			}
			continue
		}
		width, height, err := c.size()
		if err != nil {
			return err
		}
		if f.width == 0 {
			f.width, f.height = width, height
		}
		if f.frame.Empty() {
			f.frame = image.Rect(0, 0, f.width, f.height)
		}
		if f.frame.Dx() != width || f.frame.Dy() != height || !f.frame.In(image.Rect(0, 0, f.width, f.height)) {
			return errWebP
		}
		f.chunks = append(f.chunks, c)
		return nil
	}
	return errWebP
}

// size reads the bitstream's own header.
func (c webpChunk) size() (width, height int, err error) {
	if c.id == "VP8L" {
		config, err := vp8l.DecodeConfig(bytes.NewReader(c.data))
		return config.Width, config.Height, err
	}
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(c.data), len(c.data))
	header, err := d.DecodeFrameHeader()
	return header.Width, header.Height, err
}

func configWebP(content []byte) (image.Config, error) {
	f, err := openWebP(content)
	return image.Config{ColorModel: color.NRGBAModel, Width: f.width, Height: f.height}, err
}

// decodeWebP decodes the frame as a file of its own and places it on the canvas.
func decodeWebP(content []byte) (image.Image, error) {
	f, err := openWebP(content)
	if err != nil {
		return nil, err
	}
	img, err := webp.Decode(bytes.NewReader(f.file()))
	if err != nil || f.frame == image.Rect(0, 0, f.width, f.height) {
		return img, err
	}
	part := picture{Image: img, format: &format{name: "WebP"}}.rgb()
	canvas := image.NewNRGBA(image.Rect(0, 0, f.width, f.height))
	for i := 3; i < len(canvas.Pix); i += 4 {
		canvas.Pix[i] = 255
	}
	for y := range part.Height {
		for x := range part.Width {
			copy(canvas.Pix[canvas.PixOffset(f.frame.Min.X+x, f.frame.Min.Y+y):], part.Pix[3*(y*part.Width+x):][:3])
		}
	}
	return canvas, nil
}

// file writes the frame's chunks as a WebP file.
func (f *webpFrame) file() []byte {
	body := []byte("WEBP")
	last := f.chunks[len(f.chunks)-1]
	if len(f.chunks) > 1 && last.id == "VP8 " {
		header := []byte{1 << 4, 0, 0, 0} // has alpha
		for _, side := range []int{f.frame.Dx() - 1, f.frame.Dy() - 1} {
			header = append(header, byte(side), byte(side>>8), byte(side>>16))
		}
		body = appendChunk(body, webpChunk{"VP8X", header})
		body = appendChunk(body, f.chunks[0])
	}
	body = appendChunk(body, last)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func appendChunk(body []byte, c webpChunk) []byte {
	body = binary.LittleEndian.AppendUint32(append(body, c.id...), uint32(len(c.data)))
	body = append(body, c.data...)
	if len(c.data)%2 == 1 {
		body = append(body, 0)
	}
	return body
}

// isLossyWebP tells the two codecs apart.
func isLossyWebP(content []byte) bool {
	if !hasMagic(content, "RIFF????WEBP") {
		return false
	}
	f, err := openWebP(content)
	return err == nil && f.chunks[len(f.chunks)-1].id == "VP8 "
}
