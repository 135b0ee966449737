package experiment

import (
	"context"
	"slices"

	"github.com/robustvit/workbench/robustvit/pool"
)

// controls are trained beside the method wherever a table compares methods.
var controls = []Arm{CrossEntropy, CrossEntropyFinetuned, Confidence, ConfidenceFinetuned, KL}

// method is the method in both forms.
var method = []Arm{Published, Ours}

// trained are the method and its controls: what a table of methods shows.
func trained() []Arm { return slices.Concat(controls, method) }

// grid are the arms of every base, the pretrained model first.
func grid(bases []*pool.Base, arms ...Arm) []Point {
	var points []Point
	for _, b := range bases {
		points = append(points, before(b))
		for _, a := range arms {
			points = append(points, a.Point(b))
		}
	}
	return points
}

// compared are the method and its controls on every base of the sweep: what
// most tables show.
func compared(_ context.Context, w *Work) ([]Point, error) {
	return grid(w.Bases, trained()...), nil
}

// named is the name of an arm's point.
func named(b *pool.Base, a Arm) string { return b.Name + "-" + a.Name }

// original is the name of the pretrained model's point.
func original(b *pool.Base) string { return before(b).Name }

// of are the points of a base, in order.
func (o *Outcome) of(b *pool.Base) []Point {
	var points []Point
	for _, p := range o.points {
		if p.Base.Name == b.Name {
			points = append(points, p)
		}
	}
	return points
}
