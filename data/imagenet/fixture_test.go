package imagenet

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// side of the generated images, pixels.
const side = 12

// picture is an image of one shade that its path decides.
func picture(path string) image.Image {
	h := fnv.New32a()
	h.Write([]byte(path))
	shade := h.Sum32()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			img.SetRGBA(x, y, color.RGBA{uint8(shade), uint8(shade >> 8), uint8(10 * x), 255})
		}
	}
	return img
}

// put writes files below dir: images by their extension, masks by their
// content, texts as they are. The order of the names decides the order of creation.
func put(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), encode(t, name, picture(name)))
	}
}

func encode(t *testing.T, name string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".png":
		err = png.Encode(&b, img)
	case ".jpeg", ".jpg":
		err = jpeg.Encode(&b, img, nil)
	default:
		b.WriteString("no picture")
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// idMask is an RGB mask of ImageNet-S: a square of the category in its middle,
// one pixel to ignore.
func idMask(id int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			value := 0
			switch {
			case x == 0 && y == 0:
				value = ignoreID
			case x >= 3 && x < 9 && y >= 3 && y < 9:
				value = id
			}
			img.SetRGBA(x, y, color.RGBA{uint8(value % 256), uint8(value / 256), 0, 255})
		}
	}
	return img
}

// idOf is the category number of a class folder in the variant.
func idOf(t *testing.T, variant, wnid string) int {
	t.Helper()
	class, ok := Index(wnid)
	if !ok {
		t.Fatalf("no class %s", wnid)
	}
	return slices.Index(Subset("imagenet-s"+variant), class) + 1
}

// putSemantic writes images and masks of a part of ImageNet-S.
func putSemantic(t *testing.T, dir, part, variant string, names ...string) {
	t.Helper()
	put(t, filepath.Join(dir, part), names...)
	for _, name := range names {
		wnid, file, _ := strings.Cut(name, "/")
		path := filepath.Join(dir, part+"-segmentation", wnid, strings.TrimSuffix(file, filepath.Ext(file))+".png")
		write(t, path, encode(t, ".png", idMask(idOf(t, variant, wnid))))
	}
}
