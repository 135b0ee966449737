// Package images makes image files that a reader must refuse: foreign, cut,
// damaged and enormous ones of each format.
package images

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// File is one image file. Says are words that the error must have, beside the
// file's name.
type File struct {
	Name    string
	Content []byte
	Says    []string
}

// All are the files that a reader must refuse.
func All(t testing.TB) []File {
	t.Helper()
	return slices.Concat(foreign(), cuts(t), pngs(t), jpegs(t), gifs(t), bmps(t), webps(t), tiffs(t))
}

// Side of the sound pictures, in pixels.
const Side = 20

// Sound is a picture of each format that a reader must take, by the ending of
// its name.
func Sound(t testing.TB) map[string][]byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, Side, Side))
	palette := image.NewPaletted(img.Rect, color.Palette{color.Black, color.White, color.RGBA{200, 30, 90, 255}})
	for i := range Side * Side {
		img.Set(i%Side, i/Side, color.RGBA{uint8(i * i), uint8(i * 7), uint8(i * 13), 255}) // hardly compresses
		palette.Pix[i] = uint8(i * i % 3)
	}
	encode := func(write func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return map[string][]byte{
		"png":  encode(func(b *bytes.Buffer) error { return png.Encode(b, img) }),
		"jpg":  encode(func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) }),
		"gif":  encode(func(b *bytes.Buffer) error { return gif.Encode(b, palette, nil) }),
		"bmp":  encode(func(b *bytes.Buffer) error { return bmp.Encode(b, img) }),
		"tif":  encode(func(b *bytes.Buffer) error { return tiff.Encode(b, img, nil) }),
		"webp": stored(t, "lossless.webp"),
	}
}

// stored is a file of data/testdata/colour.
func stored(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(catalogue.Root(), "data", "testdata", "colour", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// patched is a copy with other bytes at an offset.
func patched(content []byte, offset int, with ...byte) []byte {
	content = bytes.Clone(content)
	copy(content[offset:], with)
	return content
}

// cuts are a sound file of each format that ends too early.
func cuts(t testing.TB) (all []File) {
	for ending, content := range Sound(t) {
		format := map[string]string{"png": "PNG", "jpg": "JPEG", "gif": "GIF", "bmp": "BMP", "tif": "TIFF", "webp": "WebP"}[ending]
		for _, part := range []struct {
			name   string
			length int
		}{{"a third", len(content) / 3}, {"half", len(content) / 2}, {"seven eighths", 7 * len(content) / 8}} {
			all = append(all, File{"cut to " + part.name + "." + ending, content[:part.length], []string{format}})
		}
	}
	slices.SortFunc(all, func(a, b File) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return all
}

// foreign are no images, whatever their names say.
func foreign() []File {
	html := "<!DOCTYPE html><html><script>alert(1)</script></html>"
	return []File{
		{"empty.png", nil, []string{"empty file"}},
		{"one byte.png", []byte{0x89}, []string{"unknown binary"}},
		{"table.png", []byte("class,label\ncat,1\n"), []string{"text file"}},
		{"settings.jpg", []byte(`{"a": [1, 2]}`), []string{"text file"}},
		{"page.jpg", []byte(html), []string{"HTML page"}},
		{"drawing.png", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), []string{"SVG"}},
		{"drawing of XML.png", []byte("<?xml version='1.0'?><svg/>"), []string{"XML"}},
		{"archive.png", []byte("PK\x03\x04rest"), []string{"archive"}},
		{"packed.png", []byte("\x1f\x8b\x08rest of it"), []string{"archive"}},
		{"photo.heic.png", []byte("\x00\x00\x00\x18ftypheic"), []string{"HEIC"}},
		{"document.jpg", []byte("%PDF-1.7\n\xff\xd8\xff"), []string{"PDF"}},
		{"noise.png", []byte{0, 1, 2, 3, 250, 251}, []string{"unknown binary"}},
		{"zeros.bmp", make([]byte, 4096), []string{"unknown binary"}},
		{"program.png", []byte("\x7fELF\x02\x01\x01\x00"), []string{"unknown binary"}},
		{"pointer.png", []byte("version https://git-lfs.github.com/spec/v1\n"), []string{"Git LFS"}},
		{"page before a picture.png", []byte(html + "\x89PNG\r\n\x1a\n"), []string{"HTML page"}},
		{"script and GIF.gif", []byte("GIF89a=1;alert(1)//" + html), []string{"GIF"}},
		{"text and BMP.bmp", []byte("BM is how this text begins\n"), []string{"text file"}},
		{"UTF-16.png", []byte("\xff\xfeh\x00i\x00"), []string{"unknown binary"}},
		{"signature turned.png", []byte("\x89PNG\n\x1a\r\n"), []string{"unknown binary"}},
	}
}
