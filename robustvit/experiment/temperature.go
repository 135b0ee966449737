package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// temperatureStudy: the paper's text does not mention the temperature, and its
// released code sets another for DeiT.
var temperatureStudy = study{
	Experiment: Experiment{
		Name: "temperature", Title: "Temperature of the class term", Paper: "left open by the paper (only the released code has it)", Minutes: 4,
		Question: "Does the temperature of the confidence term matter? The released code divides the logits by 0.55 for DeiT-S and by 0.65 for DeiT-B, by 1 for all others.",
		Reading:  reading("Below 1 the softmax is sharper and the term's pull weaker once the model is sure; above 1 it pulls longer."),
		Measure:  Measure{Sets: true},
	},
	knobs: first(func(b *pool.Base) knob {
		return knob{base: b, name: "temperature", axis: "temperature of the class term", log: true, forms: method,
			values: numbers(b.Finetune.Objective.Temperature, func(c *finetune.Config, x float64) { c.Objective.Temperature = x }, .55, .65, .8, 1, 1.5, 2)}
	}),
	tell: func(ctx context.Context, o *Outcome, knobs []knob) error {
		if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images."); err != nil {
			return err
		}
		k := knobs[0]
		return o.stable(ctx, k, "The gain does not depend on the temperature", "released code; left open by the paper", k.values)
	},
}

// startLayerStudy: the recursion of Eq. 7 may leave out the first layers.
var startLayerStudy = study{
	Experiment: Experiment{
		Name: "start-layer", Title: "First layer of the relevance recursion", Paper: "left open by the paper (an option of the released code)", Minutes: 3,
		Question: "Must the trained relevance map run through all layers (Eq. 7), or does a recursion from a later layer on do as well?",
		Reading:  reading("Only the map that is trained changes; layer 0 is the paper's choice."),
		Measure:  Measure{Sets: true},
	},
	knobs: first(func(b *pool.Base) knob {
		return knob{base: b, name: "start layer", axis: "first layer of the recursion", forms: method,
			values: numbers(float64(b.Finetune.Objective.StartLayer), func(c *finetune.Config, x float64) { c.Objective.StartLayer = int(x) }, someLayers(b.Model.Variant.Depth)...)}
	}),
	tell: func(ctx context.Context, o *Outcome, knobs []knob) error {
		if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images."); err != nil {
			return err
		}
		k := knobs[0]
		return o.stable(ctx, k, fmt.Sprintf("The gain does not depend on the first layer of the recursion, of %d", k.base.Model.Variant.Depth), "left open by the paper", k.values)
	},
}

// someLayers are at most four layers of a model, from the first on.
func someLayers(depth int) []float64 {
	n := min(depth, 4)
	var layers []float64
	for i := range n {
		layers = append(layers, float64(i*depth/n))
	}
	return layers
}
