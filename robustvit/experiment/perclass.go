package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// perClass looks at single classes.
var perClass = Experiment{
	Name: "per-class", Title: "Change by class", Paper: "Figures 8 to 15, Appendix J", Minutes: 4,
	Question: "Which classes gain and which lose, and do classes differ more than the choice of test images alone makes them differ?",
	Reading: []string{
		"A class of a set has few test images: most of the spread of single bars is the choice of these images. Only classes marked as findings survive a correction for the number of classes (exact McNemar, Benjamini-Hochberg at 5 %).",
		"\"By sampling\" is the spread over classes when images change places between the classes of a set: what one would see if all classes gained alike.",
		"Over all shift sets together a class has more images, so differences show there first.",
		"A class that is right already cannot gain: a spread beyond sampling may say no more than that classes differ in difficulty.",
		"Where a set shows the same object many times, as SI-Score does, its images are not independent and p is too small.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		return grid(w.Bases, classArms...), nil
	},
	Measure: Measure{Sets: true},
	Tell:    tellPerClass,
}

// classArms are compared class by class, the method last.
var classArms = []Arm{CrossEntropyFinetuned, ConfidenceFinetuned, KL, Published, Ours}

func tellPerClass(ctx context.Context, o *Outcome) error {
	table, err := o.spreadTable(ctx)
	if err != nil {
		return err
	}
	found, err := o.classFindings(ctx)
	if err != nil {
		return err
	}
	first := Section{Title: "Do classes differ beyond chance?", Lead: "All shift sets together, a class's images of all of them.", Tables: []Table{table}}
	if len(found.Rows) > 0 {
		first.Tables = append(first.Tables, found)
	} else {
		first.Lead += " No class's change survives the correction."
	}
	for _, b := range o.Bases {
		plot, err := o.sortedPlot(ctx, b, Ours, o.ShiftSets(), "all shift sets")
		if err != nil {
			return err
		}
		first.Plots = append(first.Plots, plot)
	}
	o.Add(first)
	small, err := o.objectSizes(ctx)
	if err != nil {
		return err
	}
	if err := o.classSections(ctx); err != nil {
		return err
	}
	return o.claimsPerClass(ctx, small)
}

// joined are two points' records of several sets.
func (o *Outcome) joined(ctx context.Context, from, to string, sets []string) (was, is [][]evaluate.Record, err error) {
	for _, set := range sets {
		a, err := o.Records(ctx, from, set)
		if err != nil {
			return nil, nil, err
		}
		b, err := o.Records(ctx, to, set)
		if err != nil {
			return nil, nil, err
		}
		was, is = append(was, a), append(is, b)
	}
	return was, is, nil
}

// byClass is the change of every class over sets counted together.
func (o *Outcome) byClass(ctx context.Context, b *pool.Base, a Arm, sets []string) ([]evaluate.ClassChange, error) {
	was, is, err := o.joined(ctx, original(b), named(b, a), sets)
	if err != nil {
		return nil, err
	}
	var before, after []evaluate.Record
	for s := range was {
		before, after = append(before, was[s]...), append(after, is[s]...)
	}
	return evaluate.PerClass(before, after)
}

// spreadTable is the spread over classes against that of chance.
func (o *Outcome) spreadTable(ctx context.Context) (Table, error) {
	t := Table{Name: "class-spread", Title: "Change in R@1 by class over all shift sets, points", Corner: "model", Columns: []Column{
		{Name: "classes"}, {Name: "images a class"}, {Name: "up", Group: "classes"}, {Name: "down", Group: "classes"}, {Name: "up, found", Group: "classes"}, {Name: "down, found", Group: "classes"},
		{Name: "observed", Group: "standard deviation over classes"}, {Name: "by sampling", Group: "standard deviation over classes"}, {Name: "beyond it", Group: "standard deviation over classes"}, {Name: "p"}},
		Note: "Found: survives Benjamini-Hochberg at 5 %. p: share of exchanges of images between classes with at least the observed spread. Beyond it: the root of the difference of the squares."}
	for i, b := range o.Bases {
		for j, a := range classArms {
			changes, err := o.byClass(ctx, b, a, o.ShiftSets())
			if err != nil {
				return t, err
			}
			s, err := o.classSpread(ctx, b, a)
			if err != nil {
				return t, err
			}
			up, down, rises, falls := countClasses(changes)
			t.Rows = append(t.Rows, Row{Name: b.Title + ", " + a.Title, Rule: i > 0 && j == 0, Cells: []Cell{
				number(float64(s.Classes), 0), number(s.Images, 0), number(float64(up), 0), number(float64(down), 0), number(float64(rises), 0), number(float64(falls), 0),
				number(s.Observed, 1), number(s.Sampling, 1), number(s.Beyond(), 1), number(s.P, 3)}})
		}
	}
	return t, nil
}

func (o *Outcome) classSpread(ctx context.Context, b *pool.Base, a Arm) (evaluate.ClassSpread, error) {
	was, is, err := o.joined(ctx, original(b), named(b, a), o.ShiftSets())
	if err != nil {
		return evaluate.ClassSpread{}, err
	}
	return evaluate.SpreadOverClasses(was, is)
}

// countClasses counts those that rise and fall, and those that do as a finding.
func countClasses(changes []evaluate.ClassChange) (up, down, rises, falls int) {
	for _, c := range changes {
		switch {
		case c.Points > 0:
			up++
			if c.Finding {
				rises++
			}
		case c.Points < 0:
			down++
			if c.Finding {
				falls++
			}
		}
	}
	return up, down, rises, falls
}

// claimsPerClass: the variability, and Appendix J's remarks.
func (o *Outcome) claimsPerClass(ctx context.Context, small map[string]func(int) bool) error {
	for _, a := range method {
		n, text := 0, []string{}
		for _, b := range o.Bases {
			s, err := o.classSpread(ctx, b, a)
			if err != nil {
				return err
			}
			if s.P <= 0.05 {
				n++
			}
			text = append(text, fmt.Sprintf("%s %.1f points observed, %.1f by sampling alone (p %.3f)", b.Title, s.Observed, s.Sampling, s.P))
		}
		o.Say(Claim{Claim: "Classes vary considerably in what they gain (" + a.Title + ")", Source: "Section 5, Appendix J", Verdict: share(n, len(o.Bases)),
			Text: "Standard deviation over classes of the change in R@1 over all shift sets: " + strings.Join(text, "; ") + ". Counted as held where classes differ beyond sampling (p at most 0.05)."})
	}
	if len(small) == 0 {
		o.Say(Claim{Claim: "Classes with small objects benefit more", Source: "Appendix J", Verdict: NotTested, Text: "These data have no masks that say how large an object is."})
		return nil
	}
	return o.claimSmall(ctx, small)
}
