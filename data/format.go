package data

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// format is one kind of image file. config must announce the size that decode
// will allocate.
type format struct {
	name   string
	magic  []string // '?' stands for any byte
	config func([]byte) (image.Config, error)
	least  func(content []byte, width, height int64) int64 // bytes that such a picture takes; may be nil
	decode func([]byte) (image.Image, error)
}

func formats() []*format {
	return []*format{
		{name: "PNG", magic: []string{"\x89PNG\r\n\x1a\n"}, config: configWith(png.DecodeConfig), least: leastPNG, decode: decodeWith(png.Decode)},
		{name: "JPEG", magic: []string{"\xff\xd8\xff"}, config: configWith(jpeg.DecodeConfig), least: leastJPEG, decode: decodeJPEG},
		{name: "GIF", magic: []string{"GIF87a", "GIF89a"}, config: configWith(gif.DecodeConfig), decode: decodeGIF},
		{name: "BMP", magic: []string{"BM????\x00\x00\x00\x00"}, config: configWith(bmp.DecodeConfig), least: leastBMP, decode: decodeWith(bmp.Decode)},
		{name: "WebP", magic: []string{"RIFF????WEBP"}, config: configWebP, decode: decodeWebP},
		{name: "TIFF", magic: []string{"II*\x00", "MM\x00*"}, config: configTIFF, decode: decodeWith(tiff.Decode)},
	}
}

const formatNames = "PNG, JPEG, GIF, BMP, WebP or TIFF"

// sniff recognises the format by content; the file's name does not matter.
func sniff(content []byte) (*format, error) {
	for _, f := range formats() {
		for _, magic := range f.magic {
			if hasMagic(content, magic) {
				return f, nil
			}
		}
	}
	return nil, fmt.Errorf("found %s, expected %s; %s", describe(content), formatNames,
		"check the file or take it out of the data set")
}

func hasMagic(content []byte, magic string) bool {
	if len(content) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && content[i] != magic[i] {
			return false
		}
	}
	return true
}

// describe says in words what a file that is no picture holds.
func describe(content []byte) string {
	head := content[:min(len(content), 512)]
	trimmed := strings.ToLower(strings.TrimSpace(string(head)))
	switch {
	case len(content) == 0:
		return "an empty file"
	case strings.HasPrefix(trimmed, "<!doctype html"), strings.HasPrefix(trimmed, "<html"):
		return "an HTML page (a failed download?)"
	case strings.HasPrefix(trimmed, "<svg"), strings.HasPrefix(trimmed, "<?xml"):
		return "XML text (an SVG drawing?)"
	case strings.HasPrefix(trimmed, "version https://git-lfs"):
		return "a Git LFS pointer (run git lfs pull)"
	case hasMagic(content, "PK\x03\x04"), hasMagic(content, "\x1f\x8b"):
		return "an archive"
	case hasMagic(content, "%PDF-"):
		return "a PDF document"
	case hasMagic(content, "????ftyp"):
		return "an AVIF, HEIC or video file"
	case isText(head):
		return "a text file"
	}
	return "unknown binary data"
}

func isText(head []byte) bool {
	if bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
		return false
	}
	for cut := range min(len(head), utf8.UTFMax) { // the last rune may be cut
		if utf8.Valid(head[:len(head)-cut]) {
			return true
		}
	}
	return false
}

func configWith(read func(io.Reader) (image.Config, error)) func([]byte) (image.Config, error) {
	return func(content []byte) (image.Config, error) { return read(bytes.NewReader(content)) }
}

func decodeWith(read func(io.Reader) (image.Image, error)) func([]byte) (image.Image, error) {
	return func(content []byte) (image.Image, error) { return read(bytes.NewReader(content)) }
}
