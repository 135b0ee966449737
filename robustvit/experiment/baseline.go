package experiment

import (
	"context"
	"fmt"
	"math"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// Names of the baselines' arms: the equation, and the released code's behaviour,
// in which the relevance term trains nothing.
const (
	gradMaskName         = "gradmask"
	rrrName              = "rrr"
	gradMaskReleasedName = "gradmask-released"
	rrrReleasedName      = "rrr-released"
)

var baselineTitles = map[string]string{
	gradMaskName: "GradMask", rrrName: "RRR", gradMaskReleasedName: "GradMask, as released", rrrReleasedName: "RRR, as released",
}

// baseline is one method and form, before its rate and weight are chosen.
type baseline struct {
	name      string
	objective robustvit.Objective
	weights   []float64 // of the gradient loss (lambda background) worth trying
}

// baselineForms: the weights bring the gradient loss near the size of the
// relevance loss's gradient at the start and to ten times it: GradMask's is 40
// times smaller there, RRR's 4 times larger (measured on the scale model). The
// released form trains neither, so one weight does.
var baselineForms = []baseline{
	{gradMaskName, robustvit.GradMask(), []float64{40, 400}}, {rrrName, robustvit.RRR(), []float64{0.25, 2.5}},
	{gradMaskReleasedName, released(robustvit.GradMask()), []float64{1}}, {rrrReleasedName, released(robustvit.RRR()), []float64{1}},
}

// released takes the input gradient as a constant.
func released(o robustvit.Objective) robustvit.Objective {
	o.Order = robustvit.FirstOrder
	return o
}

// Trial is one setting of a baseline's grid on validation images.
type Trial struct {
	Rate      float64
	Weight    float64 // of the gradient loss beside the cross-entropy (lambda background)
	Accuracy  float64 // validation, percent
	Drop      float64 // points below the original
	Remaining float64 // gradient loss over the last epoch by that over the first
	Passes    bool
}

// maxDrop is what a setting may lose on validation images: the paper's rule.
const maxDrop = 2.0

// rateFactors are the rates worth trying, over the base's own.
var rateFactors = []float64{0.5, 1, 2}

// arm is the baseline at one setting.
func (f baseline) arm(b *pool.Base, factor, weight float64) Arm {
	return Arm{Name: f.name, Title: baselineTitles[f.name], Note: fmt.Sprintf("rate %g, weight of the gradient loss %g", b.Finetune.Rate*factor, weight),
		change: func(b *pool.Base, c *finetune.Config) {
			c.Objective = f.objective
			c.Objective.Background, c.Rate = weight, b.Finetune.Rate*factor
		}}
}

// baselines are GradMask and RRR in both forms, each with the rate and weight
// chosen for this model on validation images: of the settings that keep the
// accuracy, the one whose gradient loss falls furthest; where the loss trains
// nothing, the highest rate.
func (w *Work) baselines(ctx context.Context, b *pool.Base) ([]Arm, error) {
	var arms []Arm
	for _, form := range baselineForms {
		arm, _, err := w.tuneBaseline(ctx, b, form)
		if err != nil {
			return nil, err
		}
		arms = append(arms, arm)
	}
	return arms, nil
}

// tuneBaseline tries the grid.
func (w *Work) tuneBaseline(ctx context.Context, b *pool.Base, form baseline) (Arm, []Trial, error) {
	var points []Point
	var trials []Trial
	for _, factor := range rateFactors {
		for _, weight := range form.weights {
			p := form.arm(b, factor, weight).Point(b)
			p.Name = fmt.Sprintf("%s rate x%g weight %g", p.Name, factor, weight)
			points, trials = append(points, p), append(trials, Trial{Rate: factor, Weight: weight})
		}
	}
	if err := w.measure(ctx, fmt.Sprintf("settings of %s for %s, on validation images", baselineTitles[form.name], b.Title), append(points, before(b)), Measure{Validation: true}); err != nil {
		return Arm{}, nil, err
	}
	if w.planner != nil {
		if there, err := w.planner.there(append(points, before(b)), Measure{Validation: true}); err != nil || !there {
			arm := form.arm(b, trials[0].Rate, trials[0].Weight)
			arm.Choice = Undecided
			return arm, trials, err
		}
	}
	start, err := w.Pool.Records(ctx, b.Before(), pool.ValidationSet)
	if err != nil {
		return Arm{}, nil, err
	}
	best := -1
	for i, p := range points {
		if err := w.try(ctx, p, start, &trials[i]); err != nil {
			return Arm{}, nil, err
		}
		if trials[i].Passes && (best < 0 || form.better(trials[i], trials[best])) {
			best = i
		}
	}
	if best < 0 { // the paper found no setting easily either: take the gentlest
		best = 0
	}
	arm := form.arm(b, trials[best].Rate, trials[best].Weight)
	arm.Choice = Decided
	for i := range trials {
		trials[i].Rate *= b.Finetune.Rate
	}
	return arm, trials, nil
}

// better prefers the lower gradient loss, or the higher rate.
func (f baseline) better(a, b Trial) bool {
	if f.objective.Order == robustvit.FirstOrder {
		return a.Rate > b.Rate
	}
	return a.Remaining < b.Remaining
}

// try measures one setting.
func (w *Work) try(ctx context.Context, p Point, start []evaluate.Record, t *Trial) error {
	records, err := w.Pool.Records(ctx, p.Spec, pool.ValidationSet)
	if err != nil {
		return err
	}
	lines, err := w.Pool.Log(ctx, p.Spec)
	if err != nil {
		return err
	}
	t.Accuracy = evaluate.Accuracy(records, 1, nil).Percent
	t.Drop = evaluate.Accuracy(start, 1, nil).Percent - t.Accuracy
	t.Passes = t.Drop <= maxDrop
	t.Remaining = remaining(lines)
	return nil
}

// remaining is the mean relevance loss of the last epoch by that of the first.
func remaining(lines []finetune.LogLine) float64 {
	if len(lines) == 0 {
		return math.NaN()
	}
	last, first, ends, begins := lines[len(lines)-1].Epoch, 0.0, 0.0, 0.0
	for _, l := range lines {
		if l.Epoch == 0 {
			first += l.Relevance
			begins++
		}
		if l.Epoch == last {
			ends += l.Relevance
		}
	}
	count := 0.0
	for _, l := range lines {
		if l.Epoch == last {
			count++
		}
	}
	return (ends / count) / (first / begins)
}
