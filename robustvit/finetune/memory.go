package finetune

import "fmt"

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
