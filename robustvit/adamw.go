package robustvit

import (
	"errors"
	"fmt"
	"math"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
)

// AdamW is PyTorch's AdamW: decoupled weight decay, epsilon outside the bias
// correction of the root.
type AdamW struct {
	Beta1       float64 `json:"beta1"`
	Beta2       float64 `json:"beta2"`
	Epsilon     float64 `json:"epsilon"`
	WeightDecay float64 `json:"weight_decay"`
	// DecayMatricesOnly leaves biases, norms, tokens and positions undecayed, as
	// pretraining does; the released finetuning decays everything.
	DecayMatricesOnly bool `json:"decay_matrices_only,omitempty"`
	// ClipNorm bounds the global gradient norm; 0 leaves it alone.
	ClipNorm float64 `json:"clip_norm,omitempty"`
}

// DefaultAdamW is PyTorch's defaults with the released weight decay.
func DefaultAdamW() AdamW {
	return AdamW{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 1e-4}
}

// Validate reports every fault at once.
func (a AdamW) Validate() error {
	var errs []error
	if !(a.Beta1 >= 0 && a.Beta1 < 1) || !(a.Beta2 >= 0 && a.Beta2 < 1) {
		errs = append(errs, fmt.Errorf("AdamW betas %g and %g must be in [0, 1)", a.Beta1, a.Beta2))
	}
	if !(a.Epsilon > 0) {
		errs = append(errs, fmt.Errorf("AdamW epsilon %g must be above 0", a.Epsilon))
	}
	if !(a.WeightDecay >= 0) || !(a.ClipNorm >= 0) {
		errs = append(errs, fmt.Errorf("weight decay %g and clip norm %g must not be negative", a.WeightDecay, a.ClipNorm))
	}
	return errors.Join(errs...)
}

// Corrections are the step's bias corrections 1 - beta^t for t = 1, 2, ...,
// computed on the host in float64.
func (a AdamW) Corrections(step int) (first, second float64) {
	return 1 - math.Pow(a.Beta1, float64(step)), 1 - math.Pow(a.Beta2, float64(step))
}

// firstPath and secondPath are where the running means of a weight's gradient
// and of its square live in the store.
func firstPath(name string) string  { return "/adamw/m" + variablePath(name) }
func secondPath(name string) string { return "/adamw/v" + variablePath(name) }

// schedule is what one step takes from the host: scalars.
type schedule struct{ rate, correction1, correction2 *Node }

// weightState is a weight and its two running means.
type weightState struct{ weight, first, second *Node }

// update returns the state after one gradient of the named weight.
func (a AdamW) update(name string, old weightState, gradient *Node, at schedule) weightState {
	weight := old.weight
	if a.WeightDecay > 0 && (!a.DecayMatricesOnly || isMatrix(name)) {
		weight = Sub(weight, Mul(weight, MulScalar(at.rate, a.WeightDecay)))
	}
	first := Add(MulScalar(old.first, a.Beta1), MulScalar(gradient, 1-a.Beta1))
	second := Add(MulScalar(old.second, a.Beta2), MulScalar(Square(gradient), 1-a.Beta2))
	root := AddScalar(Div(Sqrt(second), Sqrt(at.correction2)), a.Epsilon)
	step := Mul(Div(at.rate, at.correction1), Div(first, root))
	return weightState{Sub(weight, step), first, second}
}

// clip scales the gradients so that their global norm is at most ClipNorm, and
// returns the norm before.
func (a AdamW) clip(gradients []*Node) ([]*Node, *Node) {
	sum := ScalarZero(gradients[0].Graph(), gradients[0].DType())
	for _, gradient := range gradients {
		sum = Add(sum, ReduceAllSum(Square(gradient)))
	}
	norm := Sqrt(sum)
	if a.ClipNorm == 0 {
		return gradients, norm
	}
	limit := AddScalar(ZerosLike(norm), a.ClipNorm)
	scale := Min(Div(limit, AddScalar(norm, 1e-6)), OnesLike(norm))
	clipped := make([]*Node, len(gradients))
	for i, gradient := range gradients {
		clipped[i] = Mul(gradient, scale)
	}
	return clipped, norm
}

// isMatrix says whether a weight is a kernel of a dense layer or of the patch projection.
func isMatrix(name string) bool {
	return strings.HasSuffix(name, ".weight") && !strings.Contains(name, "norm")
}
