package experiment

import (
	"context"
	"math"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// publishedForms are the published term alone and within the method, at the rate
// of the other form where the base slows them.
func (p population) publishedForms() []Arm {
	if p.base.Embedded {
		return []Arm{Published, fullRate(Published), fullRate(Confidence)}
	}
	return []Arm{Published, Confidence}
}

// claimsConfidenceTerm tests what our departure rests on.
func (o *Outcome) claimsConfidenceTerm(ctx context.Context, all []population, columns []aspect) error {
	for _, c := range columns {
		if c.name != "set B" {
			continue
		}
		if err := o.claimForgets(ctx, all[0], c); err != nil {
			return err
		}
		if err := o.claimShrinks(ctx, all, c); err != nil {
			return err
		}
		if err := o.claimRestricted(ctx, all, c); err != nil {
			return err
		}
	}
	return nil
}

const ourDeparture = "our departure from Eq. 4"

// claimForgets: with the fewest classes the published term loses set B.
func (o *Outcome) claimForgets(ctx context.Context, p population, c aspect) error {
	var t tally
	for _, a := range p.publishedForms() {
		made := p.point(a)
		d, err := o.Delta(ctx, original(p.base), made.Name, c.sets, c.filter(made))
		if err != nil {
			return err
		}
		t.add(d, d.High < 0, "%s %s", a.Title, points(d))
	}
	o.Say(t.claim("With few classes the confidence over all classes forgets the others ("+c.group+")", ourDeparture, "Change on set B, "+p.title+":"))
	return nil
}

// claimShrinks: the loss on set B becomes smaller with more classes.
func (o *Outcome) claimShrinks(ctx context.Context, all []population, c aspect) error {
	var t tally
	least, most := all[0], all[len(all)-1]
	if least.classes != most.classes {
		for _, a := range least.publishedForms() {
			few, err := o.populationChange(ctx, least, a, c)
			if err != nil {
				return err
			}
			many, err := o.populationChange(ctx, most, a, c)
			if err != nil {
				return err
			}
			d := apart(few, many)
			t.add(d, few.High < 0 && d.Low > 0, "%s from %s to %s, difference %s", a.Title, points(few), points(many), points(d))
		}
	}
	o.Say(t.claim("What the confidence over all classes forgets shrinks with more classes ("+c.group+")", ourDeparture,
		"Change on set B, from "+least.title+" to "+most.title+"; held where the first forgets and the difference lies above 0."))
	return nil
}

// claimRestricted: the confidence over the finetuned classes keeps set B better.
func (o *Outcome) claimRestricted(ctx context.Context, all []population, c aspect) error {
	var t tally
	for _, p := range all {
		from := Published
		if p.base.Embedded {
			from = fullRate(Published)
		}
		made := p.point(Ours)
		d, err := o.Delta(ctx, p.point(from).Name, made.Name, c.sets, c.filter(made))
		if err != nil {
			return err
		}
		t.add(d, d.Low > 0, "%s %s", p.title, points(d))
	}
	o.Say(t.claim("At the same rate the confidence over the finetuned classes keeps the others better ("+c.group+")", ourDeparture, "Ours over the finetuned classes minus as published, on set B:"))
	return nil
}

func (o *Outcome) populationChange(ctx context.Context, p population, a Arm, c aspect) (evaluate.Difference, error) {
	made := p.point(a)
	return o.Delta(ctx, original(p.base), made.Name, c.sets, c.filter(made))
}

// apart is the second change minus the first, of different images: the
// intervals' widths add in squares.
func apart(a, b evaluate.Difference) evaluate.Difference {
	d := evaluate.Difference{Points: b.Points - a.Points, N: min(a.N, b.N), P: math.NaN()}
	d.Low = d.Points - math.Hypot(a.High-a.Points, b.Points-b.Low)
	d.High = d.Points + math.Hypot(a.Points-a.Low, b.High-b.Points)
	return d
}
