package experiment

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/pool"
)

// rateStudy is the rule of thumb by which the paper chooses its one tuned number.
var rateStudy = study{
	Experiment: Experiment{
		Name: "learning-rate", Title: "Learning rate and the rule that chooses it", Paper: "Section 4 and Appendix D", Minutes: 5,
		Question: "Which learning rate does the paper's rule choose, would the shifted sets have chosen another, and how much do small shifts of it matter?",
		Reading: reading(
			"The rule: the highest rate that keeps validation accuracy within 2 points of the original's and does not raise the relevance loss. Its images are training images that are not finetuned on; the shifted sets are shown beside and never used.",
			"The relevance loss here is Eq. 3 of the map of the predicted class, over all validation images.",
			"Factors are of each form's own rate.",
		),
		Measure: Measure{Sets: true, Validation: true},
	},
	knobs: first(func(b *pool.Base) knob {
		return knob{base: b, name: "rate factor", axis: "factor of the form's own learning rate", log: true, forms: method,
			values: numbers(1, func(c *finetune.Config, x float64) { c.Rate *= x }, .25, .5, 1, 2, 4, 8)}
	}),
	tell: tellRates,
}

func tellRates(ctx context.Context, o *Outcome, knobs []knob) error {
	k := knobs[0]
	if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images. None of these columns took part in the rule."); err != nil {
		return err
	}
	section := Section{Title: "The rule, on validation images", Lead: "The highest rate of those that pass is chosen. Tried are the factors of the grid alone."}
	accuracy, loss := k.plot(""), k.plot("")
	accuracy.Title, accuracy.Y = k.base.Title+": validation accuracy", "R@1, %"
	loss.Title, loss.Y = k.base.Title+": relevance loss on validation images", "Eq. 3"
	for i, form := range k.forms {
		choice, err := o.ruleOf(ctx, k, form)
		if err != nil {
			return err
		}
		table := ruleTable(k, form, choice)
		table.Name = fmt.Sprintf("rule-%s", form.Name)
		section.Tables = append(section.Tables, table)
		a, l := Series{Name: form.Title}, Series{Name: form.Title}
		for j, p := range choice.Points {
			a.X, a.Y = append(a.X, k.values[j].x), append(a.Y, round2(p.Accuracy))
			l.X, l.Y = append(l.X, k.values[j].x), append(l.Y, p.Relevance)
		}
		accuracy.Series, loss.Series = append(accuracy.Series, a), append(loss.Series, l)
		if i == len(k.forms)-1 {
			ends := []float64{k.values[0].x, k.values[len(k.values)-1].x}
			accuracy.Series = append(accuracy.Series, Series{Name: "original", X: ends, Y: []float64{round2(choice.OriginalAccuracy), round2(choice.OriginalAccuracy)}},
				Series{Name: "original - 2", X: ends, Y: []float64{round2(choice.OriginalAccuracy - maxDrop), round2(choice.OriginalAccuracy - maxDrop)}})
			loss.Series = append(loss.Series, Series{Name: "original", X: ends, Y: []float64{choice.OriginalRelevance, choice.OriginalRelevance}})
		}
		if err := o.claimRule(ctx, k, form, choice); err != nil {
			return err
		}
	}
	section.Plots = []Plot{accuracy, loss}
	o.Add(section)
	near := slices.DeleteFunc(slices.Clone(k.values), func(v value) bool { return v.x < .5 || v.x > 2 })
	return o.stable(ctx, k, "The method is not sensitive to small shifts in the learning rate, here by a factor of two", "Section 4", near)
}

// ruleOf applies the paper's rule to the knob's rates, lowest first.
func (o *Outcome) ruleOf(ctx context.Context, k knob, form Arm) (mainjob.RateChoice, error) {
	var choice mainjob.RateChoice
	var err error
	if choice.OriginalAccuracy, choice.OriginalRelevance, err = o.validated(ctx, k.base, original(k.base)); err != nil {
		return choice, err
	}
	rule := mainjob.RateRule{MaxDrop: maxDrop}
	for _, v := range k.values {
		arm := k.at(form, v)
		p := mainjob.RatePoint{Rate: arm.Spec(k.base).Finetune.Rate}
		if p.Accuracy, p.Relevance, err = o.validated(ctx, k.base, named(k.base, arm)); err != nil {
			return choice, err
		}
		choice.Add(rule, p)
	}
	return choice, nil
}

// validated are accuracy in percent and Eq. 3 on validation images.
func (o *Outcome) validated(ctx context.Context, b *pool.Base, point string) (accuracy, relevance float64, err error) {
	top, err := o.Top(ctx, point, pool.ValidationSet, 1, nil)
	if err != nil {
		return 0, 0, err
	}
	maps, err := o.Maps(ctx, point, pool.ValidationSet)
	if err != nil {
		return 0, 0, err
	}
	s, objective := evaluate.MapSummaryOf(maps, nil), b.Finetune.Objective
	return top.Percent, objective.Background*s.Background + objective.Foreground*s.Foreground, nil
}

// ruleTable is what the rule saw of one form.
func ruleTable(k knob, form Arm, choice mainjob.RateChoice) Table {
	t := Table{Title: form.Title, Corner: k.name, Columns: []Column{{Name: "learning rate"}, {Name: "validation R@1, %"}, {Name: "drop, points"}, {Name: "relevance loss (Eq. 3)"}, {Name: "passes"}}}
	t.Rows = append(t.Rows, Row{Name: "original", Cells: []Cell{words("–"), number(choice.OriginalAccuracy, 1), words("–"), number(choice.OriginalRelevance, 3), words("–")}})
	for i, p := range choice.Points {
		verdict := "no"
		if p.Passes {
			verdict = "yes"
		}
		if p.Passes && p.Rate == choice.Rate {
			verdict = "yes, chosen"
		}
		t.Rows = append(t.Rows, Row{Name: k.values[i].label, Major: p.Rate == choice.Rate, Cells: []Cell{words(short(p.Rate)), number(p.Accuracy, 1), number(p.Drop, 1), number(p.Relevance, 3), words(verdict)}})
	}
	return t
}

// claimRule: does a rule that sees no shifted set find a rate that serves them?
func (o *Outcome) claimRule(ctx context.Context, k knob, form Arm, choice mainjob.RateChoice) error {
	c := Claim{Claim: "The rule of thumb finds a learning rate that serves (" + form.Title + ")", Source: "Section 4, Appendix D", Verdict: NotTested, Text: noShift}
	chosen := slices.IndexFunc(choice.Points, func(p mainjob.RatePoint) bool { return p.Passes && p.Rate == choice.Rate })
	switch shifts := o.ShiftSets(); {
	case chosen < 0:
		c.Verdict, c.Text = NotHeld, fmt.Sprintf("No factor from %s to %s passes: each loses more than %g points of validation accuracy or raises the relevance loss.", k.values[0].label, k.values[len(k.values)-1].label, maxDrop)
	case len(shifts) > 0:
		s, err := o.survey(ctx, k, form, k.values)
		if err != nil {
			return err
		}
		best := s.best()
		lost, err := o.Delta(ctx, named(k.base, k.at(form, k.values[chosen])), named(k.base, k.at(form, k.values[best])), shifts, nil)
		if err != nil {
			return err
		}
		g := s.gains[chosen]
		c.Verdict = enough(g, lost.Low > 0)
		c.Text = fmt.Sprintf("%s: the rule takes factor %s (rate %s), change over the shift sets %s, minus its nearest control %s. The best of the grid in hindsight is factor %s with %s, %s more.",
			k.base.Title, k.values[chosen].label, short(choice.Rate), points(g.change), points(g.margin), k.values[best].label, points(s.gains[best].change), points(lost))
		if chosen == len(k.values)-1 {
			c.Text += " The rule takes the highest rate tried: it might have taken a higher one."
		}
	}
	o.Say(c)
	return nil
}

// best is the place of the largest change.
func (s survey) best() int {
	best := 0
	for i, g := range s.gains {
		if g.change.Points > s.gains[best].change.Points {
			best = i
		}
	}
	return best
}
