package measure

import (
	"context"
	"errors"
	"fmt"

	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
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
	batch     int // images on each device at a time; 0 = as the recipe says
	predictor *robustvit.Predictor
	store     *model.Store
}

func (w *worker) load() (*robustvit.Predictor, error) {
	if w.predictor != nil {
		return w.predictor, nil
	}
	if w.batch == 0 {
		w.batch = recipe.EvaluationBatch(w.model, w.Kind)
	}
	var err error
	if w.predictor, w.store, err = w.model.Predictor(w.Backend, w.batch*max(w.Devices, 1)); err != nil {
		return nil, err
	}
	return w.predictor, w.predictor.Spread(w.Devices)
}

func (w *worker) close() {
	if w.predictor != nil {
		w.predictor.Close()
		w.store.Finalize()
		w.predictor = nil
	}
}

// fitting measures with the model. Where the device has too little memory it
// begins again with half of the images at a time, down to one.
func fitting[T any](w *worker, use func(*robustvit.Predictor) (T, error)) (result T, err error) {
	for {
		err = backend.Guard(w.batch, func() error {
			predictor, err := w.load()
			if err == nil {
				result, err = use(predictor)
			}
			return err
		})
		full, ok := errors.AsType[*backend.MemoryError](err)
		if !ok || w.batch < 2 {
			return result, err
		}
		w.close()
		w.note(fmt.Sprintf("the device ran out of memory asking for %s at batch size %d; going on with batch size %d", orUnknown(full.Asked), w.batch, w.batch/2))
		w.batch /= 2
	}
}

func orUnknown(asked string) string {
	if asked == "" {
		return "an unknown size"
	}
	return asked
}

func (w *worker) note(text string) {
	if w.Note != nil {
		w.Note(text)
	}
}

// records evaluates a set unless its records are there.
func (w *worker) records(ctx context.Context, set string) error {
	_, err := run.KeptRecords(w.run, set, w.name, func() ([]evaluate.Record, error) {
		d, err := w.Data.Set(set)
		if err != nil {
			return nil, err
		}
		test := evaluate.NewTest(d, w.protocol)
		test.Data, test.Protocol = w.images.of(d, test.Data, w.protocol, w.model.Variant.ImageSize)
		return fitting(w, func(p *robustvit.Predictor) ([]evaluate.Record, error) { return test.Records(ctx, p, w.Count) })
	})
	return err
}

// segment runs the segmentation test unless its records are there.
func (w *worker) segment(ctx context.Context, d data.Dataset) (evaluate.Segmentation, error) {
	records, err := run.KeptRecords(w.run, evaluate.MapsName, w.name, func() ([]evaluate.MapRecord, error) {
		d, protocol := w.images.of(d, d, w.protocol, w.model.Variant.ImageSize)
		return fitting(w, func(p *robustvit.Predictor) ([]evaluate.MapRecord, error) {
			return evaluate.SegmentRecords(ctx, p, d, protocol, w.Count)
		})
	})
	return evaluate.SegmentationOf(records, nil), err
}
