package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

const (
	recoveryClaim  = "DeiT's gain comes from the relevance loss, not from getting used to the foreign normalisation"
	recoverySource = "Tables 1 and 2, DeiT"
)

func tellNormalisation(ctx context.Context, o *Outcome) error {
	pairs, err := o.readings()
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		o.Say(untested(recoveryClaim, recoverySource, "Every model here was trained under mean and deviation 0.5; give a DeiT."))
		return nil
	}
	for _, p := range pairs {
		if err := o.tellReadings(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// recovery is what an arm does under the foreign normalisation.
type recovery struct {
	change evaluate.Difference // against the original under the foreign one
	to     evaluate.Difference // against the original under its own: 0 is full recovery
}

func (o *Outcome) recovery(ctx context.Context, p readings, point string, sets []string) (r recovery, err error) {
	if r.change, err = o.Delta(ctx, original(p.foreign), point, sets, nil); err != nil {
		return r, err
	}
	r.to, err = o.Delta(ctx, original(p.own), point, sets, nil)
	return r, err
}

func (o *Outcome) tellReadings(ctx context.Context, p readings) error {
	gains, err := o.gainTable(ctx, p)
	if err != nil {
		return err
	}
	levels, err := o.accuracyTable(ctx, "r1-"+p.own.Name, 1, append(o.of(p.own), o.of(p.foreign)...), nil)
	if err != nil {
		return err
	}
	levels.Note = ""
	section := Section{Title: p.foreign.Title, Lead: "Change against the original under the same normalisation; beside it how much of what the foreign normalisation costs is back.", Tables: []Table{gains}}
	plot, err := o.changePlot(ctx, p.foreign, o.of(p.foreign))
	if err != nil {
		return err
	}
	section.Plots = append(section.Plots, plot)
	o.Add(section)
	o.Add(Section{Title: p.foreign.Title + ": R@1", Tables: []Table{levels}, Collapsed: true})
	return o.claimRecovery(ctx, p)
}

// gainTable is the change of every arm under both normalisations.
func (o *Outcome) gainTable(ctx context.Context, p readings) (Table, error) {
	t := Table{Name: "recovery-" + p.own.Name, Title: p.foreign.Title + ": change in R@1, points", Corner: "model",
		Note: intervalNote + "First line: what the foreign normalisation costs the model as it is. Against the own original: the finetuned model under the foreign normalisation minus the original under its own; where the foreign one costs accuracy, 0 is full recovery."}
	parts := o.cleanAndMean()
	for _, group := range []string{"own", "foreign", "foreign, against the own original"} {
		for _, part := range parts {
			t.Columns = append(t.Columns, Column{Name: part.title, Group: group})
		}
	}
	for _, b := range []*pool.Base{p.foreign, p.resized} {
		if b == nil {
			continue
		}
		cost, err := o.costRow(ctx, p, b)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, cost)
	}
	for _, a := range normalisationArms {
		row := Row{Name: a.Title}
		var back []Cell
		for _, part := range parts {
			d, err := o.Delta(ctx, original(p.own), named(p.own, a), part.sets, nil)
			if err != nil {
				return t, err
			}
			row.Cells = append(row.Cells, change(d))
		}
		for _, part := range parts {
			r, err := o.recovery(ctx, p, named(p.foreign, a), part.sets)
			if err != nil {
				return t, err
			}
			row.Cells, back = append(row.Cells, change(r.change)), append(back, change(r.to))
		}
		row.Cells = append(row.Cells, back...)
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// costRow is what another reading costs the model as it was trained.
func (o *Outcome) costRow(ctx context.Context, p readings, b *pool.Base) (Row, error) {
	row, parts := Row{Name: "original", Major: true}, o.cleanAndMean()
	if b == p.resized {
		row.Name = "original, resized as under its own"
	}
	for range 2 * len(parts) {
		row.Cells = append(row.Cells, words("–"))
	}
	for _, part := range parts {
		d, err := o.Delta(ctx, original(p.own), original(b), part.sets, nil)
		if err != nil {
			return row, err
		}
		row.Cells = append(row.Cells, change(d))
	}
	return row, nil
}

// cleanAndMean are the clean set and the mean over the shift sets.
func (w *Work) cleanAndMean() []part {
	parts := []part{{"clean", evaluate.Title(w.Clean()), []string{w.Clean()}}}
	if shifts := w.ShiftSets(); len(shifts) > 0 {
		parts = append(parts, part{"shift", shiftName(shifts), shifts})
	}
	return parts
}

// claimRecovery: how much of the gain under the foreign normalisation is there
// without any relevance loss.
func (o *Outcome) claimRecovery(ctx context.Context, p readings) error {
	shifts := o.ShiftSets()
	if len(shifts) == 0 {
		o.Say(untested(recoveryClaim, recoverySource, "There is no shift set."))
		return nil
	}
	cost, err := o.Delta(ctx, original(p.own), original(p.foreign), shifts, nil)
	if err != nil {
		return err
	}
	o.Say(Claim{Claim: "A foreign normalisation costs the model accuracy on shifted sets, which finetuning could win back", Source: beyondPaper, Verdict: costs(cost),
		Text: fmt.Sprintf("%s as pretrained, foreign minus own, mean over the shift sets: %s.", p.own.Title, points(cost))})
	for _, a := range method {
		foreign, err := o.gain(ctx, p.foreign, a, shifts, nil)
		if err != nil {
			return err
		}
		own, err := o.gain(ctx, p.own, a, shifts, nil)
		if err != nil {
			return err
		}
		without, err := o.Delta(ctx, original(p.foreign), named(p.foreign, foreign.control), shifts, nil)
		if err != nil {
			return err
		}
		o.Say(Claim{Claim: recoveryClaim + " (" + a.Title + ")", Source: recoverySource, Verdict: recovered(foreign, cost),
			Text: fmt.Sprintf("Mean change over the shift sets. Foreign: %s. Own: %s. %s", foreign, own, shareWithout(foreign.change, without, foreign.control))})
	}
	return nil
}

// costs is the verdict on a fall.
func costs(d evaluate.Difference) string {
	switch {
	case d.High < 0:
		return Held
	case d.Low < 0:
		return Partly
	}
	return NotHeld
}

// recovered is held where the method beats original and controls under the
// foreign normalisation, partly where it beats the original and is level with a
// control. Where the normalisation costs nothing and there is no gain, there is
// nothing to explain.
func recovered(g gain, cost evaluate.Difference) string {
	switch {
	case g.held():
		return Held
	case g.change.Low > 0 && g.margin.High > 0:
		return Partly
	case cost.High >= 0 && g.change.Low <= 0:
		return NotTested
	}
	return NotHeld
}

// shareWithout is the part of a gain that a control without relevance loss has too.
func shareWithout(all, without evaluate.Difference, control Arm) string {
	if all.Points <= 0 || !all.Significant() {
		return fmt.Sprintf("There is no gain under the foreign normalisation to explain; the control (%s) changes by %s.", control.Title, points(without))
	}
	return fmt.Sprintf("Of the gain of %+.1f under the foreign normalisation, the control without any relevance loss (%s) has %s: %.0f %%.", all.Points, control.Title, points(without), 100*without.Points/all.Points)
}
