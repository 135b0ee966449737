package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// mainResults come first.
var mainResults = []Experiment{tables12}

// tables12 are the paper's main results.
var tables12 = Experiment{
	Name: "tables-1-2", Title: "Main results", Paper: "Tables 1 and 2", Minutes: 14,
	Question: "Does finetuning the relevance maps on a few images make accuracy rise on shifted sets, more than any control and baseline, with masks that a person drew and with TokenCut's?",
	Reading: []string{
		"All finetuned models of a family start from the same weights and see the same images for the same steps.",
		"A claim counts as held where the method beats the original and each of its controls with the 95 % interval.",
		"\"As published\" has the confidence term over all classes; \"finetuned classes\" is our departure.",
	},
	Points: func(ctx context.Context, w *Work) ([]Point, error) {
		points, err := compared(ctx, w)
		if err != nil {
			return nil, err
		}
		for _, b := range w.Bases {
			baselines, err := w.baselines(ctx, b)
			if err != nil {
				return nil, err
			}
			for _, a := range append(baselines, PublishedTokenCut, OursTokenCut) {
				points = append(points, a.Point(b))
			}
		}
		return points, nil
	},
	Measure: Measure{Sets: true},
	Tell:    tellTables12,
}

func tellTables12(ctx context.Context, o *Outcome) error {
	var all []Point
	for _, b := range o.Bases {
		all = append(all, o.of(b)...)
	}
	r1, err := o.accuracyTable(ctx, "r1", 1, all, paperTop(1))
	if err != nil {
		return err
	}
	r5, err := o.accuracyTable(ctx, "r5", 5, all, paperTop(5))
	if err != nil {
		return err
	}
	changes, err := o.changeTable(ctx, "changes", all)
	if err != nil {
		return err
	}
	section := Section{Title: "Change against the original", Lead: "Each finetuned model against its own pretrained one, on the same images.", Tables: []Table{changes}}
	for _, b := range o.Bases {
		plot, err := o.changePlot(ctx, b, o.some(b, Published, Ours, CrossEntropyFinetuned, Confidence))
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	o.Add(Section{Title: "R@1", Tables: []Table{r1}})
	o.Add(Section{Title: "R@5", Tables: []Table{r5}, Collapsed: true})
	return o.claimsTables12(ctx)
}

// some are the points of a base with these arms.
func (o *Outcome) some(b *pool.Base, arms ...Arm) []Point {
	var points []Point
	for _, a := range arms {
		if p, err := o.Point(named(b, a)); err == nil {
			points = append(points, p)
		}
	}
	return points
}

func (o *Outcome) claimsTables12(ctx context.Context) error {
	shifts := o.ShiftSets()
	for _, a := range method {
		all, err := o.gains(ctx, o.Bases, a, shifts, nil)
		if err != nil {
			return err
		}
		o.Say(Claim{Claim: "Accuracy on the shifted sets rises for every model (" + a.Title + ")", Source: "Tables 1 and 2", Verdict: heldBy(all),
			Text: told("Mean change in R@1 over the shift sets", all)})
	}
	if err := o.claimClean(ctx); err != nil {
		return err
	}
	if err := o.claimBaselines(ctx, shifts); err != nil {
		return err
	}
	return o.claimTokenCut(ctx, shifts)
}

// claimClean: the paper loses 0.8 points on average on the clean set.
func (o *Outcome) claimClean(ctx context.Context) error {
	clean := []string{o.Clean()}
	for _, a := range method {
		n, text := 0, ""
		for _, b := range o.Bases {
			d, err := o.Delta(ctx, original(b), named(b, a), clean, nil)
			if err != nil {
				return err
			}
			if d.Low > -2 { // the paper's largest loss is 1.6 points
				n++
			}
			text += fmt.Sprintf(" %s %s.", b.Title, points(d))
		}
		o.Say(Claim{Claim: "Accuracy on the clean set falls only slightly, 0.8 points on average (" + a.Title + ")", Source: "Table 1", Verdict: share(n, len(o.Bases)),
			Text: "Change on " + evaluate.Title(clean[0]) + ":" + text + " Counted as held where the interval stays above -2 points."})
	}
	return nil
}

// claimBaselines: GradMask and RRR fall behind.
func (o *Outcome) claimBaselines(ctx context.Context, shifts []string) error {
	n, of, text := 0, 0, ""
	for _, b := range o.Bases {
		for _, name := range []string{gradMaskName, rrrName} {
			d, err := o.Delta(ctx, b.Name+"-"+name, named(b, Ours), shifts, nil)
			if err != nil {
				return err
			}
			if of++; d.Low > 0 {
				n++
			}
			text += fmt.Sprintf(" %s against %s %s.", b.Title, baselineTitles[name], points(d))
		}
	}
	o.Say(Claim{Claim: "GradMask and RRR fall behind on shifted sets", Source: "Tables 1 and 2", Verdict: share(n, of),
		Text: "Ours (finetuned classes) minus the baseline (its equation, second order), mean over the shift sets:" + text})
	return nil
}

// claimTokenCut: masks without labels work as well.
func (o *Outcome) claimTokenCut(ctx context.Context, shifts []string) error {
	n, text := 0, ""
	for _, b := range o.Bases {
		d, err := o.Delta(ctx, named(b, Ours), named(b, OursTokenCut), shifts, nil)
		if err != nil {
			return err
		}
		g, err := o.Delta(ctx, original(b), named(b, OursTokenCut), shifts, nil)
		if err != nil {
			return err
		}
		if d.High >= 0 && g.Low > 0 {
			n++
		}
		text += fmt.Sprintf(" %s %s, against the original %s.", b.Title, points(d), points(g))
	}
	o.Say(Claim{Claim: "Masks by TokenCut work as well as those a person drew", Source: "Tables 1 and 2, rows without annotation", Verdict: share(n, len(o.Bases)),
		Text: "Ours with TokenCut's masks minus ours with exact masks:" + text})
	return nil
}
