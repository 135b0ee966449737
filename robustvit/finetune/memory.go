package finetune

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// atOnce is the number of images that are on the device at a time.
func (c Config) atOnce() int {
	if c.Memory.MicroBatch > 0 {
		return c.Memory.MicroBatch
	}
	return c.Batch
}

// lessMemory is how a run goes on whose step does not fit: with the next smaller
// part of the batch, whose gradients add up to the same step.
func (c Config) lessMemory() string {
	for part := c.atOnce() / 2; part > 0; part-- {
		if c.Batch%part == 0 {
			return fmt.Sprintf("the same command with --micro-batch %d goes on from the last checkpoint with the same steps in parts", part)
		}
	}
	if !c.Memory.Rematerialise {
		return "the same command with --rematerialise goes on from the last checkpoint and keeps fewer activations"
	}
	return "use a smaller model or another device"
}

// leastBytes of each weight in training: the value, its gradient and two moments.
const leastBytes = 4 * 4

// checkMemory refuses a model that cannot be trained in what is free, before
// anything is made of it: the system would end the process, or others.
func checkMemory(v robustvit.Variant) error {
	// Blocks are alike: their weights are not listed, there may be a million.
	one, two := v, v
	one.Depth, two.Depth = 1, 2
	weights := count(one) + float64(v.Depth-1)*(count(two)-count(one))
	if least, free := weights*leastBytes, float64(data.FreeMemory()); least > free {
		return fmt.Errorf("the model has %.3g weights, whose training takes at least %.1f GiB of memory; %.1f GiB are free: take a smaller width, depth or image size",
			weights, least/(1<<30), free/(1<<30))
	}
	return nil
}

// count is the number of weights, in float64: that of absurd sizes is no int.
func count(v robustvit.Variant) (weights float64) {
	for _, spec := range v.WeightSpecs() {
		n := 1.0
		for _, d := range spec.Shape {
			n *= float64(d)
		}
		weights += n
	}
	return weights
}
