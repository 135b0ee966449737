package experiment

import (
	"context"
	"slices"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/run"
	"golang.org/x/sync/errgroup"
)

// Work is what an experiment works with.
type Work struct {
	*Setting
	Pool     *pool.Pool
	Run      *run.Run // the experiment's folder
	Parallel int      // points at the same time
	Listen   Listener

	planner *planner // notes what would be done, where nothing is to be done
}

// Listener hears what a sweep does; its functions may be nil and are called
// from several goroutines.
type Listener struct {
	Phase  func(title string)
	Points func(done, total int, last string) // of the phase
	Count  func(what string, done, total int)
}

// measure makes the points and what is measured of them, several at a time.
// Points that are there already cost nothing.
func (w *Work) measure(ctx context.Context, title string, points []Point, what Measure) error {
	if w.planner != nil {
		return w.planner.add(points, what)
	}
	if w.Listen.Phase != nil {
		w.Listen.Phase(title)
	}
	points = distinct(points)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(w.Parallel, 1))
	done := make(chan string, len(points))
	for _, p := range points {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := w.one(ctx, p, what); err != nil {
				return err
			}
			done <- p.Name
			if w.Listen.Points != nil {
				w.Listen.Points(len(done), len(points), p.Name)
			}
			return nil
		})
	}
	return group.Wait()
}

// one makes a point.
func (w *Work) one(ctx context.Context, p Point, what Measure) error {
	if err := w.Pool.Make(ctx, p.Spec); err != nil {
		return err
	}
	all, err := w.measurements(p, what)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.maps {
			_, err = w.Pool.Maps(ctx, p.Spec, m.set)
		} else {
			_, err = w.Pool.Records(ctx, p.Spec, m.set)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// distinct drops points of the same spec: they are one model.
func distinct(points []Point) []Point {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(points), func(p Point) bool {
		known := seen[p.Spec.Folder()]
		seen[p.Spec.Folder()] = true
		return known
	})
}

// Predict lends a predictor with the point's weights.
func (w *Work) Predict(ctx context.Context, p Point, use func(*robustvit.Predictor) error) error {
	return w.Pool.With(ctx, p.Spec, use)
}

// Test is a set as the point's base reads it.
func (w *Work) Test(ctx context.Context, p Point, set string) (evaluate.Test, error) {
	return w.Pool.Test(ctx, p.Base.Name, set)
}

// Open makes further models of the embedded default known; those that this
// sweep does not work on are left out.
func (w *Work) Open(families ...string) ([]*pool.Base, error) {
	var bases []*pool.Base
	for _, family := range families {
		b, err := w.Further(family)
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue
		}
		if err := w.Pool.Add(b); err != nil {
			return nil, err
		}
		bases = append(bases, b)
	}
	return bases, nil
}
