package data_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/hostile/images"
	"github.com/robustvit/workbench/tests/hostile/seeds"
)

func addSeeds(f *testing.F) {
	seeds.Files(f, filepath.Join(colourFolder, "*"))
	for _, file := range images.All(f) {
		if len(file.Content) < 1<<16 {
			f.Add(file.Content)
		}
	}
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

// FuzzDecodeIDs: any file gives one number a pixel, or an error.
func FuzzDecodeIDs(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		if info, err := data.InspectBytes(content); err == nil && info.Width*info.Height > maxFuzzPixels {
			t.Skip()
		}
		ids, err := data.DecodeIDs(content)
		if err == nil && (ids.Width < 1 || ids.Height < 1 || len(ids.Pix) != ids.Width*ids.Height) {
			t.Fatalf("%d x %d pixels, %d numbers", ids.Width, ids.Height, len(ids.Pix))
		}
	})
}

// FuzzDecodeManifest: whatever is read can be written and read again.
func FuzzDecodeManifest(f *testing.F) {
	f.Add([]byte(`{"id":"train/a/1","class":3,"class_name":"a","image_sha256":"0123456789012345678901234567890123456789012345678901234567890123"}`))
	f.Add([]byte("{}\n"))
	f.Add([]byte("\n\n[]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		items, err := data.DecodeManifest(content)
		if err != nil {
			return
		}
		lines, err := data.EncodeManifest(items)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := data.DecodeManifest(lines); err != nil || len(again) != len(items) {
			t.Fatalf("%d items, read again %d, %v", len(items), len(again), err)
		}
	})
}
