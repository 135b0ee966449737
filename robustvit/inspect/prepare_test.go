package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

const pictures = "../../data/testdata/preprocess"

// What prepare writes is what Pillow's pipeline gives, byte for byte.
func TestPrepareWritesPillowsPixels(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(pictures, "sha256.json"))
	if err != nil {
		t.Fatal(err)
	}
	var hashes map[string]string
	if err := json.Unmarshal(text, &hashes); err != nil {
		t.Fatal(err)
	}
	for name, protocol := range map[string]string{"paper_eval": "paper", "timm_bicubic_0.9": "timm", "squash_224": "squash"} {
		out := filepath.Join(t.TempDir(), "seen.png")
		p, err := Prepare(Preparation{File: filepath.Join(pictures, "portrait.png"), Protocol: protocol, Out: out})
		if err != nil {
			t.Fatal(err)
		}
		seen, err := data.ReadImage(out)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(seen.Pix)
		if hex.EncodeToString(sum[:]) != hashes["portrait.png|"+name] || seen.SHA256() != p.SHA256 || p.Size != 224 {
			t.Errorf("%s: other pixels than Pillow's", protocol)
		}
	}
}

// pairFiles writes a picture whose red channel is its mask.
func pairFiles(t *testing.T) (img, mask string) {
	t.Helper()
	dir := t.TempDir()
	picture := &data.Image{Width: 90, Height: 60, Pix: make([]uint8, 3*90*60)}
	marks := &data.Mask{Width: 90, Height: 60, Pix: make([]float32, 90*60)}
	for i := range marks.Pix {
		if x, y := i%90, i/90; x > 20 && x < 70 && y > 7 && y < 40 && (x/6+y/6)%3 > 0 {
			marks.Pix[i], picture.Pix[3*i] = 1, 255
		}
	}
	img, mask = filepath.Join(dir, "i.png"), filepath.Join(dir, "m.png")
	if err := data.WritePNG(img, picture.Picture()); err != nil {
		t.Fatal(err)
	}
	if err := data.WritePNG(mask, marks.Picture()); err != nil {
		t.Fatal(err)
	}
	return img, mask
}

// Image and mask go through the same resize, crop and flip: the red channel
// and the reference mask stay the same picture up to the resize's two roundings.
func TestPreparedPairsStayTogether(t *testing.T) {
	img, mask := pairFiles(t)
	for _, training := range []*Training{nil, {Kind: "crop"}, {Kind: "crop", Epoch: 1}, {Kind: "crop", Epoch: 2}, {Kind: "shift", Epoch: 3}} {
		for _, rule := range []data.MaskRule{data.Reference, data.Strict} {
			out := filepath.Join(t.TempDir(), "o.png")
			p, err := Prepare(Preparation{File: img, Mask: mask, Protocol: "paper", Size: 48, Rule: rule, Training: training, Out: out})
			if err != nil {
				t.Fatal(err)
			}
			seen, err := data.ReadImage(out)
			if err != nil {
				t.Fatal(err)
			}
			marks, err := data.ReadImage(p.MaskOut) // fractions are no mask file
			if err != nil {
				t.Fatal(err)
			}
			far := 0
			for i := 0; i < len(seen.Pix); i += 3 {
				d := int(seen.Pix[i]) - int(marks.Pix[i])
				if rule == data.Reference && max(d, -d) > 1 || rule == data.Strict && marks.Pix[i] != 0 && marks.Pix[i] != 255 {
					t.Fatalf("%+v, %s: value %d of the image, %d of the mask", training, rule, seen.Pix[i], marks.Pix[i])
				}
				if max(d, -d) > 128 {
					far++
				}
			}
			if p.MaskRule != rule.String() || p.Foreground <= 0.1 || far > 48*48/50 {
				t.Errorf("%+v, %s: %+v, %d pixels on the other side", training, rule, p, far)
			}
		}
	}
}

func TestPrepareTakesTheModelsSize(t *testing.T) {
	img, mask := pairFiles(t)
	out := filepath.Join(t.TempDir(), "o.png")
	p, err := Prepare(Preparation{File: img, Protocol: "auto", Weights: "demo:vit", Out: out})
	if err != nil || p.Size != 64 || p.Protocol.Name != "native" {
		t.Errorf("%+v, %v", p, err)
	}
	for want, bad := range map[string]Preparation{
		"leave --size out":           {File: img, Protocol: "timm", Weights: "demo:vit", Size: 224, Out: out},
		"is unknown":                 {File: img, Protocol: "other", Out: out},
		"write the mask at the size": {File: filepath.Join(pictures, "small.png"), Mask: mask, Protocol: "paper", Out: out},
		"choose another place":       {File: img, Protocol: "paper", Out: filepath.Join(out, "x.png")},
	} {
		if _, err := Prepare(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %q", err, want)
		}
	}
}

func TestPrepareSaysWhetherItTurnedThePicture(t *testing.T) {
	file := "../../data/testdata/exif/turned6.png"
	for _, rotate := range []bool{false, true} {
		p, err := Prepare(Preparation{File: file, Protocol: "native", Size: 5, Rotate: rotate, Out: filepath.Join(t.TempDir(), "o.png")})
		if err != nil || p.Orientation != 6 || p.Rotated != rotate {
			t.Errorf("%+v, %v", p, err)
		}
		upright, err := data.ReadImage(file)
		if err != nil {
			t.Fatal(err)
		}
		if rotate {
			upright = upright.Upright(6)
		}
		seen, _ := data.ReadImage(p.Out)
		if want, err := data.Native().Apply(upright, 5); err != nil || !reflect.DeepEqual(seen, want) {
			t.Errorf("rotate %t: another picture (%v)", rotate, err)
		}
	}
}
