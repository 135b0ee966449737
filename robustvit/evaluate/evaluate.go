package evaluate

import (
	"context"
	"errors"
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

// Test is a data set with how its images are prepared and its answers scored.
type Test struct {
	Data     data.Dataset
	Protocol data.Protocol
	Scoring  data.Scoring
	Factor   func(i int) string // value of what the set varies
}

// NewTest is the data set as the protocol reads and scores it.
func NewTest(d data.Dataset, protocol data.Protocol) Test {
	read, scoring := data.Under(d, protocol.Name)
	return Test{read, protocol, scoring, func(i int) string { return data.FactorOf(d, i) }}
}

// Records classifies a data set and returns one record an image, in its order,
// by the scoring of the protocol.
func Records(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, progress Progress) ([]Record, error) {
	return NewTest(d, protocol).Records(ctx, p, progress)
}

// Records classifies the images and returns one record for each, in order. Only
// the batches that are being prepared are in memory beside the records.
func (t Test) Records(ctx context.Context, p *robustvit.Predictor, progress Progress) ([]Record, error) {
	records := make([]Record, t.Data.Len())
	k := p.Variant().Outputs()
	if err := t.fits(k); err != nil {
		return nil, err
	}
	err := batches(ctx, p, t.Data, t.Protocol, false, func(b *data.Batch, first int) error {
		logits, err := p.Logits(b.Images, b.N)
		if err != nil {
			return err
		}
		for i := range b.N {
			records[first+i] = t.record(first+i, logits[i*k:(i+1)*k])
		}
		progress.report(t.Data, first+b.N)
		return nil
	})
	return records, err
}

// fits refuses a model that cannot name the classes.
func (t Test) fits(outputs int) error {
	if got := len(t.Data.Classes()); got > outputs {
		return fmt.Errorf("evaluate %s: the set has %d classes, the model only %d; it cannot name the others", t.Data.Name(), got, outputs)
	}
	for _, class := range t.Scoring.Classes {
		if class < 0 || class >= outputs {
			return fmt.Errorf("evaluate %s: class %d competes, the model has only %d; use a model of the set's classes", t.Data.Name(), class, outputs)
		}
	}
	return nil
}

// record scores one row of logits.
func (t Test) record(i int, logits []float32) Record {
	entry := t.Data.Entry(i)
	record := Record{ID: entry.ID, Class: entry.Class}
	if t.Factor != nil {
		record.Factor = t.Factor(i)
	}
	if t.Scoring.Accepted != nil {
		if accepted := t.Scoring.Accepted(i); len(accepted) > 1 {
			record.Accepted = accepted
		}
	}
	return newRecord(record, logits, t.Scoring.Classes)
}

// SegmentDataset runs the relevance segmentation test: the map of the predicted
// class against the mask of each image.
func SegmentDataset(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, progress Progress) (Segmentation, error) {
	records, err := SegmentRecords(ctx, p, d, protocol, progress)
	return SegmentationOf(records, nil), err
}

// Shaped is a model whose graphs take batches of one size.
type Shaped interface {
	BatchSize() int
	Variant() robustvit.Variant
}

// batches hands the prepared batches of the set to use, in order.
func batches(ctx context.Context, p Shaped, d data.Dataset, protocol data.Protocol, masks bool, use func(b *data.Batch, first int) error) error {
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
			if bad, ok := errors.AsType[*robustvit.NotFiniteOutput](err); ok && bad.Row < b.N {
				err = fmt.Errorf("image %s: %w", d.Entry(b.Indices[bad.Row]).ID, err)
			}
			return fmt.Errorf("evaluate %s: %w", d.Name(), err)
		}
		first += b.N
	}
	return nil
}
