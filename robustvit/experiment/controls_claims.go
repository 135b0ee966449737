package experiment

import (
	"context"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// still is by how many points a control that does not move may differ.
const still = 1.0

// claimsControls tests that controls do not move, that the method rises above
// them, and what another hold on the predictions does.
func (o *Outcome) claimsControls(ctx context.Context) error {
	for _, a := range method {
		all, err := o.gains(ctx, o.Bases, a, o.ShiftSets(), nil)
		if err != nil {
			return err
		}
		var t tally
		for _, g := range all {
			t.add(g.change, g.held(), "%s", g)
		}
		o.Say(t.claim("The relevance loss does it: the method rises above its controls ("+a.Title+")", "beyond the paper", "Mean over the shift sets:"))
	}
	for _, a := range holds {
		c, err := o.claimStill(ctx, a)
		if err != nil {
			return err
		}
		o.Say(c)
	}
	return o.claimKL(ctx)
}

// claimStill: a control moves accuracy by less than a point.
func (o *Outcome) claimStill(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	for _, b := range o.Bases {
		clean, err := o.fromOriginal(ctx, b, a, []string{o.Clean()})
		if err != nil {
			return Claim{}, err
		}
		shift, err := o.fromOriginal(ctx, b, a, o.ShiftSets())
		if err != nil {
			return Claim{}, err
		}
		told := shift
		if shift.N == 0 {
			told = clean
		}
		t.add(told, stands(clean) && (shift.N == 0 || stands(shift)), "%s %s on the clean set, %s over the shift sets", b.Title, points(clean), points(shift))
	}
	return t.claim("Without the relevance loss nothing moves: "+a.Title, "beyond the paper",
		"Held where the intervals on the clean set and over the shift sets stay within 1 point of 0."), nil
}

func stands(d evaluate.Difference) bool { return d.Low > -still && d.High < still }

// claimKL: the divergence from the original's outputs holds the predictions at
// least as well as Eq. 4.
func (o *Outcome) claimKL(ctx context.Context) error {
	for _, a := range method {
		var t, other tally
		for _, b := range o.Bases {
			clean, err := o.betweenArms(ctx, b, a, KL, []string{o.Clean()})
			if err != nil {
				return err
			}
			shift, err := o.betweenArms(ctx, b, a, KL, o.ShiftSets())
			if err != nil {
				return err
			}
			t.add(shift, shift.Low > 0, "%s %s over the shift sets, %s on the clean set", b.Title, points(shift), points(clean))
			p, err := o.Point(named(b, KL))
			if err != nil {
				return err
			}
			forgot, err := o.Delta(ctx, named(b, a), p.Name, o.ShiftSets(), notTrainedOn(p))
			if err != nil {
				return err
			}
			other.add(forgot, forgot.Low > 0, "%s %s", b.Title, points(forgot))
		}
		o.Say(t.claim("Held by the KL to the original instead of Eq. 4, the method gains more ("+a.Title+")", "beyond the paper", "KL variant minus "+a.Title+":"))
		o.Say(other.claim("Held by the KL to the original, the classes that were not finetuned gain more ("+a.Title+")", "beyond the paper", "KL variant minus "+a.Title+" on set B, mean over the shift sets:"))
	}
	return nil
}
