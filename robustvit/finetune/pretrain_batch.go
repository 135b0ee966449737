package finetune

import (
	"context"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// order is how a stage's images are shuffled into whole batches.
func (c PretrainConfig) order(stage int) data.Plan {
	return data.Plan{BatchSize: c.Batch, Shuffle: true, DropLast: true, Seed: c.Seed*31 + uint64(stage)}
}

// batches prepares the steps from the given one to the end, stage after stage:
// whole batches of shuffled epochs.
func (c PretrainConfig) batches(ctx context.Context, from int) iter.Seq2[*robustvit.Batch, error] {
	return func(yield func(*robustvit.Batch, error) bool) {
		first, at := c.stageOf(from)
		for index := first; index < len(c.Stages); index++ {
			stage := c.Stages[index]
			if at >= stage.Steps { // a finished run has nothing left
				return
			}
			perEpoch := stage.Images / c.Batch
			plan := c.order(index)
			plan.Size, plan.Protocol, plan.Augment = c.Variant.ImageSize, c.protocol(), &c.Augment
			plan.Epoch, plan.Step, plan.Epochs = at/perEpoch, at%perEpoch, (stage.Steps-1)/perEpoch+1-at/perEpoch
			for prepared, err := range data.Batches(ctx, c.cache(stage.Data), plan) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(c.soften(prepared, plan.Seed, at), nil) {
					return
				}
				if at++; at == stage.Steps {
					break
				}
			}
			at = 0
		}
	}
}

// cache keeps the images of a stage at the size from which each epoch cuts them.
func (c PretrainConfig) cache(d data.Dataset) *data.Cache {
	return data.NewBudget(c.Cache.Bytes()).Cached(d, func(s data.Sample) (data.Sample, error) {
		s.Mask = nil
		return c.Augment.Base(s, c.Variant.ImageSize, data.Reference)
	})
}

// protocol normalises as the variant asks.
func (c PretrainConfig) protocol() data.Protocol {
	protocol := data.Native()
	protocol.Mean, protocol.Std = c.Variant.Mean, c.Variant.Std
	return protocol
}

// soften turns labels into target distributions: label smoothing, then mixup.
func (c PretrainConfig) soften(prepared *data.Batch, seed uint64, at int) *robustvit.Batch {
	classes := c.Variant.Classes
	batch := &robustvit.Batch{Images: prepared.Images, Targets: make([]float32, c.Batch*classes), N: c.Batch}
	for i, label := range prepared.Labels {
		target := batch.Targets[i*classes : (i+1)*classes]
		for k := range target {
			target[k] = float32(c.Smoothing / float64(classes))
		}
		target[label] += float32(1 - c.Smoothing)
	}
	c.mix(batch, seed, at)
	return batch
}

// mix blends some batches with themselves reversed (mixup, Beta(0.4, 0.4)).
func (c PretrainConfig) mix(batch *robustvit.Batch, seed uint64, at int) {
	rng := rand.New(rand.NewPCG(seed, uint64(at)))
	if rng.Float64() >= c.Mixup {
		return
	}
	lambda := float32(beta(rng, 0.4))
	blend := func(values []float32) {
		one := len(values) / c.Batch
		for i := range c.Batch / 2 {
			a, b := values[i*one:(i+1)*one], values[(c.Batch-1-i)*one:(c.Batch-i)*one]
			for j := range a {
				a[j], b[j] = lambda*a[j]+(1-lambda)*b[j], lambda*b[j]+(1-lambda)*a[j]
			}
		}
	}
	blend(batch.Images)
	blend(batch.Targets)
}

// beta draws from Beta(a, a) for a < 1 by Jöhnk's rejection.
func beta(rng *rand.Rand, a float64) float64 {
	for {
		x, y := math.Pow(rng.Float64(), 1/a), math.Pow(rng.Float64(), 1/a)
		if x+y > 0 && x+y <= 1 {
			return x / (x + y)
		}
	}
}
