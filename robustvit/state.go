package robustvit

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Steps is the number of optimizer steps taken, resumed ones included.
func (t *Trainer) Steps() int { return t.step }

// Store holds the weights on the device, for a predictor to share.
func (t *Trainer) Store() *model.Store { return t.store }

// Weights copies the current weights to the host, by timm name.
func (t *Trainer) Weights() (map[string][]float32, error) { return t.copyAll(t.Weight) }

// Moments copies the optimizer's running means to the host, by timm name: of
// the gradient ("m") or of its square ("v").
func (t *Trainer) Moments(which string) (map[string][]float32, error) {
	return t.copyAll(func(name string) ([]float32, error) { return t.Moment(which, name) })
}

// Weight copies one weight to the host, by timm name.
func (t *Trainer) Weight(name string) ([]float32, error) {
	return t.read(variablePath(name))
}

// Moment copies one running mean to the host: "m" or "v", by timm name.
func (t *Trainer) Moment(which, name string) ([]float32, error) {
	path := firstPath
	if which == "v" {
		path = secondPath
	}
	return t.read(path(name))
}

func (t *Trainer) copyAll(read func(name string) ([]float32, error)) (map[string][]float32, error) {
	all := map[string][]float32{}
	for _, spec := range t.variant.WeightSpecs() {
		values, err := read(spec.Name)
		if err != nil {
			return nil, err
		}
		all[spec.Name] = values
	}
	return all, nil
}

// Restore puts the trainer where a run was after step steps: weights and both
// running means by timm name. The next Step is step+1.
func (t *Trainer) Restore(step int, weights, first, second map[string][]float32) error {
	if step < 0 {
		return fmt.Errorf("restore: step %d must not be negative", step)
	}
	for _, spec := range t.variant.WeightSpecs() {
		parts := []struct {
			path   string
			values []float32
		}{{variablePath(spec.Name), weights[spec.Name]}, {firstPath(spec.Name), first[spec.Name]}, {secondPath(spec.Name), second[spec.Name]}}
		for _, part := range parts {
			if len(part.values) != elements(spec.Shape) {
				return fmt.Errorf("restore: %q holds %d values, expected %d", part.path, len(part.values), elements(spec.Shape))
			}
			value := tensors.FromFlatDataAndDimensions(part.values, spec.Shape...)
			if err := t.devices.set(t.store.GetVariable(part.path), value); err != nil {
				return fmt.Errorf("restore %q: %w", part.path, err)
			}
		}
	}
	t.step = step
	return nil
}

// Close frees the device memory of weights, optimizer state and compiled step.
func (t *Trainer) Close() {
	for _, exec := range []*model.Exec{t.whole, t.accumulate, t.update} {
		if exec != nil {
			exec.Finalize()
		}
	}
	t.store.Finalize()
}

func (t *Trainer) read(path string) ([]float32, error) {
	value, err := t.devices.value(t.store.GetVariable(path))
	if err != nil {
		return nil, fmt.Errorf("read %q from the device: %w", path, err)
	}
	flat, err := tensors.CopyFlatData[float32](value)
	if err != nil {
		return nil, fmt.Errorf("read %q from the device: %w", path, err)
	}
	if value.IsOnAnyDevice() {
		value.FinalizeLocal() // else every weight that was looked at stays on the host a second time
	}
	return flat, nil
}

func elements(shape []int) int {
	n := 1
	for _, dimension := range shape {
		n *= dimension
	}
	return n
}

// NewValues makes host tensors of flat weights. Every weight of the variant
// must be there with as many values as its shape.
func NewValues(v Variant, weights map[string][]float32) (Values, error) {
	values := Values{}
	for _, spec := range v.WeightSpecs() {
		flat, ok := weights[spec.Name]
		if !ok {
			return nil, fmt.Errorf("model %q: weight %q is missing", v.Name, spec.Name)
		}
		if len(flat) != elements(spec.Shape) {
			return nil, fmt.Errorf("model %q: weight %q holds %d values, expected shape %v", v.Name, spec.Name, len(flat), spec.Shape)
		}
		values[spec.Name] = tensors.FromFlatDataAndDimensions(flat, spec.Shape...)
	}
	return values, nil
}

// Variant is the trained model's geometry.
func (t *Trainer) Variant() Variant { return t.variant }

// Compile builds the graphs of a step before the first one, which would do it
// otherwise: so that other graphs can be compiled at the same time.
func (t *Trainer) Compile() error {
	size, n := t.variant.ImageSize, t.atOnce()/t.devices.count()
	exec, scalars := t.whole, 3 // rate and the two bias corrections
	if t.memory.MicroBatch > 0 {
		exec, scalars = t.accumulate, 1 // keep
	}
	inputs := []shapes.Shape{shapes.Make(dtypes.Float32, n, 3, size, size)}
	if t.pretraining {
		inputs = append(inputs, shapes.Make(dtypes.Float32, n, t.variant.Outputs()))
	} else {
		inputs = append(inputs, shapes.Make(dtypes.Float32, n, 1, size, size), shapes.Make(dtypes.Int32, n))
	}
	inputs = append(inputs, shapes.Make(dtypes.Float32, n)) // share
	for range scalars {
		inputs = append(inputs, shapes.Make(dtypes.Float32))
	}
	if _, err := exec.Compile(slices.Repeat(inputs, t.devices.count())...); err != nil {
		return fmt.Errorf("training step: %w", err)
	}
	return nil
}
