package robustvit

import (
	"fmt"
	"math"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Losses are the values of one step: means over its images, before the update.
type Losses struct {
	Background   float64 `json:"background"`    // Eq. 1
	Foreground   float64 `json:"foreground"`    // Eq. 2
	Relevance    float64 `json:"relevance"`     // Eq. 3
	Class        float64 `json:"class"`         // Eq. 4 or its stand-in
	Total        float64 `json:"total"`         // Eq. 5
	GradientNorm float64 `json:"gradient_norm"` // global, before clipping
}

// Trainer finetunes a model: one compiled graph a step with one forward, one
// gradient for all attention maps and one backward. Weights and optimizer
// state stay on the device.
type Trainer struct {
	variant     Variant
	batch       int
	pretraining bool
	optimizer   AdamW
	store       *model.Store
	exec        *model.Exec
	step        int
}

// lossFunc builds the loss of a step from its trace and inputs: images and then
// masks and labels, or targets.
type lossFunc func(trace *Trace, inputs []*Node, share *Node) Terms

// NewTrainer compiles nothing yet; the first Step does. The values are taken over.
func NewTrainer(backend compute.Backend, v Variant, values Values, objective Objective, optimizer AdamW, batch int) (*Trainer, error) {
	if err := objective.Validate(v); err != nil {
		return nil, fmt.Errorf("objective: %w", err)
	}
	loss := func(trace *Trace, inputs []*Node, share *Node) Terms {
		return objective.Loss(v, trace, inputs[1], inputs[2], share)
	}
	return newTrainer(backend, Trainer{variant: v, batch: batch, optimizer: optimizer}, values, loss)
}

// NewPretrainer trains on target distributions alone (Batch.Targets).
func NewPretrainer(backend compute.Backend, v Variant, values Values, optimizer AdamW, batch int) (*Trainer, error) {
	loss := func(trace *Trace, inputs []*Node, share *Node) Terms {
		class := ReduceAllSum(Mul(SoftCrossEntropy(trace.Logits, inputs[1]), share))
		zero := ZerosLike(class)
		return Terms{Background: zero, Foreground: zero, Relevance: zero, Class: class, Total: class}
	}
	return newTrainer(backend, Trainer{variant: v, batch: batch, optimizer: optimizer, pretraining: true}, values, loss)
}

func newTrainer(backend compute.Backend, t Trainer, values Values, loss lossFunc) (*Trainer, error) {
	if t.batch < 1 {
		return nil, fmt.Errorf("batch size %d must be at least 1", t.batch)
	}
	if err := t.optimizer.Validate(); err != nil {
		return nil, err
	}
	store, err := NewStore(t.variant, values)
	if err != nil {
		return nil, err
	}
	for _, spec := range t.variant.WeightSpecs() {
		for _, which := range []string{"m", "v"} {
			zeros := tensors.FromShape(values[spec.Name].Shape())
			if _, err := store.CreateVariable(momentPath(which, spec.Name), zeros); err != nil {
				return nil, fmt.Errorf("optimizer state of %q: %w", spec.Name, err)
			}
		}
	}
	t.store = store
	t.exec, err = model.NewExec(backend, store, t.stepGraph(loss))
	if err != nil {
		return nil, fmt.Errorf("training step: %w", err)
	}
	return &t, nil
}

// stepGraph is the whole step: forward, loss, gradients, update. Its inputs
// end with share, rate and the two bias corrections.
func (t Trainer) stepGraph(loss lossFunc) func(*model.Scope, []*Node) []*Node {
	return func(scope *model.Scope, inputs []*Node) []*Node {
		g, store := inputs[0].Graph(), scope.Store()
		last := len(inputs) - 4
		at := schedule{inputs[last+1], inputs[last+2], inputs[last+3]}
		weights := StoreWeights(store, g)
		terms := loss(Forward(t.variant, weights, inputs[0]), inputs[:last], inputs[last])

		specs := t.variant.WeightSpecs()
		nodes := make([]*Node, len(specs))
		for i, spec := range specs {
			nodes[i] = weights(spec.Name)
		}
		gradients, norm := t.optimizer.clip(Gradient(terms.Total, nodes...))
		for i, spec := range specs {
			first := store.GetVariable(momentPath("m", spec.Name))
			second := store.GetVariable(momentPath("v", spec.Name))
			old := weightState{nodes[i], first.NodeValue(g), second.NodeValue(g)}
			now := t.optimizer.update(spec.Name, old, gradients[i], at)
			store.GetVariable(variablePath(spec.Name)).SetNodeValue(now.weight)
			first.SetNodeValue(now.first)
			second.SetNodeValue(now.second)
		}
		// One vector: a step asks the device for its numbers once.
		return []*Node{Stack([]*Node{terms.Background, terms.Foreground, terms.Relevance, terms.Class, terms.Total, norm}, 0)}
	}
}

// Step runs one optimizer step at the learning rate and returns its losses. A
// loss or gradient that is not finite is an error: the weights are spoilt then
// and must not be saved.
func (t *Trainer) Step(batch *Batch, rate float64) (Losses, error) {
	if err := batch.check(t.variant, t.batch, t.pretraining); err != nil {
		return Losses{}, err
	}
	size := t.variant.ImageSize
	inputs := []any{tensors.FromFlatDataAndDimensions(batch.Images, t.batch, 3, size, size)}
	if t.pretraining {
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(batch.Targets, t.batch, t.variant.Outputs()))
	} else {
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(batch.Masks, t.batch, 1, size, size),
			tensors.FromFlatDataAndDimensions(batch.Labels, t.batch))
	}
	first, second := t.optimizer.Corrections(t.step + 1)
	inputs = append(inputs, batch.share(t.batch), float32(rate), float32(first), float32(second))
	outputs, err := t.exec.Call(inputs...)
	if err != nil {
		return Losses{}, fmt.Errorf("training step %d: %w", t.step+1, err)
	}
	values, err := tensors.CopyFlatData[float32](outputs[0])
	if err != nil {
		return Losses{}, fmt.Errorf("training step %d: read the losses: %w", t.step+1, err)
	}
	t.step++
	losses := Losses{float64(values[0]), float64(values[1]), float64(values[2]), float64(values[3]), float64(values[4]), float64(values[5])}
	if sum := losses.Total + losses.GradientNorm; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return losses, &NotFiniteError{Step: t.step, Rate: rate, Losses: losses}
	}
	return losses, nil
}

// NotFiniteError says that a step produced NaN or Inf; nothing after it may be saved.
type NotFiniteError struct {
	Step   int
	Rate   float64
	Losses Losses
}

func (e *NotFiniteError) Error() string {
	return fmt.Sprintf("training step %d: loss %g and gradient norm %g are not finite at learning rate %g; nothing was saved, lower the rate or look at the batch's images",
		e.Step, e.Losses.Total, e.Losses.GradientNorm, e.Rate)
}
