package pool

import (
	"context"
	"path/filepath"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/run"
)

// kept reads a model's records, or has them made and keeps them. While they are
// made only their own file is claimed, not the model's folder: other processes
// may measure the same model on other sets.
func kept[T any](ctx context.Context, p *Pool, s Spec, name string, make func(*robustvit.Predictor) ([]T, error)) ([]T, error) {
	if err := p.Make(ctx, s); err != nil {
		return nil, err
	}
	defer p.hold(filepath.Join(s.Folder(), name))()
	records, there, err := known[T](ctx, p, s, name)
	if there || err != nil {
		return records, err
	}
	var release func()
	err = run.Patiently(ctx, p.waits, func() (err error) {
		release, err = run.Claim(filepath.Join(p.Path(s), "."+name+".claim"))
		return err
	})
	if err != nil {
		return nil, err
	}
	defer release()
	if records, there, err = known[T](ctx, p, s, name); there || err != nil { // another process made them meanwhile
		return records, err
	}
	err = p.With(ctx, s, func(predictor *robustvit.Predictor) (err error) {
		records, err = make(predictor)
		return err
	})
	if err != nil {
		return nil, err
	}
	r, done, err := p.open(ctx, s)
	if err != nil {
		return nil, err
	}
	defer done()
	return records, run.WriteRecords(r, name, recordModel, records)
}

// known reads records that are there. The folder is opened for writing, which
// makes it where it is new and compares the spec.
func known[T any](ctx context.Context, p *Pool, s Spec, name string) (records []T, there bool, err error) {
	r, done, err := p.open(ctx, s)
	if err != nil {
		return nil, false, err
	}
	defer done()
	if !r.Has(run.RecordsName(name, recordModel)) {
		return nil, false, nil
	}
	records, err = run.ReadLines[T](r, run.RecordsName(name, recordModel))
	return records, true, err
}
