package notebooks

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-rod/rod"
	"github.com/robustvit/workbench/tests/browser"
)

// picture keeps a screenshot where ROBUSTVIT_PICTURES names a folder, and decodes it.
func picture(t *testing.T, name string, content []byte) image.Image {
	t.Helper()
	if folder := os.Getenv("ROBUSTVIT_PICTURES"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".png"), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	decoded, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return decoded
}

// lookAtPage opens an exported page, light and dark, and holds its pictures to
// show something: text from top to bottom on a ground of that scheme.
func lookAtPage(t *testing.T, chromium *rod.Browser, file string) {
	for _, scheme := range []string{"light", "dark"} {
		page := browser.Page(t, chromium, "file://"+file, 1100, 3000, scheme)
		name := filepath.Base(file[:len(file)-len(filepath.Ext(file))]) + "-" + scheme
		checkPicture(t, name, picture(t, name, page.MustScreenshotFullPage()), scheme == "dark")
		page.MustClose()
	}
}

// checkPicture holds each tenth of the picture to have ground and
// something on it, and the ground to be dark or light.
func checkPicture(t *testing.T, name string, picture image.Image, dark bool) {
	t.Helper()
	const bands = 10
	bounds := picture.Bounds()
	ground := color.GrayModel.Convert(picture.At(bounds.Min.X+2, bounds.Min.Y+2)).(color.Gray).Y
	if (ground < 64) != dark || (ground > 192) == dark {
		t.Errorf("%s: the ground has grey value %d of 255", name, ground)
	}
	height := bounds.Dy() / bands
	for band := range bands {
		area := image.Rect(bounds.Min.X, bounds.Min.Y+band*height, bounds.Max.X, bounds.Min.Y+(band+1)*height)
		if share := unlike(picture, area, ground); share < 0.005 || share > 0.9 {
			t.Errorf("%s: %.1f %% of part %d of %d differ from the ground: it is blank or covered", name, 100*share, band+1, bands)
		}
	}
}

// unlike is the share of pixels that stand out from the ground.
func unlike(picture image.Image, area image.Rectangle, ground uint8) float64 {
	const apart = 40 // grey values
	n := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if grey := color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y; max(grey, ground)-min(grey, ground) > apart {
				n++
			}
		}
	}
	return float64(n) / float64(area.Dx()*area.Dy())
}
