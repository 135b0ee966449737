package data_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/robustvit/workbench/data"
)

// geometryRow is one picture that torchvision (paper) or timm's own
// create_transform (timm) prepared; see testdata/geometry/make_geometry.py.
type geometryRow struct {
	Protocol      string
	Size          int
	Crop          float64
	Filter        data.Filter
	Mode          string
	Width, Height int
	SHA256        string
}

func (r geometryRow) protocol() data.Protocol {
	if r.Protocol == "paper" {
		return data.Paper()
	}
	p := data.Timm(r.Crop, [3]float32{}, [3]float32{1, 1, 1})
	p.Filter, p.Squash = r.Filter, r.Mode == "squash"
	return p
}

// arithmetic is the picture of make_geometry.py.
func arithmetic(width, height int) *data.Image {
	img := &data.Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	for y := range height {
		for x := range width {
			copy(img.Pix[3*(y*width+x):], []uint8{uint8(x*7 + y*13), uint8(x*x + 3*y), uint8(x*y + 11*x)})
		}
	}
	return img
}

// Odd sizes of picture and model: sizes, offsets and every pixel are those of
// the transforms that the two protocols stand for.
func TestGeometryIsTorchvisionsAndTimms(t *testing.T) {
	text, err := os.ReadFile("testdata/geometry/geometry.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []geometryRow
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 300 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		out, err := r.protocol().Apply(arithmetic(r.Width, r.Height), r.Size)
		if err != nil {
			t.Errorf("%+v: %v", r, err)
			continue
		}
		sum := sha256.Sum256(out.Pix)
		if got := hex.EncodeToString(sum[:])[:len(r.SHA256)]; got != r.SHA256 {
			t.Errorf("%s %d, crop %g, %v, %s, of %d x %d: other pixels than the reference's", r.Protocol, r.Size, r.Crop, r.Filter, r.Mode, r.Width, r.Height)
		}
	}
}

// timm reads the fraction back as floor(size / fraction).
func TestCropFractionGivesTheShortSide(t *testing.T) {
	for size := 16; size <= 640; size++ {
		for _, p := range []data.Protocol{data.Paper(), data.Native(), data.Squash(), data.Timm(0.9, [3]float32{}, [3]float32{})} {
			back := data.Timm(p.CropFraction(size), p.Mean, p.Std)
			want := fmt.Sprint(size)
			switch p.Name {
			case "paper":
				want = fmt.Sprintf("%.0f", float64(size)*256/224)
			case "timm":
				want = fmt.Sprint(int(float64(size) / 0.9))
			}
			if got := fmt.Sprint(int(float64(size) / back.Crop)); got != want {
				t.Fatalf("%s at %d: fraction %g gives a short side of %s, expected %s", p.Name, size, back.Crop, got, want)
			}
		}
	}
}
