package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

const noShift = "The sweep has no shifted set."

// survey is how a form does at some values of a knob, on shifted sets.
type survey struct {
	labels  []string
	gains   []gain
	fromOwn []evaluate.Difference // from the base's own value; empty for that
}

// survey compares every given value with the original, the controls and the
// base's own value.
func (o *Outcome) survey(ctx context.Context, k knob, form Arm, values []value) (survey, error) {
	var s survey
	shifts := o.ShiftSets()
	own, has := k.ownValue()
	for _, v := range values {
		g, err := o.gain(ctx, k.base, k.at(form, v), shifts, nil)
		if err != nil {
			return s, err
		}
		var d evaluate.Difference
		if has && !v.own() {
			if d, err = o.Delta(ctx, named(k.base, k.at(form, own)), named(k.base, k.at(form, v)), shifts, nil); err != nil {
				return s, err
			}
		}
		s.labels, s.gains, s.fromOwn = append(s.labels, v.label), append(s.gains, g), append(s.fromOwn, d)
	}
	return s, nil
}

// String is the survey in words with numbers.
func (s survey) String() string {
	var parts []string
	for i, g := range s.gains {
		text := fmt.Sprintf("at %s %s, minus its nearest control %s", s.labels[i], points(g.change), points(g.margin))
		if d := s.fromOwn[i]; d.N > 0 {
			text += ", minus the setting's own value " + points(d)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ") + "."
}

// stable says whether the gain survives the given values of a knob: above the
// original and above the controls at each.
func (o *Outcome) stable(ctx context.Context, k knob, claim, source string, values []value) error {
	for _, form := range k.forms {
		c := Claim{Claim: claim + " (" + form.Title + ")", Source: source, Verdict: NotTested, Text: noShift}
		if len(o.ShiftSets()) > 0 {
			s, err := o.survey(ctx, k, form, values)
			if err != nil {
				return err
			}
			c.Verdict = heldBy(s.gains)
			c.Text = fmt.Sprintf("%s, mean change in R@1 over the shift sets: %s Held where every value beats the original and both controls (at the setting's own values) with the interval.", k.base.Title, s)
		}
		o.Say(c)
	}
	return nil
}

// suffices says whether a value gives all of the gain that larger ones do.
func (o *Outcome) suffices(ctx context.Context, k knob, claim, source string, at value, larger []value) error {
	shifts, clean := o.ShiftSets(), o.Clean()
	for _, form := range k.forms {
		c := Claim{Claim: claim + " (" + form.Title + ")", Source: source, Verdict: NotTested, Text: noShift}
		if len(shifts) == 0 {
			o.Say(c)
			continue
		}
		g, err := o.gain(ctx, k.base, k.at(form, at), shifts, nil)
		if err != nil {
			return err
		}
		kept, err := o.Delta(ctx, original(k.base), named(k.base, k.at(form, at)), []string{clean}, nil)
		if err != nil {
			return err
		}
		text, better := "", 0
		for _, v := range larger {
			d, err := o.Delta(ctx, named(k.base, k.at(form, at)), named(k.base, k.at(form, v)), shifts, nil)
			if err != nil {
				return err
			}
			if d.Low > 0 {
				better++
			}
			text += fmt.Sprintf(" %s instead adds %s.", v.label, points(d))
		}
		c.Verdict = enough(g, better > 0)
		c.Text = fmt.Sprintf("%s at %s: mean change over the shift sets %s, minus its nearest control (%s, at the setting's own images) %s; on %s %s.%s Held where it beats the original and both controls and no larger number is better with the interval.",
			k.base.Title, at.label, points(g.change), g.control.Title, points(g.margin), evaluate.Title(clean), points(kept), text)
		o.Say(c)
	}
	return nil
}

// enough: no gain is no sufficiency; a gain that another value exceeds, or that
// a control has too, is part of it.
func enough(g gain, better bool) string {
	switch {
	case g.change.Low <= 0:
		return NotHeld
	case better || !g.held():
		return Partly
	}
	return Held
}

// harmless says whether a smaller value keeps the gain of another.
func (o *Outcome) harmless(ctx context.Context, k knob, claim, source string, less, at value) error {
	shifts := o.ShiftSets()
	for _, form := range k.forms {
		c := Claim{Claim: claim + " (" + form.Title + ")", Source: source, Verdict: NotTested, Text: noShift}
		if len(shifts) > 0 {
			g, err := o.gain(ctx, k.base, k.at(form, less), shifts, nil)
			if err != nil {
				return err
			}
			d, err := o.Delta(ctx, named(k.base, k.at(form, at)), named(k.base, k.at(form, less)), shifts, nil)
			if err != nil {
				return err
			}
			c.Verdict = keeps(g.change, d)
			c.Text = fmt.Sprintf("%s at %s instead of %s: %s over the shift sets; what is left of the gain %s, minus its nearest control %s. Held where a gain is left and the loss is within its interval.",
				k.base.Title, less.label, at.label, points(d), points(g.change), points(g.margin))
		}
		o.Say(c)
	}
	return nil
}

// keeps: a gain is left, and nothing significant of it was lost.
func keeps(left, lost evaluate.Difference) string {
	switch {
	case left.Low <= 0:
		return NotHeld
	case lost.High < 0:
		return Partly
	}
	return Held
}

// same is the finding that one value does as another, over the shift sets.
func (o *Outcome) same(ctx context.Context, k knob, claim, source string, a, b value, further string) error {
	for _, form := range k.forms {
		c := Claim{Claim: claim + " (" + form.Title + ")", Source: source, Verdict: NotTested, Text: noShift}
		if shifts := o.ShiftSets(); len(shifts) > 0 {
			d, err := o.Delta(ctx, named(k.base, k.at(form, a)), named(k.base, k.at(form, b)), shifts, nil)
			if err != nil {
				return err
			}
			if c.Verdict = Held; d.Significant() {
				c.Verdict = NotHeld
			}
			c.Text = fmt.Sprintf("%s: %s instead of %s changes mean R@1 over the shift sets by %s.%s Held where the interval holds 0.", k.base.Title, b.label, a.label, points(d), further)
		}
		o.Say(c)
	}
	return nil
}
