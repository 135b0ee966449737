package data_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func grayPNG(t testing.TB, width, height int, values ...uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = values[i%len(values)]
	}
	return encodePNG(t, img)
}

func write(t testing.TB, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// tree writes small pictures (and text for other names) under a fresh folder.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		content := []byte("some text\n")
		if strings.HasSuffix(name, ".png") || strings.HasSuffix(name, ".JPG") {
			content = grayPNG(t, 6, 4, uint8(i+1), 0)
		}
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func ids(d data.Dataset) []string {
	var out []string
	for i := range d.Len() {
		out = append(out, d.Entry(i).ID)
	}
	return out
}
