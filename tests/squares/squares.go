// Package squares writes a data set that is trained on and measured in a blink:
// each class a coloured square on grey, with masks that mark it.
package squares

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Options of Write. Images are 16 x 16.
type Options struct {
	Classes  int
	Names    []string // default class0, class1, ...
	MaskSide int      // default 16
	Images   int      // a class and set, default 3
	Sets     []string // default train and val
}

// Write writes each set and its masks, CLASS/SET0.png and so on.
func Write(t testing.TB, dir string, o Options) {
	t.Helper()
	if o.MaskSide == 0 {
		o.MaskSide = 16
	}
	if o.Images == 0 {
		o.Images = 3
	}
	if o.Sets == nil {
		o.Sets = []string{"train", "val"}
	}
	if o.Names != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "classes.txt"), []byte(strings.Join(o.Names, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, set := range o.Sets {
		for class := range o.Classes {
			name := fmt.Sprintf("class%d", class)
			if o.Names != nil {
				name = o.Names[class]
			}
			for i := range o.Images {
				file := fmt.Sprintf("%s%d.png", set, i)
				Square(t, filepath.Join(dir, set, name, file), 16, class, i)
				Square(t, filepath.Join(dir, set+"_masks", name, file), o.MaskSide, -1, i)
			}
		}
	}
}

// Square draws image i of a class, or for class -1 its mask.
func Square(t testing.TB, path string, side, class, i int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			inside := x >= 2+i && x < side/2+2+i && y >= 3 && y < side/2+3
			c := color.RGBA{128, uint8(100 + 5*i), 128, 255}
			switch {
			case class < 0 && inside:
				c = color.RGBA{255, 255, 255, 255}
			case class < 0:
				c = color.RGBA{0, 0, 0, 255}
			case inside:
				c = color.RGBA{uint8(40 * class), uint8(255 - 60*class), uint8(90 * class), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	PNG(t, path, img)
}

// PNG writes a picture and the folders above it.
func PNG(t testing.TB, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
