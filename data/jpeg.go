package data

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
)

// decodeJPEG reads CMYK without Adobe's marker too, which the standard decoder
// refuses. Pillow takes the inks of every CMYK file as inverted, as Adobe does.
func decodeJPEG(content []byte) (image.Image, error) {
	if fourInks(content) {
		const untransformed = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
		content = slices.Insert(slices.Clone(content), 2, []byte(untransformed)...)
	}
	return jpeg.Decode(bytes.NewReader(content))
}

// fourInks reports four components and no Adobe marker before them.
func fourInks(content []byte) bool {
	four, adobe := false, false
	eachSegment(content, func(marker byte, body []byte) bool {
		switch {
		case marker == 0xee && bytes.HasPrefix(body, []byte("Adobe")):
			adobe = true
		case marker >= 0xc0 && marker <= 0xc2 && len(body) > 5:
			four = body[5] == 4
		}
		return true
	})
	return four && !adobe
}

// eachSegment visits the segments before the pixels until visit returns false.
func eachSegment(content []byte, visit func(marker byte, body []byte) bool) {
	for at := 2; at+4 <= len(content) && content[at] == 0xff && content[at+1] != 0xda; {
		end := at + 2 + int(binary.BigEndian.Uint16(content[at+2:]))
		if !visit(content[at+1], content[at+4:max(at+4, min(end, len(content)))]) {
			return
		}
		at = end
	}
}
