package robustvit

import (
	"errors"
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
)

// RelevanceMethod is the relevance that the loss moves out of the background.
type RelevanceMethod int

const (
	// GAE is the paper's own: the relevance map of Eq. 6-7 under Eq. 3.
	GAE RelevanceMethod = iota
	// GradMaskMethod is the baseline of Eq. 9: the gradient of the true class's logit.
	GradMaskMethod
	// RRRMethod is the baseline of Eq. 10: the gradient of all classes' log-probabilities.
	RRRMethod
)

// GradMask is the baseline of Simpson et al. (Eq. 8-9) as the equation says:
// its gradient trains the weights. Order [FirstOrder] is the released code,
// which takes the input gradient as a constant, so that Eq. 9 trains nothing.
func GradMask() Objective { return baseline(GradMaskMethod) }

// RRR is "Right for the Right Reasons" of Ross et al. (Eq. 8 and 10), with the
// same two orders as [GradMask].
func RRR() Objective { return baseline(RRRMethod) }

// Default is the objective that a method starts from: [Published], [GradMask] or [RRR].
func (m RelevanceMethod) Default() Objective {
	if m == GAE {
		return Published()
	}
	return baseline(m)
}

func baseline(method RelevanceMethod) Objective {
	return Objective{Method: method, Relevance: 0.8, Confidence: 0.2, Background: 1, Temperature: 1, Order: SecondOrder, ClassTerm: TrueClassAll}
}

// InputGradient is the gradient [B, 3, h, w] that a baseline looks at, with
// respect to the trace's normalised images: of the logit of classes [B] int32
// (Eq. 9), or of the sum over all classes of log p (Eq. 10), which reads no
// classes. Images do not mix. In first order it is a constant.
func InputGradient(trace *Trace, classes *Node, method RelevanceMethod, order GradientOrder) *Node {
	target := trace.Logits
	if method == RRRMethod {
		target = logSoftmax(target)
	} else {
		target = Mul(target, OneHot(classes, target.Shape().Dimensions[1], target.DType()))
	}
	gradient := Gradient(ReduceAllSum(target), trace.Images)[0]
	if order == FirstOrder {
		gradient = StopGradient(gradient)
	}
	return gradient
}

// InputGradientLoss is Eq. 9 or 10 for each image: the mean over channels and
// pixels of (gradient * background)^2. Gradient [B, 3, h, w], background
// [B, 1, h, w] -> [B].
//
// The mean does not depend on the image size. The released RRR and Eq. 10 sum
// instead: the sum is this mean times 3*h*w, so a weight on the sum is 3*h*w
// times that weight here. The released code sums over the batch as well, where
// Loss takes the mean over the images.
func InputGradientLoss(gradient, background *Node) *Node {
	return ReduceMean(Square(Mul(gradient, background)), 1, 2, 3)
}

// validateBaseline refuses the options of the relevance map, which a baseline
// does not have.
func (o Objective) validateBaseline() error {
	if o.Method == GAE {
		return nil
	}
	if o.Method < 0 || int(o.Method) >= len(methodNames) {
		return fmt.Errorf("unknown relevance method %d", int(o.Method))
	}
	var errs []error
	if o.StartLayer != 0 {
		errs = append(errs, fmt.Errorf("start layer %d: %s looks at the input gradient, which has no layers; leave it at 0", o.StartLayer, o.Method))
	}
	if o.Target != LabelTarget {
		errs = append(errs, fmt.Errorf("target %s: %s is defined for the true class; leave it at %s", o.Target, o.Method, LabelTarget))
	}
	if o.Foreground != 0 {
		errs = append(errs, fmt.Errorf("lambda foreground %g: %s has no foreground loss; leave it at 0", o.Foreground, o.Method))
	}
	return errors.Join(errs...)
}
