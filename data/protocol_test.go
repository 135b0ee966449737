package data_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"pgregory.net/rapid"
)

// ramp is a picture in which every pixel differs from its neighbours.
func ramp(width, height int) *data.Image {
	img := &data.Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	for i := range width * height {
		x, y := i%width, i/width
		img.Pix[3*i], img.Pix[3*i+1], img.Pix[3*i+2] = uint8(x*7+y), uint8(y*5), uint8(x^y)
	}
	return img
}

func TestProtocolsGiveTheModelsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := ramp(rapid.IntRange(1, 120).Draw(t, "width"), rapid.IntRange(1, 120).Draw(t, "height"))
		m := &data.Mask{Width: img.Width, Height: img.Height, Pix: make([]float32, img.Width*img.Height)}
		size := rapid.IntRange(1, 70).Draw(t, "size")
		for _, name := range []string{"native", "paper", "timm", "squash"} {
			p, err := data.ProtocolByName(name)
			if err != nil {
				t.Fatal(err)
			}
			out, err := p.Apply(img, size)
			if err != nil || out.Width != size || out.Height != size || len(out.Pix) != 3*size*size {
				t.Fatalf("%s: %v", name, err)
			}
			mask, err := p.ApplyMask(m, size, data.Reference)
			if err != nil || mask.Width != size || mask.Height != size || len(mask.Pix) != size*size {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

func TestNativePassesItsOwnSizeUnchanged(t *testing.T) {
	img := ramp(32, 32)
	if out, err := data.Native().Apply(img, 32); err != nil || string(out.Pix) != string(img.Pix) {
		t.Errorf("changed (%v)", err)
	}
	m := &data.Mask{Width: 32, Height: 32, Pix: make([]float32, 32*32)}
	m.Pix[5] = 1
	if out, err := data.Native().ApplyMask(m, 32, data.Strict); err != nil || out.Pix[5] != 1 {
		t.Errorf("mask changed (%v)", err)
	}
}

func TestProtocolFaults(t *testing.T) {
	if _, err := data.ProtocolByName("papr"); err == nil || !strings.Contains(err.Error(), "paper") {
		t.Errorf("error %v", err)
	}
	for _, p := range []data.Protocol{data.Timm(1.5, data.Paper().Mean, data.Paper().Std), {Scale: 0.5}} {
		if _, err := p.Apply(ramp(10, 10), 8); err == nil {
			t.Errorf("%+v accepted", p)
		}
	}
	for _, size := range []int{0, -1, 1 << 20} {
		if _, err := data.Paper().Apply(ramp(10, 10), size); err == nil {
			t.Errorf("size %d accepted", size)
		}
	}
	if _, err := data.Paper().Apply(nil, 8); err == nil {
		t.Error("no image accepted")
	}
	if _, err := data.Paper().ApplyMask(&data.Mask{}, 8, data.Reference); err == nil {
		t.Error("empty mask accepted")
	}
}

// Values by torchvision's ToTensor and Normalize in float32.
func TestNormalize(t *testing.T) {
	img := &data.Image{Width: 2, Height: 1, Pix: []uint8{0, 128, 255, 51, 200, 1}}
	dst := make([]float32, 6)
	data.Normalize(dst, img, [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225})
	for i, v := range []uint8{0, 51, 128, 200, 255, 1} {
		mean, std := [3]float64{0.485, 0.456, 0.406}[i/2], [3]float64{0.229, 0.224, 0.225}[i/2]
		if want := (float64(v)/255 - mean) / std; math.Abs(float64(dst[i])-want) > 1e-6 {
			t.Errorf("value %d is %g, want %g", i, dst[i], want)
		}
	}
	data.Normalize(dst, img, [3]float32{.5, .5, .5}, [3]float32{.5, .5, .5})
	if dst[0] != -1 || dst[4] != 1 {
		t.Errorf("ends %g and %g, want exactly -1 and 1", dst[0], dst[4])
	}
}

func TestProtocolSurvivesJSON(t *testing.T) {
	text, err := json.Marshal(data.Timm(0.9, data.Paper().Mean, data.Paper().Std))
	if err != nil || !strings.Contains(string(text), `"bicubic"`) {
		t.Fatalf("%s, %v", text, err)
	}
	var back data.Protocol
	if err := json.Unmarshal(text, &back); err != nil || back != data.Timm(0.9, data.Paper().Mean, data.Paper().Std) {
		t.Errorf("%+v, %v", back, err)
	}
	var rule data.MaskRule
	if err := json.Unmarshal([]byte(`"strict"`), &rule); err != nil || rule != data.Strict {
		t.Errorf("%v, %v", rule, err)
	}
	if err := json.Unmarshal([]byte(`"strikt"`), &rule); err == nil || !strings.Contains(err.Error(), "reference or strict") {
		t.Errorf("error %v", err)
	}
}
