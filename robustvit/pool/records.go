package pool

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/run"
)

// Sets beside the collection's evaluation sets.
const (
	TrainSet      = "train"      // all training images
	ValidationSet = "validation" // training images that the base's setting does not finetune on; settings are chosen on them
	MapSet        = "masks"      // the segmentation test set
)

// setKey is a set as several bases see it: the same data under the same
// protocol. Held-out images are the base's own.
type setKey struct {
	data, base, set string
	protocol        Protocol
}

func keyOf(b *Base, set string) setKey {
	key := setKey{data: b.describe(), set: set, protocol: b.protocol()}
	if set == ValidationSet {
		key.base = b.Name
	}
	return key
}

// recordModel is the name of the model in a point's record files: the folder says which it is.
const recordModel = "model"

// Records are a model's records on a set, made where they are not there yet.
func (p *Pool) Records(ctx context.Context, s Spec, set string) ([]evaluate.Record, error) {
	test, err := p.Test(ctx, s.Base, set) // first: it may need records of its own
	if err != nil {
		return nil, err
	}
	r, done, err := p.ready(ctx, s)
	if err != nil {
		return nil, err
	}
	defer done()
	return run.KeptRecords(r, set, recordModel, func() (records []evaluate.Record, err error) {
		err = p.With(ctx, s, func(predictor *robustvit.Predictor) (err error) {
			records, err = test.Records(ctx, predictor, p.count(set))
			return err
		})
		return records, err
	})
}

// Maps are the records of a model's relevance maps on a set with masks.
func (p *Pool) Maps(ctx context.Context, s Spec, set string) ([]evaluate.MapRecord, error) {
	test, err := p.Test(ctx, s.Base, set) // first: it may need records of its own
	if err != nil {
		return nil, err
	}
	r, done, err := p.ready(ctx, s)
	if err != nil {
		return nil, err
	}
	defer done()
	return run.KeptRecords(r, "maps-"+set, recordModel, func() (records []evaluate.MapRecord, err error) {
		err = p.With(ctx, s, func(predictor *robustvit.Predictor) (err error) {
			records, err = evaluate.SegmentRecords(ctx, predictor, test.Data, test.Protocol, p.count(set+" maps"))
			return err
		})
		return records, err
	})
}

// ready finetunes the model first, so that its folder is held only for what is
// written into it.
func (p *Pool) ready(ctx context.Context, s Spec) (*run.Run, func(), error) {
	if err := p.Make(ctx, s); err != nil {
		return nil, nil, err
	}
	return p.open(s)
}

// Test is a set as the base's protocol reads and scores it, its images cached.
func (p *Pool) Test(ctx context.Context, base, set string) (evaluate.Test, error) {
	b, err := p.Base(base)
	if err != nil {
		return evaluate.Test{}, err
	}
	key := keyOf(b, set)
	p.mu.Lock()
	test, ok := p.sets[key]
	p.mu.Unlock()
	if ok {
		return test, nil
	}
	d, err := p.dataset(ctx, b, set)
	if err != nil {
		return test, err
	}
	protocol, err := b.prepared()
	if err != nil {
		return test, err
	}
	test = evaluate.NewTest(d, protocol)
	p.mu.Lock()
	defer p.mu.Unlock()
	test.Data = p.budget.Cached(test.Data, nil)
	p.sets[key] = test
	return test, nil
}

// dataset opens a set by name.
func (p *Pool) dataset(ctx context.Context, b *Base, set string) (data.Dataset, error) {
	switch set {
	case TrainSet:
		return b.Data.Train()
	case ValidationSet:
		return p.validation(ctx, b)
	case MapSet:
		d, err := b.Data.Segmentation()
		if err == nil && d == nil {
			err = fmt.Errorf("%s has no masks to test maps against; put them beside its images, such as val_masks beside val", b.Data.Name())
		}
		return d, err
	}
	return b.Data.Set(set)
}
