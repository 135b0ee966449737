package data

import (
	"context"
	"iter"
)

// Batches prepares the batches of the plan while the caller works on the one
// before, and yields them in order. At most plan.Ahead + 1 batches exist beside
// the caller's. The first error ends the sequence; so does the context. No
// sample is ever left out or replaced: what cannot be read is an error that
// names its file. All goroutines have ended when the loop is left.
func Batches(ctx context.Context, d Dataset, plan Plan) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		if err := plan.Validate(d); err != nil {
			yield(nil, err)
			return
		}
		if plan.Ahead == 0 {
			plan.Ahead = 2
		}
		ctx, cancel := context.WithCancel(ctx)
		prepared := make(chan result, plan.Ahead)
		go func() {
			defer close(prepared)
			plan.produce(ctx, d, prepared)
		}()
		defer func() {
			cancel()
			for range prepared { // wait for the producer
			}
		}()
		for r := range prepared {
			if !yield(r.batch, r.err) || r.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

type result struct {
	batch *Batch
	err   error
}

// produce prepares batch after batch, the samples of each in parallel.
func (p Plan) produce(ctx context.Context, d Dataset, prepared chan<- result) {
	first := p.Step
	for epoch := p.Epoch; epoch < p.Epoch+max(1, p.Epochs); epoch++ {
		order := p.Order(d, epoch)
		for step := first; step < p.Steps(d); step++ {
			b, err := p.one(ctx, d, p.newBatch(order, epoch, step))
			select {
			case prepared <- result{b, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
		first = 0
	}
}

// one fills a batch.
func (p Plan) one(ctx context.Context, d Dataset, b *Batch) (*Batch, error) {
	if err := forEach(ctx, b.N, p.Workers, func(row int) error { return p.fill(b, row, d) }); err != nil {
		return nil, err
	}
	p.pad(b)
	return b, nil
}
