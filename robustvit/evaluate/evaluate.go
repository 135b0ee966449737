package evaluate

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// Progress hears how many images of a set are done. It may be nil.
type Progress func(set string, done, total int)

func (p Progress) report(d data.Dataset, done int) {
	if p != nil {
		p(d.Name(), done, d.Len())
	}
}

// Records classifies a data set and returns one record an image, in its order.
func Records(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, progress Progress) ([]Record, error) {
	records := make([]Record, d.Len())
	k := p.Variant().Outputs()
	if got := len(d.Classes()); got > k {
		return nil, fmt.Errorf("evaluate %s: the set has %d classes, the model only %d; it cannot name the others", d.Name(), got, k)
	}
	err := batches(ctx, p, d, protocol, false, func(b *data.Batch, first int) error {
		logits, err := p.Logits(b.Images, b.N)
		if err != nil {
			return err
		}
		for i := range b.N {
			entry := d.Entry(first + i)
			records[first+i] = NewRecord(entry.ID, entry.Class, logits[i*k:(i+1)*k])
		}
		progress.report(d, first+b.N)
		return nil
	})
	return records, err
}

// SegmentDataset runs the relevance segmentation test: the map of the predicted
// class against the mask of each image.
func SegmentDataset(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, progress Progress) (Segmentation, error) {
	var s segmenter
	pixels := p.Variant().ImageSize * p.Variant().ImageSize
	err := batches(ctx, p, d, protocol, true, func(b *data.Batch, first int) error {
		explanation, err := p.Explain(b.Images, nil, b.N)
		if err != nil {
			return err
		}
		for i := range b.N {
			s.add(explanation.Maps[i*pixels:(i+1)*pixels], b.Masks[i*pixels:(i+1)*pixels])
		}
		progress.report(d, first+b.N)
		return nil
	})
	return s.result(), err
}

// batches hands the prepared batches of the set to use, in order.
func batches(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, masks bool, use func(b *data.Batch, first int) error) error {
	plan := data.Plan{BatchSize: p.BatchSize(), Size: p.Variant().ImageSize, Protocol: protocol, Masks: masks, Rule: data.Strict}
	first := 0
	for b, err := range data.Batches(ctx, d, plan) {
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return fmt.Errorf("evaluate %s: %w", d.Name(), err)
		}
		if err := use(b, first); err != nil {
			return fmt.Errorf("evaluate %s: %w", d.Name(), err)
		}
		first += b.N
	}
	return nil
}
