// Package machine holds the catalogue's rows N: numbers that are not finite,
// settings that make no sense, devices, memory, outputs and leaks.
package machine

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/squares"
	"github.com/robustvit/workbench/weights"
)

func TestMain(m *testing.M) { os.Exit(catalogue.Main(m, "N1 N2 N3 N4 N5 N6 N7")) }

// tiny is a model that the Go backend trains in milliseconds.
var tiny = robustvit.Variant{Name: "tiny", ImageSize: 16, Patch: 8, Width: 16, Depth: 1, Heads: 2, MLP: 64, Classes: 4, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5}}

// writeModel writes random weights, after change has had its way with them.
func writeModel(t testing.TB, path string, v robustvit.Variant, change func(map[string][]float32), metadata map[string]string) string {
	t.Helper()
	values := finetune.Initialise(v, 1)
	if change != nil {
		change(values)
	}
	file := &weights.File{Metadata: map[string]string{weights.MetadataHeads: fmt.Sprint(v.Heads)}}
	for key, value := range metadata {
		file.Metadata[key] = value
	}
	for _, spec := range v.WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	if err := weights.Write(path, file); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeData writes train and val with their masks: four classes of four squares.
func writeData(t testing.TB, dir string) string {
	t.Helper()
	for _, set := range []string{"train", "val"} {
		for class := range 4 {
			for i := range 4 {
				file := filepath.Join(fmt.Sprintf("class%d", class), fmt.Sprintf("%s%d.png", set, i))
				writeSquare(t, filepath.Join(dir, set, file), color.RGBA{uint8(60 * class), uint8(250 - 60*class), 90, 255}, color.RGBA{128, uint8(100 + 5*i), 128, 255}, i)
				writeSquare(t, filepath.Join(dir, set+"_masks", file), color.White, color.Black, i)
			}
		}
	}
	return dir
}

// writeSquare draws a square at place i of a 16 x 16 picture.
func writeSquare(t testing.TB, path string, inside, outside color.Color, i int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for y := range 16 {
		for x := range 16 {
			c := outside
			if x >= 2+i && x < 10+i && y >= 3 && y < 11 {
				c = inside
			}
			img.Set(x, y, c)
		}
	}
	squares.PNG(t, path, img)
}

// absent demands that a command left nothing there.
func absent(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); err == nil {
		t.Errorf("%s was made", path)
	}
}
