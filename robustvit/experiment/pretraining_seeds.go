package experiment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// pretrainingSeeds asks whether a conclusion is about one set of weights.
var pretrainingSeeds = Experiment{
	Name: "pretraining-seeds", Title: "Other pretraining seeds", Paper: "beyond the paper", Minutes: 6,
	Question: "Do the method's gains come back when the same model is pretrained from other random draws?",
	Reading: []string{
		"The models differ in the seed of their pretraining only; classes and images of the finetuning are drawn by the same seed for each.",
		"Two intervals: of each model, over images; of the mean, Student's t over the models. The second says what another pretraining may give, and needs three models.",
		"On other data the given models take the place of the seeds.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		bases, _, err := w.seeded()
		return grid(bases, trained()...), err
	},
	Measure: Measure{Sets: true},
	Tell:    tellPretrainingSeeds,
}

// seeded are the embedded model's other seeds, or the sweep's models.
func (w *Work) seeded() ([]*pool.Base, string, error) {
	bases, missing, err := w.besides("vit-seed1", "vit-seed2")
	if err != nil || len(bases) < 2 {
		return w.Bases, absent(missing), err
	}
	return bases, absent(missing), nil
}

func tellPretrainingSeeds(ctx context.Context, o *Outcome) error {
	bases, note, err := o.seeded()
	if err != nil {
		return err
	}
	start, err := o.startTable(ctx, bases)
	if err != nil {
		return err
	}
	section := Section{Title: "Change by model, and its mean", Lead: "Each finetuned model against its own pretrained one." + note}
	for i, a := range o.shiftFirst() {
		t, err := o.seedTable(ctx, bases, a, fmt.Sprintf("seeds-%d", i+1))
		if err != nil {
			return err
		}
		section.Tables = append(section.Tables, t)
	}
	plot, err := o.seedPlot(ctx, bases)
	if err != nil {
		return err
	}
	section.Plots = []Plot{plot}
	o.Add(section)
	o.Add(Section{Title: "Before finetuning", Tables: []Table{start}})
	return o.claimsSeeds(ctx, bases)
}

// startTable is R@1 of the pretrained models.
func (o *Outcome) startTable(ctx context.Context, bases []*pool.Base) (Table, error) {
	var points []Point
	for _, b := range bases {
		points = append(points, before(b))
	}
	t, err := o.accuracyTable(ctx, "original", 1, points, nil)
	t.Note = "The pretrained models."
	return t, err
}

// seedTable is the change in an aspect, a column a model and the mean.
func (o *Outcome) seedTable(ctx context.Context, bases []*pool.Base, a aspect, name string) (Table, error) {
	t := Table{Name: name, Title: "Change in R@1, points: " + aspectTitle(a), Corner: "finetuned", Note: intervalNote + "Mean: ± standard deviation over the models, in brackets the t interval of the mean."}
	for _, b := range bases {
		t.Columns = append(t.Columns, Column{Name: b.Title})
	}
	t.Columns = append(t.Columns, Column{Name: "mean"})
	for _, arm := range trained() {
		row := Row{Name: arm.Title}
		var draws []evaluate.Difference
		for _, b := range bases {
			p, err := o.Point(named(b, arm))
			if err != nil {
				return t, err
			}
			d, err := o.Delta(ctx, original(b), p.Name, a.sets, a.filter(p))
			if err != nil {
				return t, err
			}
			row.Cells, draws = append(row.Cells, change(d)), append(draws, d)
		}
		row.Cells = append(row.Cells, spreadOfModels(draws))
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// shiftFirst are the aspects with what the question is about in front.
func (w *Work) shiftFirst() []aspect {
	all := w.aspects()
	slices.SortStableFunc(all, func(a, b aspect) int { return cmp.Compare(len(b.sets), len(a.sets)) })
	return all
}

// aspectTitle names an aspect outside of a table.
func aspectTitle(a aspect) string {
	switch {
	case a.name == "all":
		return a.group
	case a.group != "":
		return a.group + ", " + a.name
	}
	return a.name
}

// fewestModels is from how many models on an interval of their mean says
// something: of two, Student's t has one degree of freedom.
const fewestModels = 3

// spreadOfModels is the mean over models with its t interval.
func spreadOfModels(draws []evaluate.Difference) Cell {
	s, err := evaluate.DifferencesOverDraws(draws)
	if err != nil || draws[0].N == 0 {
		return words("–")
	}
	cell := Cell{Value: pointer(s.Mean), Std: pointer(s.Std), Digits: 1, Change: true}
	if s.N >= fewestModels {
		cell.Low, cell.High, cell.Noise = pointer(s.Low), pointer(s.High), !s.Significant()
	}
	return cell
}

// seedPlot is the change over the shift sets, a row an arm, a series a model.
func (o *Outcome) seedPlot(ctx context.Context, bases []*pool.Base) (Plot, error) {
	a := o.shiftAspect()
	if len(a.sets) == 0 {
		a = o.cleanAspect()
	}
	plot := Plot{Kind: Changes, Title: "Change in R@1: " + aspectTitle(a), X: "points", Caption: "95 % paired bootstrap over images, for each model."}
	arms := trained()
	for _, arm := range arms {
		plot.Names = append(plot.Names, arm.Title)
	}
	for _, b := range bases {
		s := Series{Name: b.Title}
		for _, arm := range arms {
			d, err := o.fromOriginal(ctx, b, arm, a.sets)
			if err != nil {
				return plot, err
			}
			s.Y, s.Low, s.High = append(s.Y, round2(d.Points)), append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

// claimsSeeds: the method's gain comes back with each model, and in the mean.
func (o *Outcome) claimsSeeds(ctx context.Context, bases []*pool.Base) error {
	for _, a := range method {
		all, err := o.gains(ctx, bases, a, o.ShiftSets(), nil)
		if err != nil {
			return err
		}
		var each, mean tally
		for i, g := range all {
			if i == 0 {
				each.say("%s", g)
			} else {
				each.add(g.change, g.held() == all[0].held(), "%s", g)
			}
		}
		if len(all) < 2 {
			each.say("one model alone")
		} else {
			each.say("largest minus smallest change %s", points(widest(all)))
		}
		o.Say(each.claim("The conclusion does not depend on the one model ("+a.Title+")", "beyond the paper", "Over the shift sets; held where the others give the verdict that the first gives. The last interval takes the models' images as independent:"))
		if err := o.meanClaim(ctx, bases, a, &mean); err != nil {
			return err
		}
		o.Say(mean.claim("In the mean over the models the method rises above its controls ("+a.Title+")", "beyond the paper", "Mean and t interval over the models:"))
	}
	return nil
}

// widest is the largest change over the models minus the smallest.
func widest(all []gain) evaluate.Difference {
	least, most := all[0].change, all[0].change
	for _, g := range all {
		if g.change.Points < least.Points {
			least = g.change
		}
		if g.change.Points > most.Points {
			most = g.change
		}
	}
	return apart(least, most)
}

// meanClaim is the method against the original and its controls, over models.
func (o *Outcome) meanClaim(ctx context.Context, bases []*pool.Base, a Arm, t *tally) error {
	holds, n, text := true, 0, ""
	for _, from := range append([]string{"original"}, controlNames(a)...) {
		var draws []evaluate.Difference
		for _, b := range bases {
			d, err := o.Delta(ctx, b.Name+"-"+from, named(b, a), o.ShiftSets(), nil)
			if err != nil {
				return err
			}
			draws, n = append(draws, d), n+d.N
		}
		s, err := evaluate.DifferencesOverDraws(draws)
		if err != nil || s.N < fewestModels {
			t.say("%d here, an interval needs %d", len(bases), fewestModels)
			return nil
		}
		holds = holds && s.Low > 0
		text += fmt.Sprintf(" against %s %+.1f [%.1f, %.1f]", from, noZero(s.Mean), noZero(s.Low), noZero(s.High))
	}
	t.add(evaluate.Difference{N: n}, holds, "%s", text[1:])
	return nil
}

func controlNames(a Arm) []string {
	var names []string
	for _, c := range controlsOf(a) {
		names = append(names, c.Name)
	}
	return names
}
