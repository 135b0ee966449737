package pool

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
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

// mapsPrefix is before the set's name in the names of map records.
const mapsPrefix = "maps-"

// recordModel is the name of the model in a point's record files: the folder says which it is.
const recordModel = "model"

// Records are a model's records on a set, made where they are not there yet.
func (p *Pool) Records(ctx context.Context, s Spec, set string) ([]evaluate.Record, error) {
	test, err := p.Test(ctx, s.Base, set) // first: it may need records of its own
	if err != nil {
		return nil, err
	}
	return kept(ctx, p, s, set, func(predictor *robustvit.Predictor) ([]evaluate.Record, error) {
		return test.Records(ctx, predictor, p.count(set))
	})
}

// Maps are the records of a model's relevance maps on a set with masks.
func (p *Pool) Maps(ctx context.Context, s Spec, set string) ([]evaluate.MapRecord, error) {
	test, err := p.Test(ctx, s.Base, set) // first: it may need records of its own
	if err != nil {
		return nil, err
	}
	return kept(ctx, p, s, mapsPrefix+set, func(predictor *robustvit.Predictor) ([]evaluate.MapRecord, error) {
		return evaluate.SegmentRecords(ctx, predictor, test.Data, test.Protocol, p.count(set+" maps"))
	})
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
