package shift

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/robustvit/workbench/data"
)

// sample is a 24 x 18 picture of distinct values with a bar as its object.
func sample() data.Sample {
	s := data.Sample{Entry: data.Entry{ID: "set/a/1"}, Image: &data.Image{Width: 24, Height: 18, Pix: make([]uint8, 3*24*18)},
		Mask: &data.Mask{Width: 24, Height: 18, Pix: make([]float32, 24*18)}}
	for i := range s.Mask.Pix {
		x, y := i%24, i/24
		copy(s.Image.Pix[3*i:], []uint8{uint8(10 * x), uint8(14 * y), uint8(x * y)})
		if x >= 5 && x < 12 && y >= 4 && y < 9 && (x+y)%4 > 0 {
			s.Mask.Pix[i] = 1
		}
	}
	return s
}

func apply(t *testing.T, name, key string, s data.Sample) outcome {
	t.Helper()
	k, err := kindByName(name)
	if err != nil {
		t.Fatal(err)
	}
	donor := sample()
	donor.ID = "set/b/2"
	for i := range donor.Image.Pix {
		donor.Image.Pix[i] = 200
		if donor.Mask.Pix[i/3] == 1 {
			donor.Image.Pix[i] = 0 // its object is black: it must not be seen
		}
	}
	out, err := k.apply(task{sample: s, draws: data.NewDraws(key), donor: func(*data.Draws) (data.Sample, error) { return donor, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func at(img *data.Image, i int) [3]uint8 { return [3]uint8(img.Pix[3*i : 3*i+3]) }

// Every kind leaves its input alone and draws from its key only.
func TestKindsAreFunctionsOfTheirKey(t *testing.T) {
	for _, k := range Kinds() {
		s := sample()
		first, again := apply(t, k.Name, "key", s), apply(t, k.Name, "key", s)
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%s: two results for one key", k.Name)
		}
		if !reflect.DeepEqual(s, sample()) {
			t.Errorf("%s changes its input", k.Name)
		}
	}
}

// New backgrounds leave every byte of the object and the whole mask.
func TestBackgroundKindsKeepTheObject(t *testing.T) {
	s := sample()
	for _, name := range []string{"bg-blurred", "bg-replaced", "bg-gray"} {
		out := apply(t, name, "key", s)
		if !reflect.DeepEqual(out.mask, s.Mask) {
			t.Errorf("%s changes the mask", name)
		}
		changed := 0
		for i, v := range s.Mask.Pix {
			switch got := at(out.image, i); {
			case v == 1 && got != at(s.Image, i):
				t.Fatalf("%s changes pixel %d of the object", name, i)
			case v == 0 && name == "bg-gray" && got != [3]uint8{128, 128, 128}:
				t.Fatalf("bg-gray leaves background at %d", i)
			case v == 0 && name == "bg-replaced" && got != [3]uint8{200, 200, 200}:
				t.Fatalf("bg-replaced shows %v of the donor at %d, expected its flat background", got, i)
			case v == 0 && got != at(s.Image, i):
				changed++
			}
		}
		if changed < 100 {
			t.Errorf("%s changes %d pixels of the background", name, changed)
		}
	}
}

// The blur knows nothing of the object: its colour may be anything.
func TestBlurredBackgroundIsFreeOfTheObject(t *testing.T) {
	a, b := sample(), sample()
	for i, v := range b.Mask.Pix {
		if v == 1 {
			copy(b.Image.Pix[3*i:], []uint8{255, 0, 255})
		}
	}
	first, second := apply(t, "bg-blurred", "key", a), apply(t, "bg-blurred", "key", b)
	for i, v := range a.Mask.Pix {
		if v == 0 && at(first.image, i) != at(second.image, i) {
			t.Fatalf("the object's colour reaches pixel %d", i)
		}
	}
}

func TestBlurIsThreeBoxMeans(t *testing.T) {
	const width = 15
	img := &data.Image{Width: width, Height: 1, Pix: make([]uint8, 3*width)}
	img.Pix[3*7] = 243
	blurred, _ := blurBackground(img, &data.Mask{Width: width, Height: 1, Pix: make([]float32, width)}, 1)
	// The kernel of three boxes of 3 is 1 3 6 7 6 3 1 over 27.
	for i, want := range []uint8{0, 0, 0, 0, 9, 27, 54, 63, 54, 27, 9, 0, 0, 0, 0} {
		if got := blurred.Pix[3*i]; got != want {
			t.Errorf("pixel %d is %d, expected %d", i, got, want)
		}
	}
}

// The object arrives whole at the offset that is recorded, its place is
// painted without it, everything else stays.
func TestMovedObject(t *testing.T) {
	s := sample()
	seen := map[string]bool{}
	for n := range 200 {
		out := apply(t, "object-moved", fmt.Sprint(n), s)
		dx, dy := out.params["right"].(int), out.params["down"].(int)
		if dx == 0 && dy == 0 {
			t.Fatal("the object stays")
		}
		seen[fmt.Sprint(dx, dy)] = true
		for i, v := range s.Mask.Pix {
			to := i + dy*24 + dx
			switch {
			case v == 1 && (out.mask.Pix[to] != 1 || at(out.image, to) != at(s.Image, i)):
				t.Fatalf("moved by %d, %d: pixel %d of the object is lost", dx, dy, i)
			case v == 0 && out.mask.Pix[i] == 0 && at(out.image, i) != at(s.Image, i):
				t.Fatalf("moved by %d, %d: pixel %d of the background changes", dx, dy, i)
			}
		}
		if out.mask.Foreground() != s.Mask.Foreground() {
			t.Fatal("the mask has another size")
		}
	}
	if len(seen) < 100 { // of 18 x 14 - 1 places
		t.Errorf("%d places in 200 draws", len(seen))
	}
}

func TestOffsetsAreAllButZero(t *testing.T) {
	counts := map[[2]int]int{}
	d := data.NewDraws("x")
	for range 8000 {
		dx, dy := offset(d, span{-1, 2}, span{0, 1})
		counts[[2]int{dx, dy}]++
	}
	if len(counts) != 7 || counts[[2]int{}] != 0 {
		t.Fatalf("%v", counts)
	}
	for place, n := range counts {
		if n < 950 || n > 1350 {
			t.Errorf("%v drawn %d times of 8000, expected near 1143", place, n)
		}
	}
}

// Turning moves pixels and mask together and changes none.
func TestRotated(t *testing.T) {
	s := sample()
	seen := map[int]bool{}
	for n := range 40 {
		out := apply(t, "rotated", fmt.Sprint(n), s)
		degrees := out.params["degrees_clockwise"].(int)
		seen[degrees] = true
		for i, v := range s.Mask.Pix {
			x, y := i%24, i/24
			switch degrees {
			case 90:
				x, y = 17-y, x
			case 180:
				x, y = 23-x, 17-y
			case 270:
				x, y = y, 23-x
			}
			if to := y*out.image.Width + x; at(out.image, to) != at(s.Image, i) || out.mask.Pix[to] != v {
				t.Fatalf("%d degrees: pixel %d is elsewhere", degrees, i)
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("angles %v, expected three", seen)
	}
}

func TestMovedPicture(t *testing.T) {
	s := sample()
	for n := range 40 {
		out := apply(t, "moved", fmt.Sprint(n), s)
		dx, dy := out.params["right"].(int), out.params["down"].(int)
		if dx < -6 || dx > 6 || dy < -4 || dy > 4 || dx == 0 && dy == 0 {
			t.Fatalf("moved by %d, %d", dx, dy)
		}
		for i, v := range s.Mask.Pix {
			x, y := i%24+dx, i/24+dy
			if x < 0 || x > 23 || y < 0 || y > 17 {
				continue
			}
			if to := y*24 + x; at(out.image, to) != at(s.Image, i) || out.mask.Pix[to] != v {
				t.Fatalf("moved by %d, %d: pixel %d is elsewhere", dx, dy, i)
			}
		}
	}
}

func TestGrayAndNoise(t *testing.T) {
	s := sample()
	g := apply(t, "gray", "key", s)
	for i := range s.Mask.Pix {
		p, want := at(s.Image, i), at(g.image, i)
		exact := 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
		if want[0] != want[1] || want[1] != want[2] || float64(want[0]) > exact+0.51 || float64(want[0]) < exact-0.51 {
			t.Fatalf("pixel %v becomes %v", p, want)
		}
	}
	flat := data.Sample{Image: &data.Image{Width: 100, Height: 100, Pix: make([]uint8, 30000)}}
	for i := range flat.Image.Pix {
		flat.Image.Pix[i] = 128
	}
	sum, squares := 0.0, 0.0
	for _, v := range apply(t, "noise", "key", flat).image.Pix {
		d := float64(v) - 128
		sum, squares = sum+d, squares+d*d
	}
	if mean, variance := sum/30000, squares/30000; mean < -1.5 || mean > 1.5 || variance < 44*44 || variance > 47*47 {
		t.Errorf("noise of mean %g and variance %g, expected 0 and 45.9 squared (less what is cut)", mean, variance)
	}
}

func TestReasonsToSkip(t *testing.T) {
	empty, full, edge, bare, dot := sample(), sample(), sample(), sample(), data.Sample{Image: &data.Image{Width: 3, Height: 2, Pix: make([]uint8, 18)}}
	clear(empty.Mask.Pix)
	for i := range full.Mask.Pix {
		full.Mask.Pix[i] = 1
	}
	edge.Mask.Pix[0], edge.Mask.Pix[len(edge.Mask.Pix)-1] = 1, 1
	bare.Mask = nil
	for _, test := range []struct {
		kind string
		s    data.Sample
		want string
	}{
		{"bg-blurred", empty, noForeground}, {"bg-replaced", full, noBackground}, {"bg-gray", bare, noMask},
		{"object-moved", edge, noRoom}, {"object-moved", full, noBackground}, {"rotated", bare, ""}, {"moved", dot, "the picture is too small to be moved"},
	} {
		if out := apply(t, test.kind, "key", test.s); out.skip != test.want {
			t.Errorf("%s: skipped because %q, expected %q", test.kind, out.skip, test.want)
		}
	}
}
