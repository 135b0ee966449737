package robustvit

import (
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Steps is the number of optimizer steps taken, resumed ones included.
func (t *Trainer) Steps() int { return t.step }

// Store holds the weights on the device, for a predictor to share.
func (t *Trainer) Store() *model.Store { return t.store }

// Weights copies the current weights to the host, by timm name.
func (t *Trainer) Weights() (map[string][]float32, error) {
	weights := map[string][]float32{}
	for _, spec := range t.variant.WeightSpecs() {
		values, err := readVariable(t.store, variablePath(spec.Name))
		if err != nil {
			return nil, err
		}
		weights[spec.Name] = values
	}
	return weights, nil
}

// Moments copies the optimizer's running means to the host: "m" or "v", by timm name.
func (t *Trainer) Moments(which string) (map[string][]float32, error) {
	moments := map[string][]float32{}
	for _, spec := range t.variant.WeightSpecs() {
		values, err := readVariable(t.store, momentPath(which, spec.Name))
		if err != nil {
			return nil, err
		}
		moments[spec.Name] = values
	}
	return moments, nil
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
		}{{variablePath(spec.Name), weights[spec.Name]}, {momentPath("m", spec.Name), first[spec.Name]}, {momentPath("v", spec.Name), second[spec.Name]}}
		for _, part := range parts {
			if len(part.values) != elements(spec.Shape) {
				return fmt.Errorf("restore: %q holds %d values, expected %d", part.path, len(part.values), elements(spec.Shape))
			}
			value := tensors.FromFlatDataAndDimensions(part.values, spec.Shape...)
			if err := t.store.GetVariable(part.path).SetValue(value); err != nil {
				return fmt.Errorf("restore %q: %w", part.path, err)
			}
		}
	}
	t.step = step
	return nil
}

// Close frees the device memory of weights, optimizer state and compiled step.
func (t *Trainer) Close() {
	t.exec.Finalize()
	t.store.Finalize()
}

func readVariable(store *model.Store, path string) ([]float32, error) {
	value, err := store.GetVariable(path).Value()
	if err != nil {
		return nil, fmt.Errorf("read %q from the device: %w", path, err)
	}
	flat, err := tensors.CopyFlatData[float32](value)
	if err != nil {
		return nil, fmt.Errorf("read %q from the device: %w", path, err)
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
