package experiment

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// Outcome is what an experiment's points measured, and the page that it tells.
type Outcome struct {
	*Work
	Results *Results
	points  []Point
	records map[recordKey][]evaluate.Record
	maps    map[recordKey][]evaluate.MapRecord
}

type recordKey struct{ point, set string }

// Has says whether the experiment has a point of that name.
func (o *Outcome) Has(name string) bool {
	return slices.ContainsFunc(o.points, func(p Point) bool { return p.Name == name })
}

// Point finds a point by name.
func (o *Outcome) Point(name string) (Point, error) {
	for _, p := range o.points {
		if p.Name == name {
			return p, nil
		}
	}
	return Point{}, fmt.Errorf("experiment %s has no point %q", o.Results.Name, name)
}

// Records are a point's records on a set. They were measured before Tell.
func (o *Outcome) Records(ctx context.Context, name, set string) ([]evaluate.Record, error) {
	key := recordKey{name, set}
	if records, ok := o.records[key]; ok {
		return records, nil
	}
	p, err := o.Point(name)
	if err != nil {
		return nil, err
	}
	records, err := o.Pool.Records(ctx, p.Spec, set)
	if err == nil {
		o.records[key] = records
	}
	return records, err
}

// Maps are a point's map records on a set.
func (o *Outcome) Maps(ctx context.Context, name, set string) ([]evaluate.MapRecord, error) {
	key := recordKey{name, set}
	if records, ok := o.maps[key]; ok {
		return records, nil
	}
	p, err := o.Point(name)
	if err != nil {
		return nil, err
	}
	records, err := o.Pool.Maps(ctx, p.Spec, set)
	if err == nil {
		o.maps[key] = records
	}
	return records, err
}

// Top is the share of right answers among the first k.
func (o *Outcome) Top(ctx context.Context, name, set string, k int, keep func(class int) bool) (evaluate.Rate, error) {
	records, err := o.Records(ctx, name, set)
	return evaluate.Accuracy(records, k, keep), err
}

// Delta is the change in top-1 from one point to another over sets, each
// weighing the same.
func (o *Outcome) Delta(ctx context.Context, from, to string, sets []string, keep func(class int) bool) (evaluate.Difference, error) {
	var before, after [][]evaluate.Record
	for _, set := range sets {
		a, err := o.Records(ctx, from, set)
		if err != nil {
			return evaluate.Difference{}, err
		}
		b, err := o.Records(ctx, to, set)
		if err != nil {
			return evaluate.Difference{}, err
		}
		before, after = append(before, a), append(after, b)
	}
	return evaluate.Compare(before, after, keep), nil
}

// MeanTop is the mean accuracy over sets.
func (o *Outcome) MeanTop(ctx context.Context, name string, sets []string, k int, keep func(class int) bool) (float64, error) {
	sum := 0.0
	for _, set := range sets {
		r, err := o.Top(ctx, name, set, k, keep)
		if err != nil {
			return 0, err
		}
		sum += r.Percent
	}
	return sum / float64(max(len(sets), 1)), nil
}

// ShiftSets are the sets that are not distributed like the training images.
func (w *Work) ShiftSets() []string {
	var sets []string
	for _, set := range w.Sets {
		if evaluate.IsShift(set) {
			sets = append(sets, set)
		}
	}
	return sets
}

// Clean is the set that training images are like.
func (w *Work) Clean() string {
	for _, set := range w.Sets {
		if !evaluate.IsShift(set) {
			return set
		}
	}
	return w.Sets[0]
}

// inSetA says which classes the base's setting finetunes.
func inSetA(b *pool.Base) func(class int) bool {
	return func(class int) bool { return slices.Contains(b.Finetune.Classes, class) }
}

// inSetB says which it does not.
func inSetB(b *pool.Base) func(class int) bool {
	a := inSetA(b)
	return func(class int) bool { return !a(class) }
}

// Add appends a section to the page.
func (o *Outcome) Add(s Section) { o.Results.Sections = append(o.Results.Sections, s) }

// Say appends a claim.
func (o *Outcome) Say(c Claim) { o.Results.Claims = append(o.Results.Claims, c) }
