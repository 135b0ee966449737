package explain_test

import (
	"bytes"
	"image/png"
	"math"
	"testing"

	"github.com/robustvit/workbench/robustvit/explain"
)

func TestMapPNGKeepsTheNumbers(t *testing.T) {
	relevance := []float32{0, 0.25, 0.5, 1, 1.5, -1}
	content, err := explain.MapPNG(relevance, 3)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 0.25, 0.5, 1, 1, 0} {
		got, _, _, _ := img.At(i%3, i/3).RGBA()
		if math.Abs(float64(got)/65535-want) > 1.0/65535 {
			t.Errorf("value %g came back as %g", want, float64(got)/65535)
		}
	}
	if _, err := explain.MapPNG(relevance, 4); err == nil {
		t.Error("a map that does not fill its rows was written")
	}
}
