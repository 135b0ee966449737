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
	alike, err := o.alike(ctx, b, a)
	if err != nil {
		return err
	}
	o.Say(alike.claim("Interpolated weights trade as another rate does ("+a.Title+")", "beyond the paper",
		"For each rate the alpha whose accuracy over the shift sets is nearest, interpolated minus that rate; held where the intervals on the shift sets and on the clean set stay within 2 points of 0:"))
	half, err := o.claimHalf(ctx, b, a)
	if err != nil {
		return err
	}
	o.Say(half)
	further, err := o.claimFurther(ctx, b, a)
	if err != nil {
		return err
	}
	o.Say(further)
	return nil
}

// at is the name of the model at alpha.
func at(b *pool.Base, a Arm, alpha float64) string {
	for _, s := range interpolated(b, a) {
		if s.value == alpha {
			return s.point.Name
		}
	}
	return ""
}

// claimHalf: half of the way is gain enough, and spares the clean set.
func (o *Outcome) claimHalf(ctx context.Context, b *pool.Base, a Arm) (Claim, error) {
	var t tally
	gain, err := o.Delta(ctx, original(b), at(b, a, 0.5), o.ShiftSets(), nil)
	if err != nil {
		return Claim{}, err
	}
	whole, err := o.fromOriginal(ctx, b, a, o.ShiftSets())
	if err != nil {
		return Claim{}, err
	}
	spared, err := o.Delta(ctx, at(b, a, 1), at(b, a, 0.5), []string{o.Clean()}, nil)
	if err != nil {
		return Claim{}, err
	}
	t.add(gain, gain.Low > 0 && spared.Low > 0, "shift sets %s at alpha 0.5, %s at 1; clean set, 0.5 minus 1, %s", points(gain), points(whole), points(spared))
	return t.claim("Half of the way gains on the shift sets and spares the clean set ("+a.Title+")", "beyond the paper", b.Title+":"), nil
}

// claimFurther: the gain goes on beyond the finetuned weights.
func (o *Outcome) claimFurther(ctx context.Context, b *pool.Base, a Arm) (Claim, error) {
	var t tally
	gain, err := o.Delta(ctx, at(b, a, 1), at(b, a, 1.5), o.ShiftSets(), nil)
	if err != nil {
		return Claim{}, err
	}
	cost, err := o.Delta(ctx, at(b, a, 1), at(b, a, 1.5), []string{o.Clean()}, nil)
	if err != nil {
		return Claim{}, err
	}
	t.add(gain, gain.Low > 0, "alpha 1.5 minus 1: shift sets %s, clean set %s", points(gain), points(cost))
	return t.claim("Going beyond the finetuned weights gains further on the shift sets ("+a.Title+")", "beyond the paper", b.Title+":"), nil
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
