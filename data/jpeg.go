package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
)

// decodeJPEG reads CMYK without Adobe's marker too, which the standard decoder
// refuses. Pillow takes the inks of every CMYK file as inverted, as Adobe does.
func decodeJPEG(content []byte) (image.Image, error) {
	if err := checkJPEG(content); err != nil {
		return nil, err
	}
	if fourInks(content) {
		const untransformed = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
		content = slices.Insert(slices.Clone(content), 2, []byte(untransformed)...)
	}
	return jpeg.Decode(bytes.NewReader(content))
}

// Markers of JPEG segments.
const (
	jpegTables = 0xdb // of quantisation
	jpegScan   = 0xda
	jpegAdobe  = 0xee
	jpegEXIF   = 0xe1
)

func isJPEGFrame(marker byte) bool { return marker >= 0xc0 && marker <= 0xc2 }

// maxScans bounds the work: each scan visits every block of the picture and may
// take a few bytes alone. Progressive files have about ten.
const maxScans = 100

// checkJPEG refuses what the decoder would take: more scans than are worth the
// time, and components whose quantisation table is missing, which would be gray.
func checkJPEG(content []byte) error {
	scans, tables, used := 0, map[byte]bool{}, []byte(nil)
	eachSegment(content, func(marker byte, body []byte) bool {
		switch {
		case marker == jpegScan:
			scans++
		case marker == jpegTables:
			for len(body) > 0 {
				tables[body[0]&15] = true
				body = body[min(65+64*int(body[0]>>4&1), len(body)):]
			}
		case isJPEGFrame(marker) && used == nil:
			for at := 8; at < len(body); at += 3 {
				used = append(used, body[at])
			}
		}
		return true
	})
	if scans > maxScans {
		return fmt.Errorf("it has %d scans, expected at most %d", scans, maxScans)
	}
	for _, table := range used {
		if !tables[table] {
			return fmt.Errorf("it lacks the quantisation table %d", table)
		}
	}
	return nil
}

// fourInks reports four components and no Adobe marker before them.
func fourInks(content []byte) bool {
	four, adobe := false, false
	eachSegment(content, func(marker byte, body []byte) bool {
		switch {
		case marker == jpegAdobe && bytes.HasPrefix(body, []byte("Adobe")):
			adobe = true
		case isJPEGFrame(marker) && len(body) > 5:
			four = body[5] == 4
		}
		return marker != jpegScan
	})
	return four && !adobe
}

// eachSegment visits the segments until visit returns false, those between and
// behind the scans too. As in the decoder, bytes that belong to none are skipped.
func eachSegment(content []byte, visit func(marker byte, body []byte) bool) {
	for at := 2; ; {
		next := bytes.IndexByte(content[min(at, len(content)):], 0xff)
		if at += next; next < 0 || at+4 > len(content) {
			return
		}
		switch marker := content[at+1]; {
		case marker == 0xff:
			at++
		case marker == 0 || marker >= 0xd0 && marker <= 0xd9: // pixels, or a marker that stands alone
			at += 2
		default:
			end := at + 2 + int(binary.BigEndian.Uint16(content[at+2:]))
			if !visit(marker, content[at+4:max(at+4, min(end, len(content)))]) {
				return
			}
			at = max(end, at+2)
		}
	}
}
