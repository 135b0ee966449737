package pictures

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/images"
)

// TestSizes: what has a pixel at least and 64 million at most is resized, all
// else is refused with its sizes.
func TestSizes(t *testing.T) {
	for _, size := range []struct {
		width, height uint32
		fits          bool
	}{
		{1, 1, true}, {1, 2, true}, {3, 1, true}, {1, 20000, true}, {20000, 1, true}, {1, 64_000_00, true}, {2, 65535, true},
		{224, 224, true}, {256, 257, true}, {4000, 3000, true},
		{0, 5, false}, {5, 0, false}, {0, 0, false}, {8001, 8000, false}, {65535, 65535, false}, {1, 64_000_001, false}, {1 << 30, 1 << 30, false},
	} {
		catalogue.Case(t, "I5", fmt.Sprintf("%d x %d", size.width, size.height), func(t *testing.T) {
			dir := t.TempDir()
			content := images.EmptyPNG(size.width, size.height)
			if size.fits {
				content = images.BlackPNG(size.width, size.height)
			}
			path, out := write(t, dir, "picture.png", content), filepath.Join(dir, "seen.png")
			if !size.fits {
				words := []string{path, fmt.Sprintf("%d x %d", size.width, size.height)}
				if size.width == 0 || size.height == 0 || size.width > 1<<29 { // the decoder tells no such size
					words = words[:1]
				}
				catalogue.Refused(t, words, "prepare", path, "--out", out)
				return
			}
			for _, protocol := range []string{"paper", "squash", "timm"} {
				o := catalogue.Run(t, nil, "prepare", path, "--protocol", protocol, "--size", "32", "--out", out)
				if o.Code != 0 || !contains(o.Out, fmt.Sprintf("%d x %d pixels", size.width, size.height)) {
					t.Fatalf("%s: %s", protocol, o)
				}
				if img, err := data.ReadImage(out); err != nil || img.Width != 32 || img.Height != 32 {
					t.Errorf("%s: %v", protocol, err)
				}
			}
		})
	}
}

// TestLargestPicture: 12 bytes a pixel and 64 MiB are all that a picture costs.
func TestLargestPicture(t *testing.T) {
	catalogue.Case(t, "I5", "64 million pixels of 62 kB", func(t *testing.T) {
		dir := t.TempDir()
		path := write(t, dir, "picture.png", images.BlackPNG(8000, 8000))
		idle := catalogue.Run(t, nil, "--help").Peak
		o := catalogue.Run(t, nil, "prepare", path, "--out", filepath.Join(dir, "seen.png"))
		if o.Code != 0 {
			t.Fatal(o)
		}
		if used, most := o.Peak-idle, int64(12*8000*8000+64<<20); used > most {
			t.Errorf("%d MiB over idle, at most %d allowed", used>>20, most>>20)
		}
	})
}
