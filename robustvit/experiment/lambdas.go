package experiment

import (
	"context"
	"fmt"
	"math"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// lambdaStudy turns the weights of Eq. 3 and Eq. 5, each apart.
var lambdaStudy = study{
	Experiment: Experiment{
		Name: "lambdas", Title: "Weights of the losses", Paper: "Appendix D (stated without numbers)", Minutes: 6,
		Question: "Does the gain depend on the weights of background, foreground and relevance loss, which the paper sets once for all its models?",
		Reading: []string{
			"Each weight is turned apart, the others as published: background 2 and foreground 0.3 in Eq. 3, relevance 0.8 and confidence 0.2 in Eq. 5; the weight of the relevance loss leaves the rest to 1 for the confidence.",
			"Only with the confidence over the finetuned classes, to keep the grid small; all else is as in the main results, whose points and controls are used again.",
			"On the last model of the sweep only the ends of two ranges are tried: a spot check of one choice for all models, no search.",
			"The controls keep the setting's own values: they are not turned along.",
		},
		Measure: Measure{Sets: true},
	},
	knobs: func(_ context.Context, w *Work) ([]knob, error) {
		b := w.Bases[0]
		knobs := []knob{background(b, .5, 1, 4, 8), foreground(b, 0, .1, 1, 2), relevanceWeight(b, .5, .65, .9, .95)}
		if n := len(w.Bases); n > 1 {
			knobs = append(knobs, background(w.Bases[n-1], .5, 8), relevanceWeight(w.Bases[n-1], .5, .95))
		}
		return knobs, nil
	},
	tell: tellLambdas,
}

func background(b *pool.Base, xs ...float64) knob {
	return knob{base: b, name: "background weight", axis: "weight of the background loss in Eq. 3", log: true, forms: []Arm{Ours},
		values: numbers(b.Finetune.Objective.Background, func(c *finetune.Config, x float64) { c.Objective.Background = x }, xs...)}
}

func foreground(b *pool.Base, xs ...float64) knob {
	return knob{base: b, name: "foreground weight", axis: "weight of the foreground loss in Eq. 3", forms: []Arm{Ours},
		values: numbers(b.Finetune.Objective.Foreground, func(c *finetune.Config, x float64) { c.Objective.Foreground = x }, xs...)}
}

func relevanceWeight(b *pool.Base, xs ...float64) knob {
	return knob{base: b, name: "relevance weight", axis: "weight of the relevance loss in Eq. 5, against the confidence", forms: []Arm{Ours},
		values: numbers(b.Finetune.Objective.Relevance, func(c *finetune.Config, x float64) {
			c.Objective.Relevance, c.Objective.Confidence = x, math.Round((1-x)*1000)/1000
		}, xs...)}
}

func tellLambdas(ctx context.Context, o *Outcome, knobs []knob) error {
	if err := o.show(ctx, knobs, "Each model against its own pretrained one, on the same images."); err != nil {
		return err
	}
	for _, k := range knobs {
		if k.base.Name != o.Bases[0].Name {
			continue
		}
		if err := o.stable(ctx, k, "The method is stable under the "+k.name, "Appendix D", k.values); err != nil {
			return err
		}
	}
	return o.claimOneChoice(ctx, knobs)
}

// claimOneChoice: no other weight tried is better, on either model.
func (o *Outcome) claimOneChoice(ctx context.Context, knobs []knob) error {
	c := Claim{Claim: "The same weights serve all models", Source: "Appendix D, Table 5", Verdict: NotTested, Text: "The sweep has one model only."}
	if len(o.ShiftSets()) == 0 {
		c.Text = noShift
	} else if len(o.Bases) > 1 {
		n, of, text := 0, 0, ""
		for _, k := range knobs {
			s, err := o.survey(ctx, k, Ours, k.values)
			if err != nil {
				return err
			}
			for i, d := range s.fromOwn {
				if d.N == 0 {
					continue
				}
				if of++; d.Low <= 0 {
					n++
				} else {
					text += fmt.Sprintf(" %s is better with %s %s, by %s.", k.base.Title, k.name, s.labels[i], points(d))
				}
			}
		}
		c.Verdict = share(n, of)
		c.Text = fmt.Sprintf("On %s and %s, %d of %d other weights are not better than the published ones over the shift sets.%s Held where none is better with the interval, without a correction for their number.",
			o.Bases[0].Title, o.Bases[len(o.Bases)-1].Title, n, of, text)
	}
	o.Say(c)
	return nil
}
