package measure

import (
	"context"

	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
)

// worker evaluates one model, which it loads when it is first needed.
type worker struct {
	Job
	run       *run.Run
	name      string
	model     *pretrained.Model
	protocol  data.Protocol
	images    *memory
	predictor *robustvit.Predictor
	store     *model.Store
}

func (w *worker) load() (*robustvit.Predictor, error) {
	if w.predictor != nil {
		return w.predictor, nil
	}
	var err error
	batch := recipe.EvaluationBatch(w.model, w.Kind) * max(w.Devices, 1) // that on each
	if w.predictor, w.store, err = w.model.Predictor(w.Backend, batch); err != nil {
		return nil, err
	}
	return w.predictor, w.predictor.Spread(w.Devices)
}

func (w *worker) close() {
	if w.predictor != nil {
		w.predictor.Close()
		w.store.Finalize()
	}
}

// records evaluates a set unless its records are there.
func (w *worker) records(ctx context.Context, set string) error {
	_, err := run.KeptRecords(w.run, set, w.name, func() ([]evaluate.Record, error) {
		d, err := w.Data.Set(set)
		if err != nil {
			return nil, err
		}
		predictor, err := w.load()
		if err != nil {
			return nil, err
		}
		test := evaluate.NewTest(d, w.protocol)
		test.Data, test.Protocol = w.images.of(d, test.Data, w.protocol, w.model.Variant.ImageSize)
		return test.Records(ctx, predictor, w.Count)
	})
	return err
}

// segment runs the segmentation test unless its records are there.
func (w *worker) segment(ctx context.Context, d data.Dataset) (evaluate.Segmentation, error) {
	records, err := run.KeptRecords(w.run, evaluate.MapsName, w.name, func() ([]evaluate.MapRecord, error) {
		predictor, err := w.load()
		if err != nil {
			return nil, err
		}
		d, protocol := w.images.of(d, d, w.protocol, w.model.Variant.ImageSize)
		return evaluate.SegmentRecords(ctx, predictor, d, protocol, w.Count)
	})
	return evaluate.SegmentationOf(records, nil), err
}
