package notebooks

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// browsers are the names of Chromium's program.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// openBrowser starts a browser without a window that asks the network for
// nothing, until the test ends.
func openBrowser(t *testing.T) *rod.Browser {
	t.Helper()
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
	l := launcher.New().Bin(program).Leakless(false).NoSandbox(true).UserDataDir(t.TempDir()).
		Set("disable-gpu").Set("disable-component-update").Set("hide-scrollbars")
	address, err := l.Context(t.Context()).Launch()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	t.Cleanup(l.Cleanup) // after the kill: the profile can be removed then
	t.Cleanup(l.Kill)
	browser := rod.New().ControlURL(address).Context(t.Context())
	if err := browser.Connect(); err != nil {
		t.Fatal(err)
	}
	return browser
}

// openPage opens an address in a window of that width and colour scheme, light or dark.
func openPage(t *testing.T, browser *rod.Browser, address string, width, height int, scheme string) *rod.Page {
	t.Helper()
	page, err := browser.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	page = page.Timeout(5 * time.Minute).WithPanic(func(fault any) { t.Fatal(fault) })
	media := proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if err := media.Call(page); err != nil {
		t.Fatal(err)
	}
	page.MustSetViewport(width, height, 1, false).MustNavigate(address).MustWaitLoad()
	return page
}

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
func lookAtPage(t *testing.T, browser *rod.Browser, file string) {
	for _, scheme := range []string{"light", "dark"} {
		page := openPage(t, browser, "file://"+file, 1100, 3000, scheme)
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
