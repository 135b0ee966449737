package pictures

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/images"
)

// withEXIF is a JPEG with this EXIF block.
func withEXIF(t *testing.T, exif string) []byte {
	good := images.Sound(t)["jpg"]
	body := "Exif\x00\x00" + exif
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return bytes.Join([][]byte{head, []byte(body), good[2:]}, nil)
}

// TestHostileEXIF: a block that leads nowhere is no reason to refuse the picture
// or to turn it; a sound one is found in either order of bytes.
func TestHostileEXIF(t *testing.T) {
	const little, tag = "II*\x00\x08\x00\x00\x00", "\x12\x01\x03\x00\x01\x00\x00\x00"
	for name, test := range map[string]struct {
		exif string
		want int
	}{
		"sound":                     {little + "\x01\x00" + tag + "\x06\x00\x00\x00", 6},
		"sound, big end first":      {"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00", 6},
		"empty block":               {"", 0},
		"header alone":              {little, 0},
		"directory beyond the end":  {"II*\x00\xff\xff\xff\xff", 0},
		"directory at itself":       {"II*\x00\x00\x00\x00\x00", 0},
		"65535 entries":             {little + "\xff\xff" + tag, 0},
		"entry cut":                 {little + "\x01\x00" + tag[:5], 0},
		"orientation 0":             {little + "\x01\x00" + tag + "\x00\x00\x00\x00", 0},
		"orientation 9":             {little + "\x01\x00" + tag + "\x09\x00\x00\x00", 0},
		"orientation 65535":         {little + "\x01\x00" + tag + "\xff\xff\x00\x00", 0},
		"many orientations":         {little + "\x01\x00\x12\x01\x03\x00\xff\xff\xff\xff\xff\xff\xff\xff", 0},
		"orientation that is text":  {little + "\x01\x00\x12\x01\x02\x00\x01\x00\x00\x00\x06\x00\x00\x00", 0},
		"orientation of wrong type": {little + "\x01\x00\x12\x01\x63\x00\x01\x00\x00\x00\x06\x00\x00\x00", 0},
	} {
		catalogue.Case(t, "I3", name, func(t *testing.T) {
			path := write(t, t.TempDir(), "photo.jpg", withEXIF(t, test.exif))
			s, info, err := data.ReadPair(path, "", true)
			if err != nil || info.Orientation != test.want || s.Image.Width != images.Side {
				t.Errorf("orientation %d, expected %d; %v", info.Orientation, test.want, err)
			}
		})
	}
}
