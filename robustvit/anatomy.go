package robustvit

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
)

// Layers is how the relevance grows: the CLS row of Eq. 7 over the patches after
// each layer, n x L x P. The last layer's is [Explanation.Patches]. Classes are
// those of Explain.
func (p *Predictor) Layers(images []float32, classes []int32, n int) ([]float32, error) {
	return p.takeApart("layers", p.variant.Depth, func(trace *Trace, gradients []*Node) *Node {
		rolled := Stack(Rollout(p.variant, trace, gradients, 0), 1) // [B, L, N, N]
		return clsRow(p.variant, rolled)
	}, images, classes, n)
}

// Heads is what each head of each layer brings into Eq. 6, seen from the CLS
// token: max(gradient * attention, 0) over the patches, n x L x H x P. The mean
// over the heads is the CLS row of that layer's A.
func (p *Predictor) Heads(images []float32, classes []int32, n int) ([]float32, error) {
	return p.takeApart("heads", p.variant.Depth*p.variant.Heads, func(trace *Trace, gradients []*Node) *Node {
		var layers []*Node
		for layer, attention := range trace.Attentions {
			product := Mul(gradients[layer], attention)
			layers = append(layers, clsRow(p.variant, Max(product, ZerosLike(product)))) // [B, H, P]
		}
		return Stack(layers, 1)
	}, images, classes, n)
}

// takeApart runs a graph of attention and gradients whose result has rows x P
// values an image.
func (p *Predictor) takeApart(what string, rows int, graph func(*Trace, []*Node) *Node, images []float32, classes []int32, n int) ([]float32, error) {
	input, err := p.pad(images, n)
	if err != nil {
		return nil, err
	}
	asked, err := p.asked(classes)
	if err != nil {
		return nil, err
	}
	exec, err := p.lazily(what, func(w Weights, inputs []*Node) []*Node {
		trace := Forward(p.variant, w, inputs[0])
		return []*Node{graph(trace, AttentionGradients(trace, orPredicted(inputs[1], trace.Logits), FirstOrder))}
	})
	if err != nil {
		return nil, err
	}
	outputs, err := p.call(exec, input, asked)
	if err != nil {
		return nil, fmt.Errorf("%s of %d images: %w", what, n, err)
	}
	return firstRows(outputs[0], n*rows*p.variant.Patches())
}
