package data_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/data"
)

// pngHeader announces a size without holding any pixel.
func pngHeader(width, height uint32) []byte {
	body := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	body = append(body, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

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

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
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

// patched returns a copy with other bytes at an offset.
func patched(content []byte, offset int, bytes ...byte) []byte {
	out := append([]byte(nil), content...)
	copy(out[offset:], bytes)
	return out
}

func TestHostileImages(t *testing.T) {
	good := encodePNG(t, image.NewRGBA(image.Rect(0, 0, 20, 20)))
	jpegFile := encodeJPEG(t, image.NewRGBA(image.Rect(0, 0, 20, 20)))
	sof := bytes.Index(jpegFile, []byte{0xff, 0xc0}) + 5
	lossless, err := os.ReadFile(filepath.Join(colourFolder, "lossless.webp"))
	if err != nil {
		t.Fatal(err)
	}
	var animation bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&animation, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"empty.png":       {nil, "empty file"},
		"text.png":        {[]byte("class,label\ncat,1\n"), "text file"},
		"page.jpg":        {[]byte("<!DOCTYPE html><html>404</html>"), "HTML page"},
		"drawing.png":     {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "SVG"},
		"archive.png":     {[]byte("PK\x03\x04rest"), "archive"},
		"photo.heic.png":  {[]byte("\x00\x00\x00\x18ftypheic"), "HEIC"},
		"noise.png":       {[]byte{0, 1, 2, 3, 250, 251}, "unknown binary"},
		"pointer.png":     {[]byte("version https://git-lfs.github.com/spec/v1\n"), "Git LFS"},
		"magic only.png":  {[]byte("\x89PNG\r\n\x1a\n"), "cut"},
		"magic only.jpg":  {[]byte("\xff\xd8\xff"), "cut"},
		"bomb square.png": {pngHeader(65535, 65535), "65535 x 65535"},
		"bomb line.png":   {pngHeader(2147483647, 1), "2147483647 x 1"},
		"over 64 MP.png":  {pngHeader(8001, 8000), "64 million"},
		"zero.png":        {pngHeader(0, 5), "PNG"},
		"cut.png":         {good[:len(good)/2], "cut"},
		"cut tail.png":    {good[:len(good)-14], "cut"},
		"wrong crc.png":   {patched(good, 20, 1), "PNG"},
		"bomb.jpg":        {patched(jpegFile, sof, 0xff, 0xff, 0xff, 0xff), "65535 x 65535"},
		"cut.jpg":         {jpegFile[:len(jpegFile)-20], "cut"},
		"zero height.jpg": {patched(jpegFile, sof, 0, 0), "JPEG"},
		"cut.gif":         {animation.Bytes()[:20], "GIF"},
		"bomb.gif":        {patched(animation.Bytes(), 6, 0xff, 0xff, 0xff, 0xff), "65535 x 65535"},
		"cut.webp":        {lossless[:len(lossless)/2], "WebP"},
		"empty.webp":      {[]byte("RIFF\x04\x00\x00\x00WEBP"), "WebP"},
		"bomb.webp":       {patched(lossless, 21, 0xff, 0xff, 0xff, 0x0f), "16384 x 16384"},
		"bomb.bmp":        {append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\xff\xff\x00\x00\xff\xff\x00\x00\x01\x00\x18\x00"), make([]byte, 24)...), "65535 x 65535"},
		"cut.tif":         {[]byte("II*\x00\x08\x00\x00\x00\xff\xff"), "TIFF"},
		"loop.tif":        {[]byte("II*\x00\xff\xff\xff\xff"), "TIFF"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, filepath.Join(t.TempDir(), name), test.content)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := data.ReadImage(path)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("accepted")
			}
			if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, test.want) || !strings.Contains(text, ";") {
				t.Errorf("error %q: want the path, %q and a next step", text, test.want)
			}
			if spent := time.Since(start); spent > time.Second {
				t.Errorf("took %v", spent)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("allocated %d MiB", used>>20)
			}
		})
	}
}

func TestUnusualButValidImages(t *testing.T) {
	dir := t.TempDir()
	good := encodePNG(t, image.NewRGBA(image.Rect(0, 0, 20, 20)))
	for name, content := range map[string][]byte{
		"trailing.png":     append(append([]byte(nil), good...), make([]byte, 1<<20)...),
		"png named.jpg":    good,
		"one pixel.png":    grayPNG(t, 1, 1, 7),
		"long.png":         grayPNG(t, 1, 20000, 7, 9),
		"name\nbreak.png":  good,
		"$(echo) ; rm.png": good,
	} {
		img, err := data.ReadImage(write(t, filepath.Join(dir, name), content))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if out, err := data.Paper().Apply(img, 224); err != nil || out.Width != 224 || out.Height != 224 {
			t.Errorf("%q: prepared to %v, %v", name, out, err)
		}
	}
}

func TestOnlyRegularFiles(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "pipe.png")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Skip("no named pipes here:", err)
	}
	dangling := filepath.Join(dir, "dangling.png")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(dir, "big.png")
	if err := os.WriteFile(big, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, data.MaxFileBytes+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		fifo: "a named pipe", dir: "a folder", dangling: "no such file", big: "67108865 bytes",
		"/dev/null": "a device", filepath.Join(dir, "missing.png"): "no such file", "": "no such file",
	} {
		done := make(chan error, 1)
		go func() { _, err := data.ReadImage(path); done <- err }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want %q", path, err, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s: reading blocks", path)
		}
	}
}

func TestInspect(t *testing.T) {
	for file, want := range map[string]data.ImageInfo{
		"exif6.jpg":     {Format: "JPEG", Width: 37, Height: 29, Orientation: 6},
		"animated.gif":  {Format: "GIF", Width: 37, Height: 29, Animated: true},
		"plain.gif":     {Format: "GIF", Width: 37, Height: 29},
		"animated.png":  {Format: "PNG", Width: 37, Height: 29, Animated: true},
		"rgb.png":       {Format: "PNG", Width: 37, Height: 29},
		"animated.webp": {Format: "WebP", Width: 37, Height: 29, Animated: true},
	} {
		if got, err := data.InspectImage(filepath.Join(colourFolder, file)); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", file, got, err, want)
		}
	}
}

func TestMasks(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.RGBA{128, 0, 0, 255}})
	palette.Pix = []uint8{0, 1, 1, 0}
	rgba := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	rgba.Pix = []uint8{0, 0, 0, 255, 0, 0, 0, 0}
	deep := image.NewGray16(image.Rect(0, 0, 2, 1))
	deep.Pix = []uint8{0, 0, 1, 0}
	deepMany := image.NewGray16(image.Rect(0, 0, 3, 1))
	deepMany.Pix = []uint8{0, 0, 1, 0, 2, 0}
	many := make([]uint8, 256)
	for i := range many {
		many[i] = uint8(i)
	}
	lossy, err := os.ReadFile(filepath.Join(colourFolder, "lossy.webp"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content []byte
		pix     []float32
		fault   string
	}{
		"255":                {grayPNG(t, 2, 1, 0, 255), []float32{0, 1}, ""},
		"one":                {grayPNG(t, 2, 1, 0, 1), []float32{0, 1}, ""},
		"half":               {grayPNG(t, 2, 1, 0, 128), []float32{0, 1}, ""},
		"palette":            {encodePNG(t, palette), []float32{0, 1, 1, 0}, ""},
		"16 bit":             {encodePNG(t, deep), []float32{0, 1}, ""},
		"no foreground":      {grayPNG(t, 2, 1, 0), []float32{0, 0}, ""},
		"all foreground":     {grayPNG(t, 2, 1, 255), []float32{1, 1}, ""},
		"three values":       {grayPNG(t, 6, 1, 0, 0, 0, 100, 100, 200), nil, "found 3 values (0, 100, 200)"},
		"no background":      {grayPNG(t, 3, 1, 100, 100, 200), nil, "found 2 values (100, 200)"},
		"ids":                {grayPNG(t, 16, 16, many...), nil, "found 256 values (0, 1, 2, 3, 4, 5, 6, 7, ...)"},
		"16-bit ids":         {encodePNG(t, deepMany), nil, "found 3 values"},
		"transparency":       {encodePNG(t, rgba), nil, "transparency"},
		"JPEG":               {encodeJPEG(t, palette), nil, "it is a JPEG"},
		"lossy WebP":         {lossy, nil, "it is a WebP"},
		"text":               {[]byte("0 0 1"), nil, "a text file"},
		"announces too much": {pngHeader(1<<20, 1<<20), nil, "1048576 x 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, filepath.Join(t.TempDir(), "mask.png"), test.content)
			m, err := data.ReadMask(path)
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) || !strings.Contains(err.Error(), path) {
					t.Fatalf("error %v, want the path and %q", err, test.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range test.pix {
				if m.Pix[i] != v {
					t.Errorf("values %v, want %v", m.Pix, test.pix)
				}
			}
		})
	}
}

func TestMaskOfAnotherSize(t *testing.T) {
	m := &data.Mask{Width: 3, Height: 2, Pix: make([]float32, 6)}
	err := m.CheckSize(&data.Image{Width: 4, Height: 5}, `"m.png"`, `"i.jpg"`)
	for _, want := range []string{"3 x 2", "4 x 5", "m.png", "i.jpg", ";"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
	if err := m.CheckSize(&data.Image{Width: 3, Height: 2}, "", ""); err != nil {
		t.Error(err)
	}
}
