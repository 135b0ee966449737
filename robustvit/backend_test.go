package robustvit_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/robustvit/workbench/robustvit"
)

// tiny is a twin of the real models: two layers, three heads.
var tiny = robustvit.Variant{
	Name: "tiny", ImageSize: 32, Patch: 8, Width: 48, Depth: 2, Heads: 3, MLP: 96, Classes: 5, PrefixTokens: 1,
}

var openGo = sync.OnceValues(func() (compute.Backend, error) { return compute.NewWithConfig("go:ops_sequential") })

// goBackend is the pure Go backend: no plugin, no C, no network. Without
// ops_sequential its worker pool waits for itself on few cores.
func goBackend(t testing.TB) compute.Backend {
	t.Helper()
	backend, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	return backend
}

// call runs a graph function once and returns its outputs as flat float32.
func call(t testing.TB, graphFn func([]*Node) []*Node, inputs ...any) [][]float32 {
	t.Helper()
	exec, err := NewExec(goBackend(t), graphFn)
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	outputs, err := exec.Call(inputs...)
	if err != nil {
		t.Fatal(err)
	}
	flat := make([][]float32, len(outputs))
	for i, output := range outputs {
		if flat[i], err = tensors.CopyFlatData[float32](output); err != nil {
			t.Fatal(err)
		}
	}
	return flat
}

func tensor(values []float32, dims ...int) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(values, dims...)
}

// randomWeights draws weights of a variant; matrices are scaled so that
// attention is far from uniform.
func randomWeights(v robustvit.Variant, seed uint64) map[string][]float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	weights := map[string][]float32{}
	for _, spec := range v.WeightSpecs() {
		n := 1
		for _, d := range spec.Shape {
			n *= d
		}
		values := make([]float32, n)
		fan := float64(n / spec.Shape[0])
		for i := range values {
			values[i] = float32(rng.NormFloat64() * 1.5 / math.Sqrt(fan))
			if len(spec.Shape) == 1 {
				values[i] = float32(0.1 * rng.NormFloat64())
			}
		}
		weights[spec.Name] = values
	}
	for name, values := range weights {
		if len(values) == v.Width && (strings.HasSuffix(name, "norm1.weight") || strings.HasSuffix(name, "norm2.weight") || name == "norm.weight") {
			for i := range values {
				values[i]++
			}
		}
	}
	return weights
}

// randomBatch is full: n images with a square of foreground each.
func randomBatch(v robustvit.Variant, n int, seed uint64) *robustvit.Batch {
	rng := rand.New(rand.NewPCG(seed, 2))
	size := v.ImageSize
	batch := &robustvit.Batch{Images: randomFloats(rng, n*3*size*size, -1, 1), Masks: make([]float32, n*size*size), N: n}
	for i := range n {
		batch.Labels = append(batch.Labels, int32(i%v.Classes))
		for y := size / 4; y < size*3/4; y++ {
			for x := size / 4; x < size*3/4; x++ {
				batch.Masks[(i*size+y)*size+x] = 1
			}
		}
	}
	return batch
}

func maxDifference(a []float32, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range a {
		worst = math.Max(worst, math.Abs(float64(a[i])-b[i]))
	}
	return worst
}
