package pictures

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

// JPEG: the standard decoder's inverse transform rounds differently from
// libjpeg's, by one step in a few percent of the values; YCCK rounds twice.
const (
	jpegMeanTolerance = 0.15
	jpegMaxTolerance  = 3
)

// testdata is a file of data/testdata.
func testdata(parts ...string) string {
	return filepath.Join(append([]string{catalogue.Root(), "data", "testdata"}, parts...)...)
}

// FILE.want.png is Pillow's convert("RGB") of FILE: every colour model, bit
// depth and compression, first frames of animations, transparency.
func TestColoursArePillows(t *testing.T) {
	wanted, err := filepath.Glob(testdata("colour", "*.want.png"))
	if err != nil || len(wanted) < 65 {
		t.Fatalf("found %d references (%v)", len(wanted), err)
	}
	for _, want := range wanted {
		file := strings.TrimSuffix(want, ".want.png")
		row := "I2"
		if strings.HasPrefix(filepath.Base(file), "animated") {
			row = "I4"
		}
		catalogue.Case(t, row, filepath.Base(file), func(t *testing.T) {
			img, err := data.ReadImage(file)
			if err != nil {
				t.Fatal(err)
			}
			mean, largest := difference(t, img, want)
			if filepath.Ext(file) != ".jpg" && largest > 0 {
				t.Errorf("colours differ from Pillow's: mean %.3f, largest %d", mean, largest)
			}
			if mean > jpegMeanTolerance || largest > jpegMaxTolerance {
				t.Errorf("mean difference to Pillow %.4f, largest %d", mean, largest)
			}
		})
	}
}

// The same, prepared for a model as the paper prepares it.
func TestJPEGPreprocessingIsNearPillows(t *testing.T) {
	for _, name := range []string{"gray", "cmyk", "photo_420", "photo_444"} {
		catalogue.Case(t, "I2", "prepared "+name, func(t *testing.T) {
			img, err := data.ReadImage(testdata("preprocess", name+".jpg"))
			if err == nil {
				img, err = data.Paper().Apply(img, 224)
			}
			if err != nil {
				t.Fatal(err)
			}
			mean, largest := difference(t, img, testdata("preprocess", "expected_"+name+".png"))
			if mean > jpegMeanTolerance || largest > jpegMaxTolerance {
				t.Errorf("mean difference to Pillow %.4f, largest %d; want at most %g and %d", mean, largest, jpegMeanTolerance, jpegMaxTolerance)
			}
		})
	}
}

// difference compares an image with a PNG file.
func difference(t *testing.T, img *data.Image, path string) (mean float64, largest int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if b := want.Bounds(); b.Dx() != img.Width || b.Dy() != img.Height {
		t.Fatalf("%s: %d x %d pixels, want %d x %d", path, img.Width, img.Height, b.Dx(), b.Dy())
	}
	sum := 0
	for i := range img.Width * img.Height {
		r, g, b, _ := want.At(i%img.Width, i/img.Width).RGBA()
		for c, v := range []uint32{r, g, b} {
			d := int(img.Pix[3*i+c]) - int(v>>8)
			sum += max(d, -d)
			largest = max(largest, d, -d)
		}
	}
	return float64(sum) / float64(len(img.Pix)), largest
}
