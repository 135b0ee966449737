package data_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

const (
	goldenFolder = "testdata/preprocess"
	colourFolder = "testdata/colour"

	// JPEG: the standard decoder's inverse transform rounds differently from
	// libjpeg's, by one step in a few percent of the values; YCCK rounds twice.
	jpegMeanTolerance = 0.15
	jpegMaxTolerance  = 3
)

// goldenProtocol is a protocol of Pillow's reference output.
type goldenProtocol struct {
	protocol data.Protocol
	size     int
}

func goldenProtocols() map[string]goldenProtocol {
	half := [3]float32{0.5, 0.5, 0.5}
	return map[string]goldenProtocol{
		"paper_eval":         {data.Paper(), 224},
		"paper_train_resize": {data.Squash(), 256},
		"squash_224":         {data.Squash(), 224},
		"timm_bicubic_0.9":   {data.Timm(0.9, half, half), 224},
	}
}

func (g goldenProtocol) apply(t *testing.T, file string) *data.Image {
	t.Helper()
	img, err := data.ReadImage(file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := g.protocol.Apply(img, g.size)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// PNG decodes without loss, so every byte must be Pillow's.
func TestPreprocessingIsPillowsBitForBit(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(goldenFolder, "sha256.json"))
	if err != nil {
		t.Fatal(err)
	}
	var hashes map[string]string
	if err := json.Unmarshal(text, &hashes); err != nil {
		t.Fatal(err)
	}
	for key, want := range hashes {
		t.Run(key, func(t *testing.T) {
			file, name, _ := strings.Cut(key, "|")
			out := goldenProtocols()[name].apply(t, filepath.Join(goldenFolder, file))
			sum := sha256.Sum256(out.Pix)
			if got := hex.EncodeToString(sum[:]); got != want {
				t.Errorf("pixels differ from Pillow's: hash %s, want %s", got, want)
			}
		})
	}
}

func TestJPEGPreprocessingIsNearPillows(t *testing.T) {
	for _, name := range []string{"gray", "cmyk", "photo_420", "photo_444"} {
		out := goldenProtocols()["paper_eval"].apply(t, filepath.Join(goldenFolder, name+".jpg"))
		mean, largest := difference(t, out, filepath.Join(goldenFolder, "expected_"+name+".png"))
		t.Logf("%s: mean %.4f, largest %d", name, mean, largest)
		if mean > jpegMeanTolerance || largest > jpegMaxTolerance {
			t.Errorf("%s: mean difference to Pillow %.4f, largest %d; want at most %g and %d",
				name, mean, largest, jpegMeanTolerance, jpegMaxTolerance)
		}
	}
}

// FILE.want.png is Pillow's convert("RGB") of FILE: every colour model, bit
// depth and compression, first frames of animations, transparency.
func TestColoursArePillows(t *testing.T) {
	wanted, err := filepath.Glob(filepath.Join(colourFolder, "*.want.png"))
	if err != nil || len(wanted) < 65 {
		t.Fatalf("found %d references (%v)", len(wanted), err)
	}
	for _, want := range wanted {
		file := strings.TrimSuffix(want, ".want.png")
		t.Run(filepath.Base(file), func(t *testing.T) {
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
