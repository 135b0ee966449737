package robustvit_test

import (
	"math/rand/v2"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

// float32Slack is what float32 loses against float64 in a few hundred additions.
const float32Slack = 1e-5

// fakeTrace builds a trace of given attention maps; relevance reads nothing else of it.
func fakeTrace(inputs []*Node, layers int) (*robustvit.Trace, []*Node) {
	return &robustvit.Trace{Attentions: inputs[:layers], Logits: inputs[2*layers]}, inputs[layers : 2*layers]
}

func TestHeadAverageHandCase(t *testing.T) {
	// Two heads of one 1x1 map: 0.5*2 = 1 and 0.5*(-4) = -2, which is clamped to 0.
	got := call(t, func(in []*Node) []*Node { return []*Node{robustvit.HeadAverage(in[0], in[1])} },
		tensor([]float32{0.5, 0.5}, 1, 2, 1, 1), tensor([]float32{2, -4}, 1, 2, 1, 1))
	if got[0][0] != 0.5 {
		t.Fatalf("Eq. 6: mean over heads of max(gradient x attention, 0) = %g, want 0.5 (the negative head counts as 0)", got[0][0])
	}
}

func TestRelevanceOracle(t *testing.T) {
	const batch, layers = 2, 4
	v := robustvit.Variant{Name: "oracle", ImageSize: 32, Patch: 8, Width: 12, Depth: layers, Heads: 3, MLP: 12, Classes: 2, PrefixTokens: 1}
	n := v.Tokens()
	rng := rand.New(rand.NewPCG(7, 7))
	var inputs []any
	var raw [][]float32
	for i := range 2 * layers {
		low, high := 0.0, 0.3
		if i >= layers {
			low, high = -1, 1
		}
		values := randomFloats(rng, batch*v.Heads*n*n, low, high)
		raw = append(raw, values)
		inputs = append(inputs, tensor(values, batch, v.Heads, n, n))
	}
	inputs = append(inputs, tensor(make([]float32, batch*2), batch, 2))
	for start := range layers {
		got := call(t, func(in []*Node) []*Node {
			trace, gradients := fakeTrace(in, layers)
			return append([]*Node{robustvit.Relevance(v, trace, gradients, start)}, robustvit.Rollout(v, trace, gradients, start)...)
		}, inputs...)
		for b := range batch {
			one := v.Heads * n * n
			var averages []naiveMatrix
			for layer := range layers {
				average := naiveHeadAverage(widen(raw[layer][b*one:(b+1)*one]), widen(raw[layers+layer][b*one:(b+1)*one]), v.Heads, n)
				if layer < start {
					average = make(naiveMatrix, n)
					for i := range average {
						average[i] = make([]float64, n)
					}
				}
				averages = append(averages, average)
			}
			rolled := naiveRollout(averages)
			for layer, r := range rolled {
				var flat []float64
				for _, row := range r {
					flat = append(flat, row...)
				}
				if diff := maxDifference(got[1+layer][b*n*n:(b+1)*n*n], flat); diff > float32Slack*10 {
					t.Fatalf("Eq. 7, start layer %d: R after layer %d of image %d is off by %g", start, layer, b, diff)
				}
			}
			cls := rolled[layers-1][0][1:]
			if diff := maxDifference(got[0][b*(n-1):(b+1)*(n-1)], cls); diff > float32Slack*10 {
				t.Fatalf("CLS row, start layer %d, image %d: off by %g from the full recursion", start, b, diff)
			}
		}
	}
}

func TestNoGradientMeansNoRelevance(t *testing.T) {
	v := tiny
	n := v.Tokens()
	attention := randomFloats(rand.New(rand.NewPCG(1, 1)), 2*v.Heads*n*n, 0, 1)
	zeros := make([]float32, len(attention))
	got := call(t, func(in []*Node) []*Node {
		trace, gradients := fakeTrace(in, 2)
		return []*Node{robustvit.Map(v, robustvit.Relevance(v, trace, gradients, 0))}
	}, tensor(attention, 2, v.Heads, n, n), tensor(attention, 2, v.Heads, n, n), tensor(zeros, 2, v.Heads, n, n), tensor(zeros, 2, v.Heads, n, n), tensor(make([]float32, 4), 2, 2))
	for i, value := range got[0] {
		if value != 0 {
			t.Fatalf("pixel %d of a map without gradients is %g, want 0 (not NaN)", i, value)
		}
	}
}

func TestUpsampleOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct{ n, size int }{{4, 32}, {8, 64}, {14, 224}, {3, 7}} {
		low := randomFloats(rng, c.n*c.n, 0, 1)
		got := call(t, func(in []*Node) []*Node { return []*Node{robustvit.Upsample(in[0], c.size)} }, tensor(low, 1, c.n, c.n))
		if diff := maxDifference(got[0], naiveBilinear(widen(low), c.n, c.size)); diff > float32Slack {
			t.Errorf("bilinear %d -> %d: off by %g", c.n, c.size, diff)
		}
	}
}

func TestMinMaxRange(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	low := append(randomFloats(rng, 16, -3, 9), make([]float32, 16)...) // the second map is constant
	got := call(t, func(in []*Node) []*Node { return []*Node{robustvit.MinMax(in[0])} }, tensor(low, 2, 4, 4))
	smallest, largest := float32(2), float32(-1)
	for _, value := range got[0][:16] {
		smallest, largest = min(smallest, value), max(largest, value)
	}
	if smallest != 0 || largest != 1 {
		t.Errorf("min-max map spans [%g, %g], want [0, 1]", smallest, largest)
	}
	for _, value := range got[0][16:] {
		if value != 0 {
			t.Errorf("a constant map became %g, want 0", value)
		}
	}
}
