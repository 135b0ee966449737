package imagenet

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

// TestMasks reads the category of each variant as 8-bit RGB.
func TestMasks(t *testing.T) {
	for variant, names := range map[string][]string{
		"919": {"n01440764/a.JPEG", "n13133613/b.JPEG"}, // 1 and a number above 255
		"50":  {"n01443537/a.JPEG", "n01491361/b.JPEG"},
		"300": {"n01443537/a.JPEG", first(300, "imagenet-s300")[270] + "/b.JPEG"},
	} {
		root := filepath.Join(t.TempDir(), "ImageNetS"+variant)
		putSemantic(t, root, "train-semi", variant, names...)
		c, err := Open(root)
		if err != nil {
			t.Fatal(err)
		}
		train, err := c.Train()
		if err != nil || train.Len() != 2 || train.Name() != trainSemi {
			t.Fatalf("ImageNet-S%s: %v, %v", variant, train, err)
		}
		for i := range 2 {
			sample, err := train.Load(i)
			if err != nil {
				t.Fatal(err)
			}
			if got := sample.Mask.Foreground(); got != 36./(side*side) || sample.Mask.Pix[0] != 0 || sample.Mask.Pix[3*side+3] != 1 {
				t.Errorf("ImageNet-S%s, %s: %.3f of the mask is foreground, expected the 6 x 6 square without the pixel to ignore", variant, sample.ID, got)
			}
			if has, err := data.HasMask(train, i); !has || err != nil {
				t.Errorf("HasMask: %v, %v", has, err)
			}
		}
		if facts, ok := FactsOf(train); !ok || facts.Masks != 2 || !strings.Contains(facts.Kind, "ImageNet-S"+variant+" train-semi") {
			t.Errorf("recognised as %+v", facts)
		}
	}
}

// gray16 and bgr store the mask of one category in other ways.
func gray16(id int) image.Image {
	img := image.NewGray16(image.Rect(0, 0, side, side))
	img.SetGray16(4, 4, color.Gray16{Y: uint16(id)})
	img.SetGray16(0, 0, color.Gray16{Y: ignoreID})
	return img
}

func gray8(id int) image.Image {
	img := image.NewGray(image.Rect(0, 0, side, side))
	img.SetGray(4, 4, color.Gray{Y: uint8(id)})
	return img
}

func bgr(id int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.SetRGBA(i%side, i/side, color.RGBA{0, uint8(id / 256), uint8(id % 256), 255})
	}
	return img
}

func deep() image.Image {
	img := image.NewRGBA64(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.SetRGBA64(i%side, i/side, color.RGBA64{R: 918, A: 65535})
	}
	return img
}

// TestMaskFiles gives one sample masks of every kind.
func TestMaskFiles(t *testing.T) {
	const wnid = "n13133613" // beyond 255 in ImageNet-S919
	own := idOf(t, "919", wnid)
	small := image.NewRGBA(image.Rect(0, 0, 3, 3))
	for _, c := range []struct {
		name    string
		mask    image.Image
		variant string
		says    string // "" = it is read
	}{
		{"16-bit gray", gray16(own), "919", ""},
		{"8-bit gray of 919", gray8(own % 256), "919", "8-bit gray, which cannot hold"},
		{"channels the wrong way round", bgr(own), "919", "blue channel"},
		{"another size", small, "919", "3 x 3"},
		{"an id beyond the variant", gray16(940), "919", "holds the category 940"},
		{"another class's", idMask(1), "919", "holds the category 1 (n01440764), expected 918 (n13133613)"},
		{"palette", image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.Black, color.White}), "919", "palette"},
		{"16-bit colours", deep(), "919", "16 bits a colour"},
	} {
		root := filepath.Join(t.TempDir(), "ImageNetS"+c.variant)
		putSemantic(t, root, "train-semi", c.variant, wnid+"/a.JPEG")
		write(t, filepath.Join(root, "train-semi-segmentation", wnid, "a.png"), encode(t, ".png", c.mask))
		col, err := Open(root)
		if err != nil {
			t.Fatal(err)
		}
		train, _ := col.Train()
		sample, err := train.Load(0)
		switch {
		case c.says == "" && (err != nil || sample.Mask.Pix[4*side+4] != 1 || sample.Mask.Pix[0] != 0):
			t.Errorf("%s: %v", c.name, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "a.png")):
			t.Errorf("%s: %v, expected %q and the file's name", c.name, err, c.says)
		}
	}
}

// TestWrongVariant: the numbers of ImageNet-S50 read as ImageNet-S919's.
func TestWrongVariant(t *testing.T) {
	root := filepath.Join(t.TempDir(), "download")
	putSemantic(t, root, "train-semi", "50", "n01491361/a.JPEG")
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	train, _ := c.Train()
	if _, err := train.Load(0); err == nil || !strings.Contains(err.Error(), "right for ImageNet-S50") || !strings.Contains(err.Error(), "ImageNetS50") {
		t.Errorf("%v, expected the variant and how to name it", err)
	}
}

func TestMergedTagsAndMissingMasks(t *testing.T) {
	root := filepath.Join(t.TempDir(), "imagenet")
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG", "n04355933/b.JPEG", "n15075141/c.JPEG", "n01440764/d.JPEG")
	if err := os.Remove(filepath.Join(root, "train-semi-segmentation", "n01440764", "d.png")); err != nil {
		t.Fatal(err)
	}
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	train, _ := c.Train()
	facts, _ := FactsOf(train)
	if train.Len() != 1 || facts.LeftOut != 2 || !strings.Contains(strings.Join(facts.Notes, ";"), "1 images have no mask") {
		t.Errorf("%d images, %+v; expected 1: two folders are merged tags, one image has no mask", train.Len(), facts)
	}
	if err := os.RemoveAll(filepath.Join(root, "train-semi")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(root); err == nil || !strings.Contains(err.Error(), "no images to it") {
		t.Errorf("masks without images: %v", err)
	}
}

// TestFullTrainingImages: ImageNet's own training folder serves the masks.
func TestFullTrainingImages(t *testing.T) {
	root := filepath.Join(t.TempDir(), "imagenet")
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG", "n04355933/b.JPEG")
	if err := os.Rename(filepath.Join(root, "train-semi"), filepath.Join(root, "train")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(root, "train"), "n01440764/other.JPEG")
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	train, err := c.Train()
	if err != nil || train.Len() != 1 || train.Entry(0).ID != "train-semi/n01440764/a" {
		t.Errorf("%v %v, expected the one image with a mask that is not merged", entries(train), err)
	}
}

func TestValidationMask(t *testing.T) {
	root := filepath.Join(t.TempDir(), "ImageNetS919")
	putSemantic(t, root, "validation", "919", "n01440764/a.JPEG")
	write(t, filepath.Join(root, "validation-segmentation", "n01440764", "a.png"), encode(t, ".png", idMask(5)))
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Segmentation()
	if err != nil || d == nil {
		t.Fatal(err)
	}
	if sample, err := d.Load(0); err != nil || sample.Mask.Foreground() != 0 {
		t.Errorf("a validation image whose own category is not in its mask has no foreground: %v", err)
	}
	if _, err := c.Train(); err == nil || !strings.Contains(err.Error(), "train-semi") {
		t.Errorf("Train without training images: %v", err)
	}
}

// TestRotateEXIF: image and mask turn together.
func TestRotateEXIF(t *testing.T) {
	root := t.TempDir()
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG")
	path := filepath.Join(root, "train-semi", "n01440764", "a.JPEG")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	exif := "\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"
	write(t, path, append([]byte("\xff\xd8"+exif), content[2:]...)) // orientation 3: half a turn
	mask := idMask(1).(*image.RGBA)
	mask.SetRGBA(1, 0, color.RGBA{R: 1, A: 255})
	write(t, filepath.Join(root, "train-semi-segmentation", "n01440764", "a.png"), encode(t, ".png", mask))
	for _, rotate := range []bool{false, true} {
		c, err := Open(root)
		if err != nil {
			t.Fatal(err)
		}
		if rotate {
			c.RotateEXIF()
		}
		train, _ := c.Train()
		sample, err := train.Load(0)
		if err != nil {
			t.Fatal(err)
		}
		stored, turned := sample.Mask.Pix[1] == 1, sample.Mask.Pix[side*side-2] == 1
		brightRight := sample.Image.Pix[3*(side-1)+2] > sample.Image.Pix[2] // blue grows to the right
		if stored == rotate || turned != rotate || brightRight == rotate {
			t.Errorf("rotate %v: mask as stored %v, turned %v, image as stored %v", rotate, stored, turned, brightRight)
		}
	}
}
