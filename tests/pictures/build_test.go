package pictures

import (
	"bytes"
	"image"
	"image/png"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// gray is a PNG with these values over and over.
func gray(t testing.TB, width, height int, values ...uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = values[i%len(values)]
	}
	return encoded(t, img)
}

// tree writes small pictures (and text for other names) under a fresh folder.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		content := []byte("some text\n")
		if ending := strings.ToLower(filepath.Ext(name)); ending == ".png" || ending == ".jpg" || ending == ".jpeg" {
			content = gray(t, 6, 4, uint8(i+1), 0)
		}
		write(t, dir, name, content)
	}
	return dir
}

func ids(d data.Dataset) (all []string) {
	for i := range d.Len() {
		all = append(all, d.Entry(i).ID)
	}
	return all
}
