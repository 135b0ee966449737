package robustvit_test

import (
	"math"
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// patchTolerance: float32 here, float64 in the reference.
const patchTolerance = 1e-4

// TestPatchesAgainstTimm: keys and attention at rectangular sizes, positions
// interpolated, for more grids than the reader keeps.
func TestPatchesAgainstTimm(t *testing.T) {
	m, err := pretrained.Open("../tests/golden/micro/vit.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	m.Variant.Heads = 3 // the file does not say
	values, err := m.Values()
	if err != nil {
		t.Fatal(err)
	}
	store, err := robustvit.NewStore(m.Variant, values)
	if err != nil {
		t.Fatal(err)
	}
	reader := robustvit.NewPatchReader(goBackend(t), m.Variant, store, 1)
	defer reader.Close()
	want, err := weights.Read("testdata/patches.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	tensor := func(name string) ([]float64, []int) {
		found, ok := want.Get(name)
		if !ok {
			t.Fatalf("the fixture lacks %s", name)
		}
		values, err := found.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		return values, found.Shape
	}
	trained, ok := m.File.Get("pos_embed")
	if !ok {
		t.Fatal("no positions")
	}
	positions, err := trained.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	v := m.Variant
	for _, name := range []string{"wide", "high", "square", "wide"} {
		pixels, shape := tensor(name + ".image")
		image := make([]float32, len(pixels))
		for i, p := range pixels {
			image[i] = float32(p)
		}
		rows, columns := shape[1]/v.Patch, shape[2]/v.Patch
		got, err := reader.Read(image, weights.ResamplePositions(positions, v.PrefixTokens, v.Grid(), rows, columns, v.Width), rows, columns)
		if err != nil {
			t.Fatal(err)
		}
		for part, values := range map[string][]float32{"keys": got.Keys, "attention": got.Attention} {
			expected, _ := tensor(name + "." + part)
			largest := 0.0
			for _, e := range expected {
				largest = math.Max(largest, math.Abs(e))
			}
			if off := maxDifference(values, expected); off > patchTolerance*largest {
				t.Errorf("%s %s: largest error %.3g of %.3g", name, part, off, largest)
			}
		}
	}
}

// TestPatchesAreThoseOfTheForward: at the trained size the reader sees what the
// plain forward pass computes.
func TestPatchesAreThoseOfTheForward(t *testing.T) {
	batch, flat := randomBatch(tiny, 1, 8), randomWeights(tiny, 5)
	values, err := robustvit.NewValues(tiny, flat)
	if err != nil {
		t.Fatal(err)
	}
	store, err := robustvit.NewStore(tiny, values)
	if err != nil {
		t.Fatal(err)
	}
	reader := robustvit.NewPatchReader(goBackend(t), tiny, store, 2)
	defer reader.Close()
	got, err := reader.Read(batch.Images, flat["pos_embed"], tiny.Grid(), tiny.Grid())
	if err != nil {
		t.Fatal(err)
	}
	mean := make([]float32, tiny.Patches())
	for i, a := range got.Attention {
		mean[i%len(mean)] += a / float32(tiny.Heads)
	}
	want := call(t, func(inputs []*Node) []*Node {
		weights := func(name string) *Node {
			for _, spec := range tiny.WeightSpecs() {
				if spec.Name == name {
					return Const(inputs[0].Graph(), tensor(flat[name], spec.Shape...))
				}
			}
			return nil
		}
		last := robustvit.Forward(tiny, weights, inputs[0]).Attentions[tiny.Depth-1]
		return []*Node{Slice(ReduceMean(last, 1), AxisRange(), AxisElem(0), AxisRangeToEnd(1))}
	}, tensor(batch.Images, 1, 3, tiny.ImageSize, tiny.ImageSize))[0]
	for i := range want {
		if math.Abs(float64(mean[i]-want[i])) > 1e-6 {
			t.Fatalf("attention to patch %d: %g, the forward pass has %g", i, mean[i], want[i])
		}
	}
	again, err := reader.Read(batch.Images, flat["pos_embed"], tiny.Grid(), tiny.Grid())
	if err != nil || !slices.Equal(again.Keys, got.Keys) {
		t.Errorf("the same image has other keys the second time: %v", err)
	}
	for name, c := range map[string]struct{ image, positions []float32 }{"image": {batch.Images[1:], flat["pos_embed"]}, "positions": {batch.Images, flat["pos_embed"][1:]}} {
		if _, err := reader.Read(c.image, c.positions, tiny.Grid(), tiny.Grid()); err == nil {
			t.Errorf("%s of the wrong length were read", name)
		}
	}
}
