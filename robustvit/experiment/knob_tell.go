package experiment

import (
	"context"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// show adds what every study shows: the changes as a table and, for each knob,
// over its values; then the accuracies themselves.
func (o *Outcome) show(ctx context.Context, knobs []knob, lead string) error {
	changes, err := o.changeTable(ctx, "changes", o.points)
	if err != nil {
		return err
	}
	return o.showWith(ctx, knobs, lead, changes)
}

// showWith is show with another table of changes.
func (o *Outcome) showWith(ctx context.Context, knobs []knob, lead string, changes Table) error {
	section := Section{Title: "Change against the original", Lead: lead, Tables: []Table{changes}}
	for _, k := range knobs {
		plots, err := o.knobPlots(ctx, k)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plots...)
		for _, text := range k.left {
			section.Tables[0].Note += " Left out: " + text + "."
		}
	}
	o.Add(section)
	r1, err := o.accuracyTable(ctx, "r1", 1, o.points, nil)
	if err != nil {
		return err
	}
	r1.Note = ""
	o.Add(Section{Title: "R@1", Tables: []Table{r1}, Collapsed: true})
	return nil
}

// knobPlots are the change on shifted sets over the knob's values, with the
// controls as level lines, and the change on the sets that are like the
// training images. Values that have no order get a row each.
func (o *Outcome) knobPlots(ctx context.Context, k knob) ([]Plot, error) {
	if k.named {
		plot, err := o.changePlot(ctx, k.base, o.some(k.base, k.arms()...))
		return []Plot{plot}, err
	}
	shifts := o.ShiftSets()
	var plots []Plot
	if len(shifts) > 0 {
		plot := k.plot("change in R@1, " + shiftName(shifts))
		plot.Caption = "Bands: 95 % paired bootstrap over images. Level lines: the controls at the setting's own values."
		for _, form := range k.forms {
			s, err := o.curve(ctx, k, form, shifts)
			if err != nil {
				return nil, err
			}
			plot.Series = append(plot.Series, s)
		}
		for _, c := range k.references() {
			s, err := o.level(ctx, k, c, shifts)
			if err != nil {
				return nil, err
			}
			plot.Series = append(plot.Series, s)
		}
		plots = append(plots, plot)
	}
	like := k.plot("change in R@1 on sets like the training images")
	like.Caption = "Bands: 95 % paired bootstrap over images."
	for _, set := range o.Sets {
		if evaluate.IsShift(set) {
			continue
		}
		for _, form := range k.forms {
			s, err := o.curve(ctx, k, form, []string{set})
			if err != nil {
				return nil, err
			}
			s.Name += ", " + evaluate.Title(set)
			like.Series = append(like.Series, s)
		}
	}
	if len(like.Series) > 0 {
		plots = append(plots, like)
	}
	return plots, nil
}

func (k knob) plot(what string) Plot {
	axis := k.axis
	if own, ok := k.ownValue(); ok {
		axis += " (the setting's own: " + own.label + ")"
	}
	return Plot{Kind: Curves, Title: k.base.Title + ": " + what, X: axis, Y: "points", LogX: k.log}
}

// curve is the change over the knob's values for one form.
func (o *Outcome) curve(ctx context.Context, k knob, form Arm, sets []string) (Series, error) {
	s := Series{Name: form.Title}
	for _, v := range k.values {
		d, err := o.Delta(ctx, original(k.base), named(k.base, k.at(form, v)), sets, nil)
		if err != nil {
			return s, err
		}
		s.add(v.x, d)
	}
	return s, nil
}

// level is a control as a horizontal line over the knob's range.
func (o *Outcome) level(ctx context.Context, k knob, control Arm, sets []string) (Series, error) {
	d, err := o.Delta(ctx, original(k.base), named(k.base, control), sets, nil)
	s := Series{Name: control.Title}
	for _, x := range []float64{k.values[0].x, k.values[len(k.values)-1].x} {
		s.X, s.Y = append(s.X, x), append(s.Y, round2(d.Points))
	}
	return s, err
}

func (s *Series) add(x float64, d evaluate.Difference) {
	s.X, s.Y = append(s.X, x), append(s.Y, round2(d.Points))
	s.Low, s.High = append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
}
