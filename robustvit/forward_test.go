package robustvit_test

import (
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

// TestForwardPrefix holds the short last block to the whole one: logits, relevance
// and the gradient of both, in both orders and with one and two prefix tokens.
func TestForwardPrefix(t *testing.T) {
	for _, prefix := range []int{1, 2} {
		v := tiny
		v.PrefixTokens = prefix
		weights := randomWeights(v, 8)
		names := []string{"blocks.0.attn.qkv.weight", "blocks.1.attn.qkv.weight", "blocks.1.attn.qkv.bias", "blocks.1.mlp.fc1.weight", "norm.bias"}
		for _, order := range []robustvit.GradientOrder{robustvit.FirstOrder, robustvit.SecondOrder} {
			outputs := func(forward func(robustvit.Variant, robustvit.Weights, *Node) *robustvit.Trace) [][]float32 {
				return call(t, func(in []*Node) []*Node {
					nodes := map[string]*Node{}
					for _, spec := range v.WeightSpecs() {
						nodes[spec.Name] = Const(in[0].Graph(), tensor(weights[spec.Name], spec.Shape...))
					}
					trace := forward(v, func(name string) *Node { return nodes[name] }, in[0])
					relevance := robustvit.Relevance(v, trace, robustvit.AttentionGradients(trace, in[1], order), 0)
					var trained []*Node
					for _, name := range names {
						trained = append(trained, nodes[name])
					}
					loss := Add(ReduceAllSum(Square(relevance)), ReduceAllSum(Square(trace.Logits)))
					return append([]*Node{trace.Logits, relevance}, Gradient(loss, trained...)...)
				}, tensor(randomBatch(v, 2, 8).Images, 2, 3, v.ImageSize, v.ImageSize), []int32{1, 3})
			}
			whole, short := outputs(robustvit.Forward), outputs(robustvit.ForwardPrefix)
			for i, name := range append([]string{"logits", "relevance"}, names...) {
				want := widen(whole[i])
				scale := maxDifference(make([]float32, len(want)), want)
				if diff := maxDifference(short[i], want); diff > float32Slack*scale {
					t.Errorf("%d prefix tokens, order %d: %s is off by %g of at most %g from the whole forward", prefix, order, name, diff, scale)
				}
			}
		}
	}
}
