package experiment

import (
	"context"
	"fmt"
	"math"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// claimsPath tests what the way between the weights gives.
func (o *Outcome) claimsPath(ctx context.Context, b *pool.Base, a Arm) error {
	shifts, clean := o.ShiftSets(), []string{o.Clean()}
	alike, err := o.alike(ctx, b, a)
	if err != nil {
		return err
	}
	o.Say(alike.claim("Interpolated weights trade as another rate does ("+a.Title+")", "beyond the paper",
		"For each rate the alpha whose accuracy over the shift sets is nearest, interpolated minus that rate; held where the intervals on the shift sets and on the clean set stay within 2 points of 0:"))
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

// pair is a model of another rate with the alpha nearest to it in accuracy over
// the shift sets, and what the interpolated weights have more.
type pair struct {
	slow, near   pathStep
	shift, clean evaluate.Difference
}

// pairs are those of an arm's other rates.
func (o *Outcome) pairs(ctx context.Context, b *pool.Base, a Arm) ([]pair, error) {
	var all []pair
	shifts := o.ShiftSets()
	for _, s := range byRate(b, a) {
		if s.value == 1 {
			continue
		}
		p := pair{slow: s}
		var err error
		if p.near, err = o.nearest(ctx, s, interpolated(b, a), shifts); err != nil {
			return nil, err
		}
		if p.shift, err = o.Delta(ctx, s.point.Name, p.near.point.Name, shifts, nil); err != nil {
			return nil, err
		}
		if p.clean, err = o.Delta(ctx, s.point.Name, p.near.point.Name, []string{o.Clean()}, nil); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// pairTable is the answer in short: interpolated minus another rate.
func (o *Outcome) pairTable(ctx context.Context, b *pool.Base) (Table, error) {
	t := Table{Name: "pairs", Title: "Interpolated weights minus another rate, R@1, points", Corner: "finetuned at", Note: intervalNote + "Each rate beside the alpha whose accuracy over the shift sets is nearest: what differs on the clean set is the difference of the two trades.",
		Columns: []Column{{Name: "nearest alpha"}, {Name: shiftName(o.ShiftSets())}, {Name: evaluate.Title(o.Clean())}}}
	for i, a := range method {
		pairs, err := o.pairs(ctx, b, a)
		if err != nil {
			return t, err
		}
		for k, p := range pairs {
			t.Rows = append(t.Rows, Row{Name: p.slow.point.Title, Rule: i > 0 && k == 0, Cells: []Cell{words(fmt.Sprintf("%g", p.near.value)), change(p.shift), change(p.clean)}})
		}
	}
	return t, nil
}

// near is within how many points two trades count as one.
const near = 2.0

// alike counts the pairs that trade alike.
func (o *Outcome) alike(ctx context.Context, b *pool.Base, a Arm) (*tally, error) {
	t := &tally{}
	pairs, err := o.pairs(ctx, b, a)
	for _, p := range pairs {
		holds := p.shift.Low > -near && p.shift.High < near && p.clean.Low > -near && p.clean.High < near
		t.add(p.shift, holds, "%g times the rate and alpha %g: shift sets %s, clean set %s", p.slow.value, p.near.value, points(p.shift), points(p.clean))
	}
	return t, err
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
