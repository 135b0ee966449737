package robustvit

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
)

// Explainer is a way to map which part of an image decided a class. Maps of
// different explainers are compared with each other; only GAE is trained.
type Explainer int

const (
	// GAEExplainer is the paper's (Eq. 6-7).
	GAEExplainer Explainer = iota
	// RolloutExplainer is attention rollout (Abnar and Zuidema): attention alone,
	// the same for every class.
	RolloutExplainer
	// AttentionExplainer is the last layer's attention of the CLS token, the same
	// for every class.
	AttentionExplainer
	// GradCAMExplainer is Grad-CAM on the last layer's attention, in the form that
	// Chefer et al. compare with.
	GradCAMExplainer
	// InputGradientExplainer is the size of the class logit's gradient at each pixel.
	InputGradientExplainer
)

// Explainers lists every kind.
func Explainers() []Explainer {
	return []Explainer{GAEExplainer, RolloutExplainer, AttentionExplainer, GradCAMExplainer, InputGradientExplainer}
}

// ExplainWith is [Predictor.Explain] by another explainer. Patches are the
// explainer's raw values; those of the input gradient, which has one a pixel,
// are the means over each patch. Rollout and attention do not depend on the
// classes.
func (p *Predictor) ExplainWith(kind Explainer, images []float32, classes []int32, n int) (Explanation, error) {
	if kind == GAEExplainer {
		return p.Explain(images, classes, n)
	}
	if kind < 0 || int(kind) >= len(explainerNames) {
		return Explanation{}, fmt.Errorf("unknown explainer %d", int(kind))
	}
	exec, err := p.lazily("explain by "+kind.String(), func(w Weights, inputs []*Node) []*Node {
		trace := Forward(p.variant, w, inputs[0])
		patches, maps := kind.maps(p.variant, trace, orPredicted(inputs[1], trace.Logits))
		return []*Node{trace.Logits, patches, maps}
	})
	if err != nil {
		return Explanation{}, err
	}
	return p.explainBy(exec, images, classes, n)
}

// maps are the raw values of the patches [B, P] and the map [B, h, w] in [0, 1]
// of classes [B] int32.
func (e Explainer) maps(v Variant, trace *Trace, classes *Node) (patches, maps *Node) {
	if e == InputGradientExplainer {
		gradient := InputGradient(trace, classes, GradMaskMethod, FirstOrder)
		pixels := Sqrt(ReduceSum(Square(gradient), 1)) // [B, h, w]
		return patchMeans(v, pixels), MinMax(pixels)
	}
	switch e {
	case RolloutExplainer:
		patches = Slice(AttentionRollout(v, trace), AxisRange(), AxisRangeToEnd(v.PrefixTokens))
	case AttentionExplainer:
		patches = ReduceMean(clsRow(v, trace.Attentions[v.Depth-1]), 1)
	case GradCAMExplainer:
		patches = GradCAM(v, trace, classes)
	default:
		patches = Relevance(v, trace, AttentionGradients(trace, classes, FirstOrder), 0)
	}
	return patches, Map(v, patches)
}

// AttentionRollout is the CLS row [B, N] of attention rollout, over all tokens:
// e_cls A_L ... A_1 with A = (I + mean over heads of the attention) / 2, whose
// rows sum to 1; so the result sums to 1 too.
func AttentionRollout(v Variant, trace *Trace) *Node {
	batch := trace.Logits.Shape().Dimensions[0]
	cls := OneHot(Const(trace.Logits.Graph(), []int32{0}), v.Tokens(), trace.Logits.DType())
	row := BroadcastToDims(InsertAxes(cls, 0), batch, 1, v.Tokens()) // [B, 1, N]
	for layer := v.Depth - 1; layer >= 0; layer-- {
		average := ReduceMean(trace.Attentions[layer], 1) // [B, N, N]
		total := AddScalar(ReduceSum(average, -1), 1)     // [B, N], the row sums of I + A
		row = Div(row, InsertAxes(total, 1))
		row = Add(row, Einsum("bij,bjk->bik", row, average))
	}
	return Squeeze(row, 1)
}

// GradCAM takes the CLS row of the last layer's attention as the feature map of
// each head and weighs the heads by the mean of its gradient over the patches:
// max(mean over heads of weight * attention, 0) -> [B, P].
func GradCAM(v Variant, trace *Trace, classes *Node) *Node {
	last := v.Depth - 1
	attention := clsRow(v, trace.Attentions[last]) // [B, H, P]
	gradient := clsRow(v, AttentionGradients(trace, classes, FirstOrder)[last])
	weight := ReduceAndKeep(gradient, ReduceMean, -1) // [B, H, 1]
	cam := ReduceMean(Mul(weight, attention), 1)
	return Max(cam, ZerosLike(cam))
}

// clsRow is what the CLS token has for each patch: [B, H, N, N] -> [B, H, P].
func clsRow(v Variant, attention *Node) *Node {
	return Squeeze(Slice(attention, AxisRange(), AxisRange(), AxisElem(0), AxisRangeToEnd(v.PrefixTokens)), 2)
}

// patchMeans are the means over each patch of pixel values [B, h, w] -> [B, P].
func patchMeans(v Variant, pixels *Node) *Node {
	grid := v.Grid()
	cut := Reshape(pixels, pixels.Shape().Dimensions[0], grid, v.Patch, grid, v.Patch)
	return Reshape(ReduceMean(cut, 2, 4), -1, grid*grid)
}
