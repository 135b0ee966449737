package data_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
)

func addSeeds(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(colourFolder, "*"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add(pngHeader(65535, 65535))
}

// maxFuzzPixels keeps the fuzzer fast: larger pictures are legal but slow.
const maxFuzzPixels = 1 << 14

func FuzzDecodeImage(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		if info, err := data.InspectBytes(content); err == nil && info.Width*info.Height > maxFuzzPixels {
			t.Skip()
		}
		img, err := data.DecodeImage(bytes.NewReader(content), "fuzz", int64(len(content)))
		if err != nil {
			return
		}
		if img.Width < 1 || img.Height < 1 || len(img.Pix) != 3*img.Width*img.Height {
			t.Fatalf("%d x %d with %d bytes", img.Width, img.Height, len(img.Pix))
		}
		if _, err := data.Native().Apply(img, 8); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzDecodeMask(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		if info, err := data.InspectBytes(content); err == nil && info.Width*info.Height > maxFuzzPixels {
			t.Skip()
		}
		m, err := data.DecodeMask(bytes.NewReader(content), "fuzz", -1)
		if err != nil {
			return
		}
		for _, v := range m.Pix {
			if v != 0 && v != 1 {
				t.Fatalf("value %g", v)
			}
		}
	})
}
