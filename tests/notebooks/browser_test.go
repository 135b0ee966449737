package notebooks

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// browsers are the names of Chromium's program.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// lookAtPage opens an exported page in a browser without a window, light and
// dark, and holds its pictures to show something: text from top to bottom on a
// ground of that scheme. ROBUSTVIT_PICTURES names a folder to keep them in.
func lookAtPage(t *testing.T, page string) {
	program := ""
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skipf("none of %v is installed; next: apt-get install chromium", browsers)
	}
	folder := t.TempDir()
	if keep := os.Getenv("ROBUSTVIT_PICTURES"); keep != "" {
		folder = keep
	}
	for scheme, setting := range map[string]string{"light": "1", "dark": "0"} {
		name := filepath.Base(page[:len(page)-len(filepath.Ext(page))])
		file := filepath.Join(folder, name+"-"+scheme+".png")
		photograph(t, program, page, file, "--blink-settings=preferredColorScheme="+setting)
		checkPicture(t, file, scheme == "dark")
	}
}

func photograph(t *testing.T, program, page, file string, further ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	arguments := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + t.TempDir(),
		"--window-size=1100,3000", "--screenshot=" + file}, further...)
	out, err := exec.CommandContext(ctx, program, append(arguments, "file://"+page)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
}

// checkPicture holds each tenth of the picture to have ground and
// something on it, and the ground to be dark or light.
func checkPicture(t *testing.T, file string, dark bool) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	const bands = 10
	bounds := picture.Bounds()
	ground := color.GrayModel.Convert(picture.At(bounds.Min.X+2, bounds.Min.Y+2)).(color.Gray).Y
	if (ground < 64) != dark || (ground > 192) == dark {
		t.Errorf("%s: the ground has grey value %d of 255", filepath.Base(file), ground)
	}
	height := bounds.Dy() / bands
	for band := range bands {
		area := image.Rect(bounds.Min.X, bounds.Min.Y+band*height, bounds.Max.X, bounds.Min.Y+(band+1)*height)
		if share := unlike(picture, area, ground); share < 0.005 || share > 0.9 {
			t.Errorf("%s: %.1f %% of part %d of %d differ from the ground: it is blank or covered", filepath.Base(file), 100*share, band+1, bands)
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
