package robustvit

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// MaskGradient classifies n masked images and says how each pixel of the mask
// would change the outcome: d log p(class) / d mask [n x h x w], and p(class)
// [n]. Images are n x 3 x h x w normalised; masks, n x h x w, multiply all
// channels, so 0 is the colour of the normalisation's mean (grey under 0.5/0.5).
// A negative class is the one predicted from the masked image.
func (p *Predictor) MaskGradient(images, masks []float32, classes []int32, n int) (gradients, probabilities []float32, err error) {
	input, err := p.pad(images, n)
	if err != nil {
		return nil, nil, err
	}
	size := p.variant.ImageSize
	pixels := size * size
	if len(masks) < n*pixels {
		return nil, nil, fmt.Errorf("mask gradient: %d masks in %d values, expected %d values each (%d x %d)", n, len(masks), pixels, size, size)
	}
	asked, err := p.asked(classes)
	if err != nil {
		return nil, nil, err
	}
	exec, err := p.lazily("mask gradient", func(w Weights, inputs []*Node) []*Node {
		mask := inputs[1]
		trace := ForwardPrefix(p.variant, w, Mul(inputs[0], InsertAxes(mask, 1)))
		logP := Neg(CrossEntropy(trace.Logits, orPredicted(inputs[2], trace.Logits)))
		return []*Node{Gradient(ReduceAllSum(logP), mask)[0], Exp(logP)}
	})
	if err != nil {
		return nil, nil, err
	}
	padded := make([]float32, p.batch*pixels)
	copy(padded, masks[:n*pixels])
	outputs, err := p.call(exec, input, tensors.FromFlatDataAndDimensions(padded, p.batch, size, size), asked)
	if err != nil {
		return nil, nil, fmt.Errorf("mask gradient of %d images: %w", n, err)
	}
	if gradients, err = firstRows(outputs[0], n*pixels); err != nil {
		return nil, nil, err
	}
	probabilities, err = firstRows(outputs[1], n)
	return gradients, probabilities, err
}
