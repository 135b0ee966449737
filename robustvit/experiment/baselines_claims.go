package experiment

import (
	"context"
	"fmt"
	"math"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// claimsBaselines tests what the paper says about GradMask and RRR.
func (o *Outcome) claimsBaselines(ctx context.Context, all []tuned) error {
	for _, a := range method {
		for _, asReleased := range []bool{true, false} {
			c, err := o.claimBehind(ctx, all, a, asReleased)
			if err != nil {
				return err
			}
			o.Say(c)
		}
	}
	for _, claim := range []func(context.Context, []tuned) (Claim, error){o.claimPlain, o.claimSensitive, o.claimStable, o.claimConverges, o.claimReleasedConverges} {
		c, err := claim(ctx, all)
		if err != nil {
			return err
		}
		o.Say(c)
	}
	return nil
}

func formName(asReleased bool) string {
	if asReleased {
		return "as released"
	}
	return "by their equations"
}

// claimBehind: the baselines fall behind the method.
func (o *Outcome) claimBehind(ctx context.Context, all []tuned, a Arm, asReleased bool) (Claim, error) {
	var t tally
	for _, g := range all {
		if g.form.trainsNothing() != asReleased {
			continue
		}
		d, err := o.betweenArms(ctx, g.base, g.arm, a, o.ShiftSets())
		if err != nil {
			return Claim{}, err
		}
		own, err := o.gain(ctx, g.base, a, o.ShiftSets(), nil)
		if err != nil {
			return Claim{}, err
		}
		text := fmt.Sprintf("%s against %s %s", g.base.Title, g.arm.Title, points(d))
		if d.Low > 0 && !own.held() {
			text += ", but the method does not itself rise above the original and its controls"
		}
		t.add(d, d.Low > 0 && own.held(), "%s", text)
	}
	return t.claim(fmt.Sprintf("GradMask and RRR, %s, fall behind on shifted sets (%s)", formName(asReleased), a.Title), "Tables 1 and 2",
		fmt.Sprintf("%s minus the baseline, mean over the shift sets; held where that lies above 0 and the method rises above the original and its controls:", a.Title)), nil
}

// nearly is the share of the finetuning's way in weight space below which two
// models count as one.
const nearly = 0.01

// claimPlain: the relevance term of the released code trains nothing.
func (o *Outcome) claimPlain(ctx context.Context, all []tuned) (Claim, error) {
	var t tally
	for _, g := range all {
		if !g.form.trainsNothing() {
			continue
		}
		plain, err := o.Point(named(g.base, plainAt(g.base, g.arm)))
		if err != nil {
			return Claim{}, err
		}
		p, err := o.Point(named(g.base, g.arm))
		if err != nil {
			return Claim{}, err
		}
		apart, same, err := o.weightsApart(ctx, p, plain)
		if err != nil {
			return Claim{}, err
		}
		d, err := o.Delta(ctx, plain.Name, p.Name, o.Work.Sets, nil)
		if err != nil {
			return Claim{}, err
		}
		if same {
			t.add(d, true, "%s, %s: the same weights to the last bit", g.base.Title, g.arm.Title)
			continue
		}
		t.add(d, apart < nearly, "%s, %s: weights %.2g %% of the finetuning's way apart, accuracy over all sets %s", g.base.Title, g.arm.Title, 100*apart, points(d))
	}
	return t.claim("The released baselines are cross-entropy alone: their relevance term trains nothing", "released code",
		"Against cross-entropy with the same weight and rate, without any relevance term:"), nil
}

// weightsApart is the distance of two finetuned models of a base in units of the
// first one's way from the original.
func (o *Outcome) weightsApart(ctx context.Context, a, b Point) (apart float64, same bool, err error) {
	start := a.Base.Model
	first, err := o.Pool.Model(ctx, a.Spec)
	if err != nil {
		return 0, false, err
	}
	second, err := o.Pool.Model(ctx, b.Spec)
	if err != nil || first.SHA256 == second.SHA256 {
		return 0, err == nil, err
	}
	between, err := distance(first, second)
	if err != nil {
		return 0, false, err
	}
	way, err := distance(start, first)
	return between / max(way, math.SmallestNonzeroFloat64), false, err
}

// distance is the Euclidean distance of two models' weights.
func distance(a, b *pretrained.Model) (float64, error) {
	sum := 0.0
	for i := range a.File.Tensors {
		x := &a.File.Tensors[i]
		y, ok := b.File.Get(x.Name)
		if !ok {
			return 0, fmt.Errorf("compare the weights of %s and %s: the second has no tensor %q; compare models of one shape", a.Source, b.Source, x.Name)
		}
		u, err := x.Float32s()
		if err != nil {
			return 0, err
		}
		v, err := y.Float32s()
		if err != nil {
			return 0, err
		}
		if len(u) != len(v) {
			return 0, fmt.Errorf("compare the weights of %s and %s: tensor %q holds %d and %d values; compare models of one shape", a.Source, b.Source, x.Name, len(u), len(v))
		}
		for k := range u {
			d := float64(u[k]) - float64(v[k])
			sum += d * d
		}
	}
	return math.Sqrt(sum), nil
}

// claimSensitive: "the results of GradMask are sensitive to the specific learning
// rate selection, and to minor changes in the learning rate"; RRR as well.
func (o *Outcome) claimSensitive(ctx context.Context, all []tuned) (Claim, error) {
	var t tally
	for _, g := range all {
		for _, weight := range g.form.weights {
			d, err := o.overRates(ctx, func(factor float64) pool.Spec { return g.form.arm(g.base, factor, weight).Spec(g.base) })
			if err != nil {
				return Claim{}, err
			}
			t.add(d, d.Significant(), "%s, %s, weight %g: %s", g.base.Title, g.arm.Title, weight, points(d))
		}
	}
	return t.claim("The baselines are sensitive to the learning rate", "Appendix D, Tables 6 and 7",
		fmt.Sprintf("R@1 on validation images at %g times the rate minus at %g times; held where the interval excludes 0.", rateFactors[len(rateFactors)-1], rateFactors[0])), nil
}

// overRates is the change on validation images from the lowest rate of the grid
// to the highest.
func (o *Outcome) overRates(ctx context.Context, at func(factor float64) pool.Spec) (evaluate.Difference, error) {
	var ends [2][]evaluate.Record
	for i, factor := range []float64{rateFactors[0], rateFactors[len(rateFactors)-1]} {
		records, err := o.Pool.Records(ctx, at(factor), pool.ValidationSet)
		if err != nil {
			return evaluate.Difference{}, err
		}
		ends[i] = records
	}
	return evaluate.CompareSets(ends[:1], ends[1:], nil)
}

// claimStable: "our method, on the other hand, uses the same hyperparameter
// choice, which makes it far more stable to use".
func (o *Outcome) claimStable(ctx context.Context, all []tuned) (Claim, error) {
	var t tally
	for _, g := range all {
		if g.form.trainsNothing() {
			continue
		}
		own, err := o.overRates(ctx, func(factor float64) pool.Spec { return oursAtRate(g.base, factor).Spec })
		if err != nil {
			return Claim{}, err
		}
		weight := g.arm.Spec(g.base).Finetune.Objective.Background
		theirs, err := o.overRates(ctx, func(factor float64) pool.Spec { return g.form.arm(g.base, factor, weight).Spec(g.base) })
		if err != nil {
			return Claim{}, err
		}
		d := apart(theirs, own)
		t.add(d, d.Low > 0, "%s: ours %s, %s at its chosen weight %s", g.base.Title, points(own), g.arm.Title, points(theirs))
	}
	return t.claim("The method is more stable than the baselines under the learning rate ("+Ours.Title+")", "Appendix C",
		fmt.Sprintf("The same change from %g to %g times the base's rate; held where ours loses less by more than the intervals.", rateFactors[0], rateFactors[len(rateFactors)-1])), nil
}

// oursAtRate is the method at a multiple of the base's rate.
func oursAtRate(b *pool.Base, factor float64) Point {
	p := Ours.Point(b, func(c *finetune.Config) { c.Rate *= factor })
	p.Name += fmt.Sprintf("-rate-%g", factor)
	return p
}

// halved is what counts as a converging gradient loss.
const halved = 0.5

// claimConverges: "we found it difficult to get the background loss to converge
// in both cases".
func (o *Outcome) claimConverges(_ context.Context, all []tuned) (Claim, error) {
	return converges(all, false), nil
}

func (o *Outcome) claimReleasedConverges(_ context.Context, all []tuned) (Claim, error) {
	return converges(all, true), nil
}

// converges tells what is left of the gradient loss at best.
func converges(all []tuned, asReleased bool) Claim {
	var t tally
	for _, g := range all {
		if g.form.trainsNothing() != asReleased {
			continue
		}
		best, found := math.Inf(1), false
		for _, trial := range g.trials {
			if trial.Passes && trial.Remaining < best {
				best, found = trial.Remaining, true
			}
		}
		if !found {
			t.add(evaluate.Difference{N: 1}, true, "%s, %s: no setting keeps the accuracy", g.base.Title, g.arm.Title)
			continue
		}
		t.add(evaluate.Difference{N: 1}, best > halved, "%s, %s: at best %.0f %% is left", g.base.Title, g.arm.Title, 100*best)
	}
	return t.claim("The baselines' background loss hardly converges ("+formName(asReleased)+")", "Appendix D",
		"Gradient loss of the last epoch by the first, of the settings that lose at most 2 points on validation images; held where more than half is left.")
}
