package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// baselinesStudy tunes the paper's baselines and sets them beside the method.
var baselinesStudy = Experiment{
	Name: "baselines", Title: "Baselines: GradMask and RRR", Paper: "Eq. 8 to 10, Tables 1, 2, 6 and 7", Minutes: 14,
	Question: "Do GradMask and RRR, tuned on validation images for each model, come near the method on shifted sets, and does it matter that the released code's relevance term trains nothing?",
	Reading: []string{
		"Both forms: the equation, whose input gradient is itself differentiated, and the released code's behaviour, which takes that gradient as a constant.",
		"Chosen on held-out training images: among the settings that lose at most 2 points there, the one whose gradient loss falls furthest; of the released form, whose loss trains nothing, the highest rate.",
		"The weight multiplies the mean of the squared gradient over pixels; the paper's own weights (Tables 6 and 7) are for sums over an image and are not in its text. Its numbers come from the released code and stand beside that form.",
	},
	Points:  pointsBaselines,
	Measure: Measure{Sets: true},
	Tell:    tellBaselines,
}

// tuned is a baseline's form with its grid on a base.
type tuned struct {
	base   *pool.Base
	form   baseline
	arm    Arm
	trials []Trial
}

// chosen says whether the arm has the trial's setting.
func (t tuned) chosen(trial Trial) bool {
	c := t.arm.Spec(t.base).Finetune
	return c.Rate == trial.Rate && c.Objective.Background == trial.Weight
}

// tunedBaselines are all forms on a base; what was tried already costs nothing.
func (w *Work) tunedBaselines(ctx context.Context, b *pool.Base) ([]tuned, error) {
	var all []tuned
	for _, form := range baselineForms {
		arm, trials, err := w.tuneBaseline(ctx, b, form)
		if err != nil {
			return nil, err
		}
		all = append(all, tuned{b, form, arm, trials})
	}
	return all, nil
}

// plainAt is Eq. 8 without its relevance term at the rate of another arm.
func plainAt(b *pool.Base, a Arm) Arm {
	rate := a.Spec(b).Finetune.Rate
	return Arm{Name: fmt.Sprintf("ce-rate-%.3g", rate), Title: fmt.Sprintf("cross-entropy, rate %.3g", rate), Note: "Eq. 8 without its relevance term", Choice: a.Choice,
		change: func(_ *pool.Base, c *finetune.Config) {
			c.Objective = released(robustvit.GradMask())
			c.Objective.Method, c.Objective.Relevance, c.Objective.Background = robustvit.GAE, 0, 0
			c.Rate = rate
		}}
}

func pointsBaselines(ctx context.Context, w *Work) ([]Point, error) {
	points, err := compared(ctx, w)
	if err != nil {
		return nil, err
	}
	var slow []Point
	for _, b := range w.Bases {
		slow = append(slow, oursAtRate(b, rateFactors[0]), oursAtRate(b, rateFactors[len(rateFactors)-1]))
	}
	if err := w.measure(ctx, "the method at the baselines' rates, on validation images", slow, Measure{Validation: true}); err != nil {
		return nil, err
	}
	for _, b := range w.Bases {
		all, err := w.tunedBaselines(ctx, b)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, t := range all {
			points = append(points, t.arm.Point(b))
			if plain := plainAt(b, t.arm); t.form.trainsNothing() && !seen[plain.Name] {
				points, seen[plain.Name] = append(points, plain.Point(b)), true
			}
		}
	}
	return points, nil
}

// trainsNothing says that the form is the released code's.
func (f baseline) trainsNothing() bool { return f.objective.Order == robustvit.FirstOrder }

func tellBaselines(ctx context.Context, o *Outcome) error {
	o.points = departureLast(o.points)
	var all []tuned
	var ordered []Point
	for _, b := range o.Bases {
		t, err := o.tunedBaselines(ctx, b)
		if err != nil {
			return err
		}
		all, ordered = append(all, t...), append(ordered, o.of(b)...)
	}
	changes, err := o.aspectTable(ctx, "changes", ordered, o.aspects(), paperMainChange)
	if err != nil {
		return err
	}
	changes.Note += " Small: the paper's change for its model of that family; GradMask's and RRR's come from the released code."
	section := Section{Title: "Baselines against the method", Lead: "Each at its chosen setting, against its own pretrained model on the same images. Controls and the method beside.", Tables: []Table{changes}}
	for _, b := range o.Bases {
		plot, err := o.changePlot(ctx, b, o.baselinePoints(b, all))
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	o.Add(gridSection(o.Bases, all))
	for _, k := range []int{1, 5} {
		t, err := o.accuracyTable(ctx, fmt.Sprintf("r%d", k), k, ordered, paperTop(k))
		if err != nil {
			return err
		}
		o.Add(Section{Title: fmt.Sprintf("R@%d", k), Tables: []Table{t}, Collapsed: k == 5})
	}
	return o.claimsBaselines(ctx, all)
}

// baselinePoints are the baselines of a base with the method.
func (o *Outcome) baselinePoints(b *pool.Base, all []tuned) []Point {
	arms := []Arm{Ours, Published}
	for _, t := range all {
		if t.base.Name == b.Name {
			arms = append(arms, t.arm)
		}
	}
	return o.some(b, arms...)
}

// paperMainChange is the published change of a point, a mean over the aspect's
// sets.
func paperMainChange(p Point, a aspect) (float64, bool) {
	if a.keep != nil || len(a.sets) == 0 {
		return 0, false
	}
	sum := 0.0
	for _, set := range a.sets {
		after, ok := paperTop(1)(p, set)
		start, known := paperTop(1)(before(p.Base), set)
		if !ok || !known {
			return 0, false
		}
		sum += after - start
	}
	return sum / float64(len(a.sets)), true
}

// gridSection shows what was tried on validation images.
func gridSection(bases []*pool.Base, all []tuned) Section {
	t := Table{Name: "grid", Title: "Settings tried on validation images", Corner: "baseline", Columns: []Column{{Name: "rate"}, {Name: "weight"}, {Name: "R@1, %", Group: "validation"}, {Name: "lost", Group: "validation"}, {Name: "gradient loss left, %"}, {Name: ""}},
		Note: "Lost: points below the original on held-out training images. Gradient loss left: mean of the last epoch by that of the first, on the training images."}
	s := Section{Title: "Choice of the settings", Lead: "The method itself keeps its published setting and is not tuned here."}
	for _, b := range bases {
		accuracy := Plot{Kind: Curves, Title: b.Title + ": validation accuracy by rate", X: "learning rate", Y: "R@1, %", LogX: true, Caption: "The released forms coincide: they are cross-entropy alone."}
		left := Plot{Kind: Curves, Title: b.Title + ": gradient loss left by rate", X: "learning rate", Y: "% of the first epoch's", LogX: true}
		for _, g := range all {
			if g.base.Name != b.Name {
				continue
			}
			for i, trial := range g.trials {
				t.Rows = append(t.Rows, g.row(trial, i == 0))
			}
			for _, weight := range g.form.weights {
				a, l := g.series(weight)
				accuracy.Series, left.Series = append(accuracy.Series, a), append(left.Series, l)
			}
		}
		s.Plots = append(s.Plots, accuracy, left)
	}
	s.Tables = []Table{t}
	return s
}

// row is a trial in the table of the grid.
func (t tuned) row(trial Trial, first bool) Row {
	mark := ""
	switch {
	case t.chosen(trial):
		mark = "chosen"
	case !trial.Passes:
		mark = "loses too much"
	}
	return Row{Name: t.base.Title + ", " + t.arm.Title, Rule: first, Major: t.chosen(trial), Cells: []Cell{
		words(fmt.Sprintf("%.3g", trial.Rate)), words(fmt.Sprintf("%g", trial.Weight)), number(trial.Accuracy, 1), number(trial.Drop, 1), number(100*trial.Remaining, 1), words(mark),
	}}
}

// series are the accuracy and the gradient loss left by rate, at one weight.
func (t tuned) series(weight float64) (accuracy, left Series) {
	name := t.arm.Title
	if len(t.form.weights) > 1 {
		name += fmt.Sprintf(", weight %g", weight)
	}
	accuracy, left = Series{Name: name}, Series{Name: name}
	for _, trial := range t.trials {
		if trial.Weight == weight {
			accuracy.X, accuracy.Y = append(accuracy.X, trial.Rate), append(accuracy.Y, round2(trial.Accuracy))
			if l := pointer(100 * trial.Remaining); l != nil {
				left.X, left.Y = append(left.X, trial.Rate), append(left.Y, *l)
			}
		}
	}
	return accuracy, left
}
