package data_test

import (
	"reflect"
	"testing"

	"github.com/robustvit/workbench/data"
)

// Every epoch cuts the same pair from the kept base as from the photograph.
func TestBaseGivesWhatThePhotographGives(t *testing.T) {
	for _, size := range [][2]int{{101, 77}, {64, 64}, {48, 130}, {300, 20}, {20, 20}, {256, 256}} {
		img := arithmetic(size[0], size[1])
		mask := &data.Mask{Width: size[0], Height: size[1], Pix: make([]float32, size[0]*size[1])}
		for i := range mask.Pix {
			if x, y := i%size[0], i/size[0]; x > size[0]/3 && y > size[1]/4 && (x+y)%5 > 0 {
				mask.Pix[i] = 1
			}
		}
		s := data.Sample{Entry: data.Entry{ID: "x"}, Image: img, Mask: mask}
		for _, rule := range []data.MaskRule{data.Reference, data.Strict} {
			for _, kind := range []string{data.AugmentCrop, data.AugmentShift, data.AugmentNone} {
				a := data.Augment{Kind: kind, Brightness: 0.2, Erase: 0.5}
				base, err := a.Base(s, 48, rule)
				if err != nil {
					t.Fatal(err)
				}
				if area := base.Image.Width * base.Image.Height; area > size[0]*size[1] || area > 55*55 && size[0]*size[1] >= 55*55 {
					t.Errorf("%v %s: the base is %d x %d", size, kind, base.Image.Width, base.Image.Height)
				}
				for epoch := range 5 {
					img1, mask1, err1 := a.Apply(s, 48, rule, 3, epoch, 9)
					img2, mask2, err2 := a.Apply(base, 48, rule, 3, epoch, 9)
					if err1 != nil || err2 != nil || !reflect.DeepEqual(img1, img2) || !reflect.DeepEqual(mask1, mask2) {
						t.Fatalf("%v %s %s epoch %d: another pair (%v, %v)", size, kind, rule, epoch, err1, err2)
					}
				}
			}
		}
	}
}
