package experiment

import (
	"context"
	"math"

	"github.com/robustvit/workbench/robustvit/pool"
)

// claimsPath tests what the way between the weights gives.
func (o *Outcome) claimsPath(ctx context.Context, b *pool.Base, a Arm) error {
	shifts, clean := o.ShiftSets(), []string{o.Clean()}
	alike, err := o.alike(ctx, b, a)
	if err != nil {
		return err
	}
	o.Say(alike.claim("Interpolated weights trade as a smaller rate does ("+a.Title+")", "beyond the paper",
		"For each smaller rate the alpha whose accuracy over the shift sets is nearest, interpolated minus smaller rate; held where the intervals on the shift sets and on the clean set hold 0:"))
	steps := interpolated(b, a)
	at := func(alpha float64) string {
		for _, s := range steps {
			if s.value == alpha {
				return s.point.Name
			}
		}
		return ""
	}
	var half, beyond tally
	gain, err := o.Delta(ctx, original(b), at(0.5), shifts, nil)
	if err != nil {
		return err
	}
	kept, err := o.Delta(ctx, at(1), at(0.5), clean, nil)
	if err != nil {
		return err
	}
	whole, err := o.fromOriginal(ctx, b, a, shifts)
	if err != nil {
		return err
	}
	half.add(gain, gain.Low > 0 && 2*gain.Points > whole.Points && kept.Low >= 0, "shift sets %s at 0.5, %s at 1; clean set, 0.5 minus 1, %s", points(gain), points(whole), points(kept))
	o.Say(half.claim("Half of the way gives more than half of the gain, and loses no clean accuracy against the whole ("+a.Title+")", "beyond the paper", ""))
	further, err := o.Delta(ctx, at(1), at(1.5), shifts, nil)
	if err != nil {
		return err
	}
	cost, err := o.Delta(ctx, at(1), at(1.5), clean, nil)
	if err != nil {
		return err
	}
	beyond.add(further, further.Low > 0, "alpha 1.5 minus 1: shift sets %s, clean set %s", points(further), points(cost))
	o.Say(beyond.claim("Going beyond the finetuned weights gains further on the shift sets ("+a.Title+")", "beyond the paper", ""))
	return nil
}

// alike compares each smaller rate with the alpha nearest to it in accuracy over
// the shift sets.
func (o *Outcome) alike(ctx context.Context, b *pool.Base, a Arm) (*tally, error) {
	t := &tally{}
	shifts := o.ShiftSets()
	for _, slow := range byRate(b, a) {
		if slow.value >= 1 {
			continue
		}
		near, err := o.nearest(ctx, slow, interpolated(b, a), shifts)
		if err != nil {
			return nil, err
		}
		shift, err := o.Delta(ctx, slow.point.Name, near.point.Name, shifts, nil)
		if err != nil {
			return nil, err
		}
		clean, err := o.Delta(ctx, slow.point.Name, near.point.Name, []string{o.Clean()}, nil)
		if err != nil {
			return nil, err
		}
		t.add(shift, !shift.Significant() && !clean.Significant(), "%g times the rate and alpha %g: shift sets %s, clean set %s", slow.value, near.value, points(shift), points(clean))
	}
	return t, nil
}

// nearest is the step whose mean accuracy over sets is nearest to another's.
func (o *Outcome) nearest(ctx context.Context, to pathStep, steps []pathStep, sets []string) (pathStep, error) {
	goal, err := o.MeanTop(ctx, to.point.Name, sets, 1, nil)
	if err != nil {
		return pathStep{}, err
	}
	best, least := steps[0], math.Inf(1)
	for _, s := range steps {
		y, err := o.MeanTop(ctx, s.point.Name, sets, 1, nil)
		if err != nil {
			return pathStep{}, err
		}
		if d := math.Abs(y - goal); d < least {
			best, least = s, d
		}
	}
	return best, nil
}
