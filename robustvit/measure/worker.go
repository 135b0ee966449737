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
	w.predictor, w.store, err = w.model.Predictor(w.Backend, recipe.EvaluationBatch(w.model, w.Kind))
	return w.predictor, err
}

func (w *worker) close() {
	if w.predictor != nil {
		w.predictor.Close()
		w.store.Finalize()
	}
}

// records evaluates a set unless its records are there.
func (w *worker) records(ctx context.Context, set string) error {
	if w.run.Has(run.RecordsName(set, w.name)) {
		return nil
	}
	d, err := w.Data.Set(set)
	if err != nil {
		return err
	}
	predictor, err := w.load()
	if err != nil {
		return err
	}
	test := evaluate.NewTest(d, w.protocol)
	test.Data, test.Protocol = w.images.of(d, test.Data, w.protocol, w.model.Variant.ImageSize)
	records, err := test.Records(ctx, predictor, w.Count)
	if err != nil {
		return err
	}
	return run.WriteRecords(w.run, set, w.name, records)
}

// segment runs the segmentation test unless its result is there.
func (w *worker) segment(ctx context.Context, d data.Dataset) (result evaluate.Segmentation, err error) {
	file := "segmentation." + w.name + ".json"
	if w.run.Has(file) {
		return result, w.run.ReadJSON(file, &result)
	}
	predictor, err := w.load()
	if err != nil {
		return result, err
	}
	d, protocol := w.images.of(d, d, w.protocol, w.model.Variant.ImageSize)
	if result, err = evaluate.SegmentDataset(ctx, predictor, d, protocol, w.Count); err != nil {
		return result, err
	}
	return result, w.run.WriteJSON(file, result)
}
