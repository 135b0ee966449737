package robustvit

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// originalPath is where a trainer keeps a weight as it was at the start.
func originalPath(name string) string { return "/original" + variablePath(name) }

// keepOriginal copies the values into the store as the original model's
// weights, which no step and no Restore changes.
func keepOriginal(v Variant, store *model.Store, values Values) error {
	for _, spec := range v.WeightSpecs() {
		value, err := values[spec.Name].Clone()
		if err != nil {
			return fmt.Errorf("copy weight %q of the original model: %w", spec.Name, err)
		}
		if _, err := store.CreateVariable(originalPath(spec.Name), value); err != nil {
			return fmt.Errorf("original weight %q: %w", spec.Name, err)
		}
	}
	return nil
}

// originalLogits are the original model's logits [B, K] of the images, a constant.
func originalLogits(v Variant, store *model.Store, images *Node) *Node {
	weights := func(name string) *Node {
		variable := store.GetVariable(originalPath(name))
		if variable == nil {
			panic(fmt.Errorf("weight %q of the original model is not in the trainer", name))
		}
		return variable.NodeValue(images.Graph())
	}
	return StopGradient(ForwardPrefix(v, weights, StopGradient(images)).Logits)
}
