package data_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"pgregory.net/rapid"
)

// drawnPair has its mask painted into the image: white where the mask is 1.
func drawnPair(width, height int, seed int) data.Sample {
	img := &data.Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	m := &data.Mask{Width: width, Height: height, Pix: make([]float32, width*height)}
	for i := range m.Pix {
		x, y := i%width, i/width
		if (x/5+y/3+seed)%3 == 0 || x > y+seed {
			m.Pix[i] = 1
			img.Pix[3*i], img.Pix[3*i+1], img.Pix[3*i+2] = 255, 255, 255
		}
	}
	return data.Sample{Entry: data.Entry{ID: "drawn"}, Image: img, Mask: m}
}

// Image and mask move together, whatever the kind, size and randomness.
func TestAugmentMovesImageAndMaskTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawnPair(rapid.IntRange(1, 50).Draw(t, "width"), rapid.IntRange(1, 50).Draw(t, "height"), rapid.IntRange(0, 9).Draw(t, "drawing"))
		a := data.Augment{Kind: rapid.SampledFrom([]string{"crop", "shift", "none"}).Draw(t, "kind"), Pixels: rapid.IntRange(0, 7).Draw(t, "pixels")}
		size := rapid.IntRange(8, 40).Draw(t, "size")
		img, mask, err := a.Apply(s, size, data.Reference, rapid.Uint64().Draw(t, "seed"), 3, 11)
		if err != nil {
			t.Fatal(err)
		}
		if img.Width != size || img.Height != size || mask.Width != size || mask.Height != size {
			t.Fatalf("sizes %d x %d and %d x %d", img.Width, img.Height, mask.Width, mask.Height)
		}
		for i, v := range mask.Pix {
			// The image is rounded twice, the mask not at all.
			if d := float32(img.Pix[3*i]) - 255*v; d > 1.01 || d < -1.01 {
				t.Fatalf("pixel %d: image %d, mask %g", i, img.Pix[3*i], v)
			}
		}
	})
}

func TestAugmentIsAPureFunction(t *testing.T) {
	s := drawnPair(32, 32, 1)
	before := slices.Clone(s.Image.Pix)
	a := data.Augment{Kind: "shift", Brightness: .3, Colour: true, Erase: .5}
	seen := map[string]bool{}
	for epoch := range 4 {
		for index := range 8 {
			first, firstMask, err := a.Apply(s, 32, data.Strict, 5, epoch, index)
			if err != nil {
				t.Fatal(err)
			}
			second, secondMask, err := a.Apply(s, 32, data.Strict, 5, epoch, index)
			if err != nil || !slices.Equal(first.Pix, second.Pix) || !slices.Equal(firstMask.Pix, secondMask.Pix) {
				t.Fatalf("epoch %d, index %d: two calls differ", epoch, index)
			}
			seen[string(first.Pix)] = true
		}
	}
	if len(seen) != 32 {
		t.Errorf("%d different results of 32", len(seen))
	}
	if !slices.Equal(before, s.Image.Pix) {
		t.Error("the sample was changed")
	}
}

// Every window and both mirrorings occur.
func TestShiftReachesEveryPlace(t *testing.T) {
	s := data.Sample{Image: ramp(12, 12)}
	seen := map[string]int{}
	for index := range 2000 {
		img, _, err := data.Augment{Kind: "shift", Pixels: 2}.Apply(s, 12, data.Reference, 0, 0, index)
		if err != nil {
			t.Fatal(err)
		}
		seen[string(img.Pix)]++
	}
	if len(seen) != 50 {
		t.Errorf("%d different pictures, want 5 x 5 windows, mirrored or not", len(seen))
	}
	for _, n := range seen {
		if n < 15 { // expected 40
			t.Errorf("a picture came %d times in 2000", n)
		}
	}
}

func TestErasingAndBrightness(t *testing.T) {
	gray := &data.Image{Width: 64, Height: 64, Pix: slices.Repeat([]uint8{128}, 3*64*64)}
	erased := 0
	for index := range 400 {
		img, _, err := data.Augment{Kind: "none", Erase: .25}.Apply(data.Sample{Image: gray}, 64, data.Reference, 1, 0, index)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(img.Pix, gray.Pix) {
			erased++
		}
	}
	if erased < 70 || erased > 130 {
		t.Errorf("erased %d of 400 with probability 0.25", erased)
	}
	low, high := uint8(255), uint8(0)
	for index := range 200 {
		img, _, err := data.Augment{Kind: "none", Brightness: .15}.Apply(data.Sample{Image: gray}, 64, data.Reference, 1, 0, index)
		if err != nil {
			t.Fatal(err)
		}
		if img.Pix[0] != img.Pix[1] || img.Pix[0] != img.Pix[3*64*64-1] {
			t.Fatal("brightness coloured a gray picture")
		}
		low, high = min(low, img.Pix[0]), max(high, img.Pix[0])
	}
	// 128 moves by at most 0.7 * 0.15 * 127.5 = 13.4.
	if low < 114 || low > 118 || high > 142 || high < 138 {
		t.Errorf("brightness from %d to %d, want about 115 to 141", low, high)
	}
}

func TestAugmentFaults(t *testing.T) {
	s := drawnPair(8, 8, 0)
	for want, a := range map[string]data.Augment{
		"unknown": {Kind: "mixup"}, "larger": {Kind: "shift", Pixels: 8}, "brightness": {Kind: "none", Brightness: 2}, "negative": {Kind: "shift", Pixels: -1},
		"erase": {Kind: "none", Erase: -1},
	} {
		if _, _, err := a.Apply(s, 8, data.Reference, 0, 0, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", a, err, want)
		}
	}
	if _, _, err := (data.Augment{Kind: "none"}).Apply(data.Sample{}, 8, data.Reference, 0, 0, 0); err == nil {
		t.Error("a sample without image was accepted")
	}
	s.Mask = &data.Mask{Width: 2, Height: 2, Pix: make([]float32, 4)}
	if _, _, err := (data.Augment{Kind: "crop"}).Apply(s, 8, data.Reference, 0, 0, 0); err == nil || !strings.Contains(err.Error(), "2 x 2") {
		t.Errorf("mask of another size: %v", err)
	}
}
