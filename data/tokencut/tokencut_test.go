package tokencut_test

import (
	"math"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/tokencut"
	"github.com/robustvit/workbench/weights"
)

// reference is one case of testdata/make_tokencut.py: the same computed with
// numpy and scipy.
type reference struct {
	image          *data.Image
	keys           []float32
	gw, gh         int
	vector, lambda []float64
	part           []bool // grid
	soft           []float64
	mask           []bool
}

func references(t *testing.T) map[string]reference {
	t.Helper()
	file, err := weights.Read("testdata/tokencut.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	get := func(name string) *weights.Tensor {
		found, ok := file.Get(name)
		if !ok {
			t.Fatalf("the fixture lacks %s", name)
		}
		return found
	}
	floats := func(name string) []float64 {
		values, err := get(name).Float64s()
		if err != nil {
			t.Fatal(err)
		}
		return values
	}
	all := map[string]reference{}
	for i := range file.Tensors {
		name, isImage := strings.CutSuffix(file.Tensors[i].Name, ".image")
		if !isImage {
			continue
		}
		img, grid := get(name+".image"), get(name+".vector").Shape
		r := reference{gw: grid[1], gh: grid[0], vector: floats(name + ".vector"), lambda: floats(name + ".lambda"), soft: floats(name + ".soft")}
		r.image = &data.Image{Width: img.Shape[1], Height: img.Shape[0], Pix: img.Data}
		if r.keys, err = get(name + ".keys").Float32s(); err != nil {
			t.Fatal(err)
		}
		r.part = unpack(get(name+".part").Data, r.gw*r.gh)
		r.mask = unpack(get(name+".mask").Data, len(r.soft))
		all[name] = r
	}
	if len(all) < 4 {
		t.Fatalf("%d cases in the fixture, want 4", len(all))
	}
	return all
}

func unpack(bits []byte, n int) []bool {
	mask := make([]bool, n)
	for i := range mask {
		mask[i] = bits[i/8]>>(7-i%8)&1 == 1
	}
	return mask
}

// Tolerances: keys are float32 here and float64 there, the rest is float64; the
// stored solution is float16.
const (
	vectorTolerance = 1e-6 // of the largest entry
	softTolerance   = 1e-3
)

func TestAgainstScipy(t *testing.T) {
	for name, r := range references(t) {
		t.Run(name, func(t *testing.T) {
			p, err := tokencut.Find(r.keys, r.gw, r.gh, tokencut.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			largest, worst := 0.0, 0.0
			for i, want := range r.vector {
				largest, worst = math.Max(largest, math.Abs(want)), math.Max(worst, math.Abs(p.Vector[i]-want))
			}
			if worst > vectorTolerance*largest {
				t.Errorf("eigenvector: largest error %.3g of %.3g", worst, largest)
			}
			if math.Abs(p.Lambda2-r.lambda[0]) > 1e-9 || math.Abs(p.Lambda3-r.lambda[1]) > 1e-6 {
				t.Errorf("eigenvalues %.9f %.9f, scipy has %.9f %.9f", p.Lambda2, p.Lambda3, r.lambda[0], r.lambda[1])
			}
			if iou := tokencut.IoU(p.Mask, r.part); iou < 0.99 {
				t.Errorf("coarse mask: IoU %.4f with scipy's", iou)
			}
			refined, err := tokencut.DefaultSolver().Refine(r.image, r.part, r.gw, r.gh)
			if err != nil {
				t.Fatal(err)
			}
			soft, err := tokencut.DefaultSolver().Solve(r.image, refined.Coarse)
			if err != nil {
				t.Fatal(err)
			}
			off := 0.0
			for i, want := range r.soft {
				off = math.Max(off, math.Abs(soft[i]-want))
			}
			if off > softTolerance {
				t.Errorf("bilateral solver: largest error %.3g", off)
			}
			iou := tokencut.IoU(refined.Mask, r.mask)
			if iou < 0.99 {
				t.Errorf("refined mask: IoU %.4f with scipy's", iou)
			}
			t.Logf("%d tokens: vector within %.2g, solution within %.2g, refined IoU %.4f, gap %.3f, agreement %.3f", len(r.vector), worst/largest, off, iou, p.Gap(), refined.Agreement)
		})
	}
}

func TestHostileInput(t *testing.T) {
	keys := make([]float32, 12)
	for name, find := range map[string]func() error{
		"no keys":   func() error { _, err := tokencut.Find(nil, 2, 2, tokencut.DefaultOptions()); return err },
		"one patch": func() error { _, err := tokencut.Find(keys, 1, 1, tokencut.DefaultOptions()); return err },
		"overflow": func() error {
			_, err := tokencut.Find(keys, math.MaxInt, math.MaxInt, tokencut.DefaultOptions())
			return err
		},
		"odd keys": func() error { _, err := tokencut.Find(keys, 5, 1, tokencut.DefaultOptions()); return err },
		"floor 0":  func() error { _, err := tokencut.Find(keys, 2, 2, tokencut.Options{Tau: 0.2}); return err },
		"NaN": func() error {
			_, err := tokencut.Find([]float32{1, float32(math.NaN()), 2, 3}, 2, 2, tokencut.DefaultOptions())
			return err
		},
		"no image": func() error { _, err := tokencut.DefaultSolver().Refine(nil, []bool{true}, 1, 1); return err },
		"no cells": func() error {
			_, err := tokencut.DefaultSolver().Refine(&data.Image{Width: 1, Height: 1, Pix: make([]uint8, 3)}, nil, 2, 1)
			return err
		},
		"sigma 0": func() error {
			_, err := tokencut.Solver{}.Refine(&data.Image{Width: 1, Height: 1, Pix: make([]uint8, 3)}, []bool{true}, 1, 1)
			return err
		},
	} {
		if find() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// TestConstantPicture: all keys alike, every cut as good as any other.
func TestConstantPicture(t *testing.T) {
	keys := make([]float32, 20*15*4)
	for i := range keys {
		keys[i] = 1
	}
	p, err := tokencut.Find(keys, 20, 15, tokencut.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if p.Gap() > 0.01 {
		t.Errorf("gap %.3f for keys that are all alike, want 0", p.Gap())
	}
}

func TestRefineFollowsTheEdge(t *testing.T) {
	// A bright disc on dark; the coarse mask has 4 x 4 cells of it.
	const w, h, cells = 96, 96, 6
	img := &data.Image{Width: w, Height: h, Pix: make([]uint8, 3*w*h)}
	disc := make([]bool, w*h)
	for i := range disc {
		x, y := float64(i%w)-47.5, float64(i/w)-47.5
		if disc[i] = x*x+y*y < 26*26; disc[i] {
			img.Pix[3*i], img.Pix[3*i+1], img.Pix[3*i+2] = 250, 240, 60
		}
	}
	coarse := make([]bool, cells*cells)
	for i := range coarse {
		coarse[i] = i%cells >= 1 && i%cells <= 4 && i/cells >= 1 && i/cells <= 4
	}
	r, err := tokencut.DefaultSolver().Refine(img, coarse, cells, cells)
	if err != nil {
		t.Fatal(err)
	}
	before, after := tokencut.IoU(r.Coarse, disc), tokencut.IoU(r.Mask, disc)
	if !r.Solved || after < 0.99 || before > 0.6 {
		t.Errorf("IoU with the disc %.3f before, %.3f after, solved %v", before, after, r.Solved)
	}
	// A speck cannot become the disc: the coarse mask stays.
	speck := make([]bool, cells*cells)
	speck[0] = true
	if r, err = tokencut.DefaultSolver().Refine(img, speck, cells, cells); err != nil || r.Solved || r.Mask[47*w+47] || !r.Mask[0] {
		t.Errorf("a solution far from the coarse mask was kept: %v %+v", err, r.Agreement)
	}
}
