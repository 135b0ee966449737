package robustvit

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// GradientOrder says whether the attention gradient inside the relevance map is
// itself trained.
type GradientOrder int

const (
	// FirstOrder takes the attention gradient as a constant, as the released code does.
	FirstOrder GradientOrder = iota
	// SecondOrder differentiates through the attention gradient.
	SecondOrder
)

// AttentionGradients returns, a layer, the gradient [B, H, N, N] of the target
// class's logit with respect to the attention map, from one backward pass.
// Classes is [B] int32. Images do not mix: the sum over the batch keeps each
// image's own gradient.
func AttentionGradients(trace *Trace, classes *Node, order GradientOrder) []*Node {
	chosen := OneHot(classes, trace.Logits.Shape().Dimensions[1], trace.Logits.DType())
	target := ReduceAllSum(Mul(trace.Logits, chosen))
	gradients := Gradient(target, trace.Attentions...)
	if order == FirstOrder {
		for i := range gradients {
			gradients[i] = StopGradient(gradients[i])
		}
	}
	return gradients
}

// HeadAverage combines the heads of one layer into a single map (Eq. 6): the
// mean over heads of max(gradient * attention, 0). Both inputs are
// [B, H, N, N]; the result is [B, N, N].
func HeadAverage(attention, gradient *Node) *Node {
	gradient.AssertDims(attention.Shape().Dimensions...)
	positive := Max(Mul(gradient, attention), ZerosLike(attention))
	return ReduceMean(positive, 1)
}

// Relevance is GAE's CLS row over the patches [B, P] (Eq. 6-7): R = I, then
// R <- R + HeadAverage(layer) R from startLayer on. Only the CLS row is asked
// for, so a row vector travels from the last layer to the first:
// e_cls (I + A_L) ... (I + A_1), N^2 a layer instead of N^3.
func Relevance(v Variant, trace *Trace, gradients []*Node, startLayer int) *Node {
	batch := trace.Logits.Shape().Dimensions[0]
	cls := OneHot(Const(trace.Logits.Graph(), []int32{0}), v.Tokens(), trace.Logits.DType())
	row := BroadcastToDims(InsertAxes(cls, 0), batch, 1, v.Tokens()) // [B, 1, N]
	for layer := v.Depth - 1; layer >= startLayer; layer-- {
		average := HeadAverage(trace.Attentions[layer], gradients[layer])
		// The last layer may have the rows of the prefix tokens alone (ForwardPrefix).
		asking := average.Shape().Dimensions[1]
		row = Add(row, Einsum("bij,bjk->bik", Slice(row, AxisRange(), AxisRange(), AxisRange(0, asking)), average))
	}
	return Squeeze(Slice(row, AxisRange(), AxisRange(), AxisRangeToEnd(v.PrefixTokens)), 1) // [B, P]
}

// Rollout is the whole recursion of Eq. 7, layer by layer: R_i [B, N, N] after
// each layer. Relevance is the CLS row of the last; this form is for looking
// at the layers and for comparing with reference values.
func Rollout(v Variant, trace *Trace, gradients []*Node, startLayer int) []*Node {
	g, batch := trace.Logits.Graph(), trace.Logits.Shape().Dimensions[0]
	identity := DiagonalWithValue(ScalarOne(g, trace.Logits.DType()), v.Tokens())
	r := BroadcastToDims(InsertAxes(identity, 0), batch, v.Tokens(), v.Tokens()) // R = I
	layers := make([]*Node, v.Depth)
	for layer := range v.Depth {
		if layer >= startLayer {
			average := HeadAverage(trace.Attentions[layer], gradients[layer])
			r = Add(r, Einsum("bij,bjk->bik", average, r))
		}
		layers[layer] = r
	}
	return layers
}
