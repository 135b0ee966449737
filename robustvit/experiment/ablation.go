package experiment

import (
	"context"
	"slices"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// ablation takes the loss apart.
var ablation = Experiment{
	Name: "ablation", Title: "Ablation of the loss", Paper: "Tables 4 and 12", Minutes: 7,
	Question: "Which term of the loss makes the shifted sets better, which one costs accuracy on the clean set, and is the model's own prediction a better target than the label?",
	Reading: []string{
		"A term is taken away by setting its weight to 0; all other weights, the images and the steps stay.",
		"AdamW does not heed the scale of the loss: taking a term away does not make the steps smaller.",
		"\"As published\" has the confidence term over all classes, \"finetuned classes\" over those alone; the paper's numbers stand beside the first.",
		"On the embedded default the published form runs at half the rate: compare rows within a form. The two rows without Eq. 4 differ in the rate alone.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		arms := slices.Clone(controls)
		for _, a := range method {
			arms = append(append(arms, a), ablated(a)...)
		}
		return grid(ablationBases(w.Bases), arms...), nil
	},
	Measure: Measure{Sets: true},
	Tell:    tellAblation,
}

// cut is one row of the ablation.
type cut struct {
	name, title string
	row         paper.Method
	change      func(o *robustvit.Objective)
}

// The rows of Table 4.
var (
	noConfidence = cut{"no-confidence", "without Eq. 4 (confidence)", paper.WithoutConfidence, func(o *robustvit.Objective) {
		o.Confidence, o.ClassTerm = 0, robustvit.ConfidenceAll // the term's kind no longer matters: both forms are one
	}}
	noBackground = cut{"no-background", "without Eq. 1 (background)", paper.WithoutBackground, func(o *robustvit.Objective) { o.Background = 0 }}
	noForeground = cut{"no-foreground", "without Eq. 2 (foreground)", paper.WithoutForeground, func(o *robustvit.Objective) { o.Foreground = 0 }}
	groundTruth  = cut{"ground-truth", "with the label in Eq. 4", paper.GroundTruth, func(o *robustvit.Objective) {
		if o.ClassTerm == robustvit.ConfidenceFinetuned {
			o.ClassTerm = robustvit.TrueClassFinetuned
			return
		}
		o.ClassTerm = robustvit.TrueClassAll
	}}
	cuts = []cut{noConfidence, noBackground, noForeground, groundTruth}
)

// of is the arm with the cut.
func (c cut) of(a Arm) Arm {
	return Arm{Name: a.Name + "-" + c.name, Title: a.Title + ", " + c.title, Note: a.Note + "; " + c.title, Masks: a.Masks,
		change: func(b *pool.Base, config *finetune.Config) {
			a.change(b, config)
			c.change(&config.Objective)
		}}
}

// ablated are the arm's cuts.
func ablated(a Arm) []Arm {
	var arms []Arm
	for _, c := range cuts {
		arms = append(arms, c.of(a))
	}
	return arms
}

// ablationBases are one base of each family that the paper takes apart, or of
// other models the first two.
func ablationBases(all []*pool.Base) []*pool.Base {
	var bases []*pool.Base
	seen := map[paper.Model]bool{}
	for _, b := range all {
		m, ok := paperModel(b)
		if _, known := paper.Accuracy(paper.Ablation, m, paper.Original, paper.Val, 1); ok && known && !seen[m] {
			bases, seen[m] = append(bases, b), true
		}
	}
	if len(bases) == 0 {
		bases = all[:min(2, len(all))]
	}
	return bases
}

// ablationRow is the paper's row of a point: of the published form only.
func ablationRow(p Point) (paper.Method, bool) {
	switch name := armName(p); name {
	case "original":
		return paper.Original, true
	case Published.Name:
		return paper.Ours, true
	default:
		for _, c := range cuts {
			if name == c.of(Published).Name {
				return c.row, true
			}
		}
	}
	return "", false
}

// paperAblation is the published top-k of the ablation.
func paperAblation(k int) lookup {
	return func(p Point, set string) (float64, bool) {
		m, ok := paperModel(p.Base)
		row, known := ablationRow(p)
		if !ok || !known {
			return 0, false
		}
		return paper.Accuracy(paper.Ablation, m, row, paper.Set(set), k)
	}
}

// paperAblationChange is the published change, a mean over the aspect's sets.
func paperAblationChange(p Point, a aspect) (float64, bool) {
	if a.keep != nil || len(a.sets) == 0 {
		return 0, false
	}
	sum := 0.0
	for _, set := range a.sets {
		after, ok := paperAblation(1)(p, set)
		start, known := paperAblation(1)(before(p.Base), set)
		if !ok || !known {
			return 0, false
		}
		sum += after - start
	}
	return sum / float64(len(a.sets)), true
}

func tellAblation(ctx context.Context, o *Outcome) error {
	o.points = departureLast(o.points)
	changes, err := o.aspectTable(ctx, "changes", o.points, o.aspects(), paperAblationChange)
	if err != nil {
		return err
	}
	changes.Note += " Small: the paper's change for its model of that family, from Table 4."
	section := Section{Title: "What each term does", Lead: "Each row against its own pretrained model, on the same images. The controls stand first.", Tables: []Table{changes}}
	for _, b := range ablationBases(o.Bases) {
		for _, a := range []aspect{o.shiftAspect(), o.cleanAspect()} {
			if len(a.sets) == 0 {
				continue
			}
			plot, err := o.ablationPlot(ctx, b, a)
			if err != nil {
				return err
			}
			section.Plots = append(section.Plots, plot)
		}
	}
	o.Add(section)
	for _, k := range []int{1, 5} {
		t, err := o.accuracyTable(ctx, "r"+string(rune('0'+k)), k, o.points, paperAblation(k))
		if err != nil {
			return err
		}
		o.Add(Section{Title: map[int]string{1: "R@1 (Table 4)", 5: "R@5 (Table 12)"}[k], Tables: []Table{t}, Collapsed: k == 5})
	}
	return o.claimsAblation(ctx)
}

// ablationPlot is the change of the full loss and its cuts in both forms, with
// the paper's.
func (o *Outcome) ablationPlot(ctx context.Context, b *pool.Base, a aspect) (Plot, error) {
	title := evaluate.Title(o.Clean())
	if a.group != "" {
		title = a.group
	}
	plot := Plot{Kind: Changes, Title: b.Title + ": change in R@1, " + title, X: "points", Names: []string{"full loss"}, Caption: "95 % paired bootstrap over images. The paper's numbers are those of its model of that family, on ImageNet."}
	for _, c := range cuts {
		plot.Names = append(plot.Names, c.title)
	}
	published := Series{Name: "paper, as published", Paper: true}
	for _, form := range method {
		s := Series{Name: form.Title}
		for _, arm := range append([]Arm{form}, ablated(form)...) {
			p, err := o.Point(named(b, arm))
			if err != nil {
				return plot, err
			}
			d, err := o.Delta(ctx, original(b), p.Name, a.sets, a.filter(p))
			if err != nil {
				return plot, err
			}
			s.Y, s.Low, s.High = append(s.Y, round2(d.Points)), append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
			if y, ok := paperAblationChange(p, a); ok {
				published.Y = append(published.Y, round2(y))
			}
		}
		plot.Series = append(plot.Series, s)
	}
	if len(published.Y) == len(plot.Names) {
		plot.Series = append(plot.Series, published)
	}
	return plot, nil
}
