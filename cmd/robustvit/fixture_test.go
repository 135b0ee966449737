package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
)

// dataOptions of writeData. Images are 16 x 16.
type dataOptions struct {
	classes  int
	names    []string // default class0, class1, ...
	maskSide int      // default 16
	images   int      // a class and set, default 3
}

// writeData writes train, train_masks, val and val_masks: each class a coloured
// square on grey, which its masks mark.
func writeData(t *testing.T, dir string, o dataOptions) {
	t.Helper()
	if o.maskSide == 0 {
		o.maskSide = 16
	}
	if o.images == 0 {
		o.images = 3
	}
	if o.names != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "classes.txt"), []byte(strings.Join(o.names, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, set := range []string{"train", "val"} {
		for class := range o.classes {
			name := fmt.Sprintf("class%d", class)
			if o.names != nil {
				name = o.names[class]
			}
			for i := range o.images {
				file := fmt.Sprintf("%s%d.png", set, i)
				writeSquare(t, filepath.Join(dir, set, name, file), 16, class, i)
				writeSquare(t, filepath.Join(dir, set+"_masks", name, file), o.maskSide, -1, i)
			}
		}
	}
}

// writeSquare draws image i of a class, or for class -1 its mask.
func writeSquare(t *testing.T, path string, side, class, i int) {
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
	encode(t, path, img)
}

func encode(t *testing.T, path string, img image.Image) {
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

func shapeNames(t *testing.T) []string {
	t.Helper()
	return shapes.ClassNames()
}
