package pages

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/robustvit/workbench/tests/catalogue"
)

// mark is in the bytes of every file that poses as an image.
const mark = "<script>alert('zqposing')</script>"

// encoded is a true image of a format.
func encoded(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewPaletted(image.Rect(0, 0, 16, 16), palette.Plan9)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// posing are files that are markup, or are an image and markup at once. What is
// no image is refused, what is one is shown, from its pixels alone.
func posing(t *testing.T) map[string]struct {
	content []byte
	shown   bool
} {
	truePNG := encoded(t, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) })
	trueJPEG := encoded(t, func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) })
	trueGIF := encoded(t, func(b *bytes.Buffer, i image.Image) error { return gif.Encode(b, i, nil) })
	trueBMP := encoded(t, func(b *bytes.Buffer, i image.Image) error { return bmp.Encode(b, i) })
	drawing := `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">` + mark + `</svg>`
	type file = struct {
		content []byte
		shown   bool
	}
	return map[string]file{
		"drawing.svg":              {[]byte(drawing), false},
		"drawing.png":              {[]byte(drawing), false},
		"page.jpg":                 {[]byte("<!DOCTYPE html><html>" + mark), false},
		"magic-of-png.png":         {append(truePNG[:8:8], mark...), false},
		"magic-of-gif.gif":         {[]byte("GIF89a/*" + mark + "*/=1"), false},
		"trailing-page.png":        {append(truePNG[:len(truePNG):len(truePNG)], mark...), true},
		"page-in-text.png":         {withChunk(truePNG, "tEXtComment\x00"+mark), true},
		"page-in-comment.jpg":      {withSegment(trueJPEG, mark), true},
		"trailing-page.gif":        {append(trueGIF[:len(trueGIF):len(trueGIF)], mark...), true},
		"trailing-page.bmp":        {append(trueBMP[:len(trueBMP):len(trueBMP)], mark...), true},
		"jpeg-called-png.png":      {withSegment(trueJPEG, mark), true},
		"page-before-the-jpeg.jpg": {append([]byte(mark), trueJPEG...), false},
	}
}

// withChunk puts a chunk behind the head of a PNG; text begins with its kind.
func withChunk(picture []byte, text string) []byte {
	const head = 8 + 25 // magic, IHDR
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = append(chunk, text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(text)))
	return append(append(picture[:head:head], chunk...), picture[head:]...)
}

// withSegment puts a comment at the beginning of a JPEG.
func withSegment(picture []byte, text string) []byte {
	comment := append([]byte{0xff, 0xfe, 0, byte(len(text) + 2)}, text...)
	return append(append(picture[:2:2], comment...), picture[2:]...)
}

// TestPosing is H4: no byte of a file reaches a page or a picture of a run.
func TestPosing(t *testing.T) {
	home, dir := runs.home(t), t.TempDir()
	files := posing(t)
	args := []string{"explain", "--weights", filepath.Join(home, "runs", "zqmodel"), "--out", filepath.Join(dir, "run"), filepath.Join(home, "zqfolder", "val", "zqclass0")}
	for name, file := range files {
		if err := os.WriteFile(filepath.Join(dir, name), file.content, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, filepath.Join(dir, name))
	}
	if o := catalogue.Run(t, nil, args...); o.Code != 0 {
		t.Fatal(o)
	}
	page := read(t, filepath.Join(dir, "run", "explain.html"))
	used, refused, _ := strings.Cut(page, "Not used</h2>")
	for name, file := range files {
		catalogue.Case(t, "H4", name, func(t *testing.T) {
			if strings.Contains(used, name) != file.shown || strings.Contains(refused, name) == file.shown {
				t.Errorf("shown: %v, refused: %v, expected shown: %v", strings.Contains(used, name), strings.Contains(refused, name), file.shown)
			}
			checkNoMark(t, "the page", page)
		})
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "run", "explain", "*.png"))
	if err != nil || len(pictures) == 0 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	for _, picture := range pictures {
		checkNoMark(t, picture, read(t, picture))
	}
}

// TestPosingInRunFolder is H4 in a run folder that comes from elsewhere: its
// pictures are drawn anew, or the page is refused and names the file.
func TestPosingInRunFolder(t *testing.T) {
	home := runs.home(t)
	for name, file := range posing(t) {
		if filepath.Ext(name) == ".png" {
			catalogue.Case(t, "H4", name+" in a run folder", func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "run")
				if err := os.CopyFS(dir, os.DirFS(filepath.Join(home, "runs", "explanation"))); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "explain", "0001.png"), file.content, 0o644); err != nil {
					t.Fatal(err)
				}
				o := catalogue.Run(t, nil, "report", dir)
				if truePNG := file.shown && name != "jpeg-called-png.png"; truePNG && o.Code != 0 { // runs write PNG alone
					t.Fatal(o)
				} else if !truePNG {
					catalogue.CheckRefused(t, o, "0001.png")
				}
				checkNoMark(t, "the page", read(t, filepath.Join(dir, "explain.html")))
			})
		}
	}
}

var embedded = regexp.MustCompile(`base64,([A-Za-z0-9+/=&#;]*)`)

// checkNoMark looks for the mark in the text and in what is embedded in it.
func checkNoMark(t *testing.T, where, text string) {
	t.Helper()
	for _, found := range embedded.FindAllStringSubmatch(text, -1) {
		content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(found[1], "&#43;", "+"))
		if err != nil {
			t.Fatal(err)
		}
		text += string(content)
	}
	if at := strings.Index(text, "zqposing"); at >= 0 {
		t.Errorf("%s holds bytes of the file: %q", where, text[max(at-40, 0):at+20])
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
