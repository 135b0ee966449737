package main

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/weights"
)

// tinyImageNetModel writes a timm-named ViT of ImageNet's 1000 classes with
// random weights.
func tinyImageNetModel(t *testing.T, path string) { biasedModel(t, path, nil) }

// biasedModel is the tiny model with these values in the bias of its head: what
// it answers is known.
func biasedModel(t *testing.T, path string, bias map[int]float32) {
	t.Helper()
	half := [3]float32{0.5, 0.5, 0.5}
	v := robustvit.Variant{Name: "vit_tiny_patch8_32", ImageSize: 32, Patch: 8, Width: 48, Depth: 2, Heads: 3, MLP: 96, Classes: 1000, PrefixTokens: 1, Mean: half, Std: half}
	file := &weights.File{Metadata: map[string]string{"heads": "3", "architecture": v.Name}}
	values := finetune.Initialise(v, 1)
	for class, value := range bias {
		values["head.bias"][class] = value
	}
	for _, spec := range v.WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	if err := weights.Write(path, file); err != nil {
		t.Fatal(err)
	}
}

// writeImageNet writes a few images of each set in the published layouts.
func writeImageNet(t *testing.T, root string) {
	t.Helper()
	categories := imagenet.Subset("imagenet-s919")
	for place, class := range categories[:4] {
		for i := range 4 {
			name := fmt.Sprintf("%s/t%d", imagenet.Classes()[class], i)
			writeObject(t, filepath.Join(root, "train-semi", name+".JPEG"), class, i, 0)
			writeObject(t, filepath.Join(root, "train-semi-segmentation", name+".png"), class, i, place+1)
			writeObject(t, filepath.Join(root, "validation", name+".JPEG"), class, i+9, 0)
			writeObject(t, filepath.Join(root, "validation-segmentation", name+".png"), class, i+9, place+1)
		}
	}
	var labels strings.Builder
	for i, class := range []int{65, 970, 230} {
		name := fmt.Sprintf("ILSVRC2012_val_%08d.JPEG", i+1)
		writeObject(t, filepath.Join(root, "val", name), class, i, 0)
		fmt.Fprintf(&labels, "%s %s\n", name, imagenet.Classes()[class])
	}
	if err := os.WriteFile(filepath.Join(root, "val", "val.txt"), []byte(labels.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"imagenet-a/n01498041/a.jpg", "imagenet-a/n01531178/b.jpg", "imagenet-r/n01443537/a.jpg", "sketch/n01440764/a.JPEG",
		"imagenetv2-matched-frequency-format-val/10/a.jpeg", "objectnet-1.0/images/alarm_clock/a.png", "objectnet-1.0/images/chair/b.png", "objectnet-1.0/images/air_freshener/c.png",
		"si-score/rotation/1/zebra/a.jpg", "si-score/rotation/21/zebra/b.jpg", "si-score/rotation/21/wok/c.jpg"} {
		writeObject(t, filepath.Join(root, name), 30*i, i, 0)
	}
}

// writeObject draws a square on a ground, or its mask with a category number.
func writeObject(t *testing.T, path string, class, i, category int) {
	t.Helper()
	const side = 40
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			inside := x >= 6+i && x < 26+i && y >= 8 && y < 28
			c := color.RGBA{uint8(90 + 3*i), uint8(y * 5), 128, 255}
			switch {
			case category > 0 && inside:
				c = color.RGBA{uint8(category % 256), uint8(category / 256), 0, 255}
			case category > 0:
				c = color.RGBA{A: 255}
			case inside:
				c = color.RGBA{uint8(class * 37), uint8(class * 11), uint8(x * 5), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if strings.HasSuffix(path, ".png") {
		err = png.Encode(f, img)
	} else {
		err = jpeg.Encode(f, img, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
}
