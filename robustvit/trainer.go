package robustvit

import (
	"errors"
	"fmt"
	"math"
	"strings"

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

// Trainer finetunes a model. Weights and optimizer state stay on the device.
// A step is one compiled graph with one forward, one gradient for all attention
// maps and one backward; with [Memory.MicroBatch] it is that graph for each part of
// the batch and one for the update.
type Trainer struct {
	variant     Variant
	batch       int
	memory      Memory
	pretraining bool
	original    bool // the store keeps the starting weights too, for KLOriginal
	optimizer   AdamW
	store       *model.Store
	step        int
	backend     compute.Backend
	devices     *devices // nil is one

	whole              *model.Exec // the step at once, or
	accumulate, update *model.Exec // in parts
}

// Memory says how a step saves memory. The zero value is the fastest.
type Memory struct {
	// MicroBatch is the number of images that are on a device at a time; it divides
	// the batch, and 0 is the whole batch. The gradients of the parts add up to
	// the batch's: only the order of the additions differs.
	MicroBatch int `json:"micro_batch,omitempty"`
	// Rematerialise keeps of each block its input and its attention map and
	// computes the rest again in the backward pass.
	Rematerialise bool `json:"rematerialise,omitempty"`
	// Precision of the matrix products; a lower one saves time too, and changes
	// the numbers.
	Precision Precision `json:"precision,omitzero"`
}

// Validate reports a part that does not divide the batch.
func (m Memory) Validate(batch int) error {
	if m.MicroBatch < 0 || m.MicroBatch > 0 && batch%m.MicroBatch != 0 {
		return fmt.Errorf("%d images at a time must divide the batch of %d", m.MicroBatch, batch)
	}
	return nil
}

// lossFunc builds the loss of a step from its trace and inputs: images and then
// masks and labels, or targets. The store has the original weights where asked.
type lossFunc func(store *model.Store, trace *Trace, inputs []*Node, share *Node) Terms

// NewTrainer compiles nothing yet; the first Step does. The values are taken
// over; they are the original model of [KLOriginal], and Restore leaves those be.
func NewTrainer(backend compute.Backend, v Variant, values Values, objective Objective, optimizer AdamW, batch int, memory Memory) (*Trainer, error) {
	if err := objective.Validate(v); err != nil {
		return nil, fmt.Errorf("objective: %w", err)
	}
	original := objective.ClassTerm == KLOriginal
	loss := func(store *model.Store, trace *Trace, inputs []*Node, share *Node) Terms {
		in := LossInputs{Masks: inputs[1], Labels: inputs[2], Share: share}
		if original {
			in.Original = originalLogits(v, store, inputs[0])
		}
		return objective.Loss(v, trace, in)
	}
	return newTrainer(backend, Trainer{variant: v, batch: batch, memory: memory, optimizer: optimizer, original: original}, values, loss)
}

// NewPretrainer trains on target distributions alone (Batch.Targets).
func NewPretrainer(backend compute.Backend, v Variant, values Values, optimizer AdamW, batch int) (*Trainer, error) {
	loss := func(_ *model.Store, trace *Trace, inputs []*Node, share *Node) Terms {
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
	if err := errors.Join(t.optimizer.Validate(), t.memory.Validate(t.batch)); err != nil {
		return nil, err
	}
	var err error
	if t.store, err = NewStore(t.variant, values); err != nil {
		return nil, err
	}
	if t.original {
		if err := keepOriginal(t.variant, t.store, values); err != nil {
			return nil, err
		}
	}
	if err := t.makeState(backend, values); err != nil {
		return nil, err
	}
	t.backend = backend
	if err := t.build(backend, loss); err != nil {
		return nil, fmt.Errorf("training step: %w", err)
	}
	return &t, nil
}

// makeState creates what the optimizer keeps of each weight, at 0 and on the device.
func (t *Trainer) makeState(backend compute.Backend, values Values) error {
	paths := []func(name string) string{firstPath, secondPath}
	if t.memory.MicroBatch > 0 {
		paths = append(paths, gradientPath)
	}
	for _, spec := range t.variant.WeightSpecs() {
		for _, path := range paths {
			zeros := tensors.FromShape(values[spec.Name].Shape())
			if err := zeros.MaterializeOnDevice(backend, false, 0); err != nil {
				return fmt.Errorf("optimizer state of %q: %w", spec.Name, err)
			}
			zeros.FinalizeLocal() // else the host holds every moment a second time
			if _, err := t.store.CreateVariable(path(spec.Name), zeros); err != nil {
				return fmt.Errorf("optimizer state of %q: %w", spec.Name, err)
			}
		}
	}
	return nil
}

// build prepares the graphs of a step.
func (t *Trainer) build(backend compute.Backend, loss lossFunc) (err error) {
	if t.memory.MicroBatch == 0 {
		t.whole, err = model.NewExec(backend, t.store, t.wholeGraph(loss))
		return err
	}
	if t.accumulate, err = model.NewExec(backend, t.store, t.accumulateGraph(loss)); err != nil {
		return err
	}
	t.update, err = model.NewExec(backend, t.store, t.updateGraph())
	return err
}

// Step runs one optimizer step at the learning rate and returns its losses. A
// loss or gradient that is not finite is an error: the weights are spoilt then
// and must not be saved.
func (t *Trainer) Step(batch *Batch, rate float64) (Losses, error) {
	if err := batch.check(t.variant, t.batch, t.pretraining); err != nil {
		return Losses{}, err
	}
	first, second := t.optimizer.Corrections(t.step + 1)
	at := []any{float32(rate), float32(first), float32(second)}
	values, err := t.run(batch, at)
	if err != nil {
		return Losses{}, fmt.Errorf("training step %d: %w", t.step+1, err)
	}
	t.step++
	losses := Losses{values[0], values[1], values[2], values[3], values[4], values[5]}
	if sum := losses.Total + losses.GradientNorm; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return losses, &NotFiniteError{Step: t.step, Rate: rate, Losses: losses}
	}
	return losses, nil
}

// run executes the step at once or in parts: the five terms and the gradient norm.
func (t *Trainer) run(batch *Batch, at []any) ([]float64, error) {
	part := t.atOnce()
	share := batch.share(t.batch + part) // beyond the batch there may be padding, whose share is 0
	if t.memory.MicroBatch == 0 {
		return t.call(t.whole, append(t.inputs(batch, share, 0, part), at...))
	}
	terms := make([]float64, 5)
	keep := float32(0) // the first part clears what the step before has left
	for from := 0; from < batch.N; from += part {
		values, err := t.call(t.accumulate, append(t.inputs(batch, share, from, from+part), keep))
		if err != nil {
			return nil, err
		}
		for i, value := range values {
			terms[i] += value
		}
		keep = 1
	}
	norm, err := t.call(t.update, at)
	return append(terms, norm...), err
}

// inputs are the rows from first to end of the batch, for the devices.
func (t *Trainer) inputs(batch *Batch, share []float32, first, end int) []any {
	size, n := t.variant.ImageSize, end-first
	image, pixels, k := 3*size*size, size*size, t.variant.Outputs()
	inputs := []any{tensors.FromFlatDataAndDimensions(rows(batch.Images, image, first, end), n, 3, size, size)}
	if t.pretraining {
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(rows(batch.Targets, k, first, end), n, k))
	} else {
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(rows(batch.Masks, pixels, first, end), n, 1, size, size),
			tensors.FromFlatDataAndDimensions(rows(batch.Labels, 1, first, end), n))
	}
	return append(inputs, rows(share, 1, first, end))
}

// call runs a graph whose one output is a vector of numbers, the same on each device.
func (t *Trainer) call(exec *model.Exec, inputs []any) ([]float64, error) {
	outputs, err := t.devices.call(exec, inputs)
	if err != nil {
		return nil, err
	}
	flat, err := tensors.CopyFlatData[float32](outputs[0])
	if err != nil {
		return nil, fmt.Errorf("read the losses: %w", err)
	}
	values := make([]float64, len(flat))
	for i, value := range flat {
		values[i] = float64(value)
	}
	return values, nil
}

// NotFiniteError says that a step produced NaN or Inf; nothing after it may be saved.
type NotFiniteError struct {
	Step    int
	Rate    float64
	Losses  Losses
	Weights error    // where the losses are finite and the model after the step is not
	Images  []string // of the step's batch, as far as its maker knows them
}

func (e *NotFiniteError) Error() string {
	what := fmt.Sprintf("loss %g and gradient norm %g are not finite", e.Losses.Total, e.Losses.GradientNorm)
	if e.Weights != nil {
		what = fmt.Sprintf("it leaves a spoilt model (%v)", e.Weights)
	}
	return fmt.Sprintf("training step %d at learning rate %.6g%s: %s; nothing was saved after the step before: lower the rate in a new run folder, or look at the images and weights",
		e.Step, e.Rate, e.images(), what)
}

// Unwrap gives the fault of the weights.
func (e *NotFiniteError) Unwrap() error { return e.Weights }

// images lists the batch as far as a line bears it.
func (e *NotFiniteError) images() string {
	const most = 16
	switch n := len(e.Images); {
	case n == 0:
		return ""
	case n > most:
		return fmt.Sprintf(" on %s and %d more images", strings.Join(e.Images[:most], ", "), n-most)
	}
	return " on " + strings.Join(e.Images, ", ")
}
