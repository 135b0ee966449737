package robustvit

import (
	"errors"
	"fmt"
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// ClassTerm is the classification part of the loss.
type ClassTerm int

const (
	// ConfidenceAll is Eq. 4 as published: the model's own prediction over all classes.
	ConfidenceAll ClassTerm = iota
	// ConfidenceFinetuned is Eq. 4 with the softmax over the finetuned classes
	// only. Our departure: the published term also lowers the logits of the
	// classes that are not finetuned.
	ConfidenceFinetuned
	// TrueClassAll is the cross-entropy with the label (the paper's ablation).
	TrueClassAll
	// TrueClassFinetuned is the same with the softmax over the finetuned classes only.
	TrueClassFinetuned
	// KLOriginal is KL(original || current): the model's outputs are held where
	// they were before training, whatever they were (an ablation). The trainer
	// keeps a frozen copy of the starting weights for it.
	KLOriginal
)

// TargetClass says which class's relevance is trained.
type TargetClass int

const (
	// LabelTarget explains the labelled class, as the released code trains.
	LabelTarget TargetClass = iota
	// PredictedTarget explains the model's own prediction.
	PredictedTarget
)

// Objective is the finetuning loss of Eq. 5 and its options. The zero value of
// each option is the released behaviour; [Published] has the paper's weights.
type Objective struct {
	Method      RelevanceMethod `json:"method,omitzero"`
	Relevance   float64         `json:"lambda_relevance"`  // weight of Eq. 3 in Eq. 5
	Confidence  float64         `json:"lambda_confidence"` // weight of the class term in Eq. 5
	Background  float64         `json:"lambda_background"` // weight of Eq. 1 in Eq. 3
	Foreground  float64         `json:"lambda_foreground"` // weight of Eq. 2 in Eq. 3
	Temperature float64         `json:"temperature"`       // of the class term's logits
	Order       GradientOrder   `json:"order"`
	Masks       MaskRule        `json:"masks"`
	Target      TargetClass     `json:"target"`
	ClassTerm   ClassTerm       `json:"class_term"`
	StartLayer  int             `json:"start_layer"` // first layer of the relevance recursion
	Finetuned   []int           `json:"finetuned,omitempty"`
}

// Published is the paper's objective (Section 3 and Appendix D).
func Published() Objective {
	return Objective{Relevance: 0.8, Confidence: 0.2, Background: 2, Foreground: 0.3, Temperature: 1}
}

// Terms are the loss values of one step, each a mean over the images.
type Terms struct {
	Background, Foreground, Relevance, Class, Total *Node // scalars
}

// LossInputs is what a loss reads beside the trace.
type LossInputs struct {
	Masks    *Node // [B, 1, h, w], 1 = foreground; not read without a relevance loss
	Labels   *Node // [B] int32
	Share    *Node // [B] each image's part of the mean: 1/B, or 0 for padding
	Original *Node // [B, K] the original model's logits; only [KLOriginal] reads them
}

// Loss builds Eq. 5 on a trace. Under a baseline method the background term is
// Eq. 9 or 10 in place of Eq. 1, and the foreground term is 0.
func (o Objective) Loss(v Variant, trace *Trace, in LossInputs) Terms {
	mean := func(perImage *Node) *Node { return ReduceAllSum(Mul(perImage, in.Share)) }
	zero := ScalarZero(trace.Logits.Graph(), trace.Logits.DType())
	terms := Terms{Background: zero, Foreground: zero, Relevance: zero}
	switch {
	case o.Relevance == 0:
	case o.Method == GAE:
		relevance, mask := o.relevanceMap(v, trace, in.Labels), Squeeze(in.Masks, 1)
		terms.Background = mean(BackgroundLoss(relevance, Background(mask, o.Masks)))
		terms.Foreground = mean(ForegroundLoss(relevance, mask))
		terms.Relevance = o.RelevanceLoss(terms.Background, terms.Foreground)
	default:
		gradient := InputGradient(trace, in.Labels, o.Method, o.Order)
		terms.Background = mean(InputGradientLoss(gradient, Background(in.Masks, o.Masks)))
		terms.Relevance = o.RelevanceLoss(terms.Background, zero)
	}
	terms.Class = mean(o.classLoss(trace.Logits, in))
	terms.Total = Add(MulScalar(terms.Relevance, o.Relevance), MulScalar(terms.Class, o.Confidence)) // Eq. 5
	return terms
}

// RelevanceLoss is Eq. 3: the weighted sum of the background and foreground losses.
func (o Objective) RelevanceLoss(background, foreground *Node) *Node {
	return Add(MulScalar(background, o.Background), MulScalar(foreground, o.Foreground))
}

// relevanceMap is the trained map [B, h, w] of the target class.
func (o Objective) relevanceMap(v Variant, trace *Trace, labels *Node) *Node {
	target := labels
	if o.Target == PredictedTarget {
		target = ArgMax(StopGradient(trace.Logits), -1)
	}
	gradients := AttentionGradients(trace, target, o.Order)
	return Map(v, Relevance(v, trace, gradients, o.StartLayer))
}

// classLoss is the class term for each image [B].
func (o Objective) classLoss(logits *Node, in LossInputs) *Node {
	if o.ClassTerm == ConfidenceFinetuned || o.ClassTerm == TrueClassFinetuned {
		logits = restrictTo(logits, o.Finetuned)
	}
	switch o.ClassTerm {
	case ConfidenceAll, ConfidenceFinetuned:
		return ConfidenceLoss(logits, o.Temperature)
	case KLOriginal:
		return Divergence(in.Original, logits, o.Temperature)
	default:
		return CrossEntropy(DivScalar(logits, o.Temperature), in.Labels)
	}
}

// Validate reports every fault of the objective for a model at once.
func (o Objective) Validate(v Variant) error {
	var errs []error
	for _, weight := range []struct {
		name  string
		value float64
	}{{"relevance", o.Relevance}, {"confidence", o.Confidence}, {"background", o.Background}, {"foreground", o.Foreground}} {
		if !(weight.value >= 0) || !inFloat32(weight.value) {
			errs = append(errs, fmt.Errorf("lambda %s %g must be a number of at least 0", weight.name, weight.value))
		}
	}
	if o.Relevance == 0 && o.Confidence == 0 {
		errs = append(errs, errors.New("lambda relevance and lambda confidence are both 0: nothing would be trained"))
	}
	if !(o.Temperature > 0) || !inFloat32(o.Temperature) {
		errs = append(errs, fmt.Errorf("temperature %g must be above 0 and finite", o.Temperature))
	}
	if o.StartLayer < 0 || o.StartLayer >= v.Depth {
		errs = append(errs, fmt.Errorf("start layer %d must be 0 to %d (the model has %d layers)", o.StartLayer, v.Depth-1, v.Depth))
	}
	if v.Classes == 0 {
		errs = append(errs, errors.New("the model has no classifier head: relevance needs a class logit"))
	}
	errs = append(errs, o.validateBaseline(), o.validateFinetuned(v))
	return errors.Join(errs...)
}

// inFloat32 says whether the graphs see x as the number that it is: neither
// infinite nor, where it is not 0, as 0.
func inFloat32(x float64) bool {
	single := float64(float32(x))
	return !math.IsInf(single, 0) && (single != 0 || x == 0)
}

func (o Objective) validateFinetuned(v Variant) error {
	restricted := o.ClassTerm == ConfidenceFinetuned || o.ClassTerm == TrueClassFinetuned
	if restricted && len(o.Finetuned) < 2 {
		return fmt.Errorf("the confidence over the finetuned classes needs at least 2 of them, found %d", len(o.Finetuned))
	}
	for _, class := range o.Finetuned {
		if class < 0 || class >= v.Classes {
			return fmt.Errorf("finetuned class %d is outside the model's 0 to %d", class, v.Classes-1)
		}
	}
	return nil
}
