package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// confidenceTerm asks why we restrict the softmax of Eq. 4.
var confidenceTerm = Experiment{
	Name: "confidence-term", Title: "The confidence term and the number of classes", Paper: "Eq. 4; our departure from it", Minutes: 7,
	Question: "Does the confidence over all classes make the model forget those that are not finetuned, and does that pass with more classes?",
	Reading: []string{
		"Set A: the finetuned classes; set B: the others. Eq. 4 over all classes lowers the logits of set B on every image; over the finetuned classes it leaves them alone.",
		"The embedded default runs forms over all classes at half the rate of the others, because at the full one they forget more; the rows \"full rate\" take that difference away.",
		"A gain on set A may be nothing but a pull towards the finetuned classes: the controls beside show it without the relevance loss.",
		"Models with more classes finetune on fewer images of each, so that all take about as many steps.",
	},
	Points:  pointsConfidenceTerm,
	Measure: Measure{Sets: true},
	Tell:    tellConfidenceTerm,
}

// population is a base with a choice of classes to finetune.
type population struct {
	base    *pool.Base
	suffix  string // of its points' names
	title   string
	classes int // along the plot's axis
	change  func(*finetune.Config)
}

// point is an arm in the population.
func (p population) point(a Arm) Point {
	made := a.Point(p.base, p.change)
	made.Name += p.suffix
	return made
}

// populations are the embedded models of several numbers of classes, or several
// shares of the first base's classes. axis says which.
func (w *Work) populations() (all []population, axis, note string, err error) {
	bases, missing, err := w.besides("vit40", "vit80")
	if err != nil {
		return nil, "", "", err
	}
	note = absent(missing)
	if len(bases) > 1 {
		for _, b := range bases {
			n, title := len(b.Data.Classes()), b.Title
			if b == bases[0] {
				title += fmt.Sprintf(", %d classes", n)
			}
			all = append(all, population{b, "", title, n, asManySteps(bases[0], b)})
		}
		return all, "classes of the model", note, nil
	}
	all, err = w.shares(w.Bases[0])
	return all, "finetuned classes", note + " Shares of one model's classes: fewer classes are fewer images and steps.", err
}

// asManySteps takes fewer images a class where there are more classes.
func asManySteps(first, b *pool.Base) func(*finetune.Config) {
	images := len(first.Finetune.Classes) * first.Finetune.PerClass
	return func(c *finetune.Config) {
		if b != first {
			c.PerClass = max(1, int(math.Round(float64(images)/float64(max(len(c.Classes), 1)))))
		}
	}
}

// shares finetune a tenth, a quarter and half of the classes.
func (w *Work) shares(b *pool.Base) ([]population, error) {
	train, err := b.Data.Train()
	if err != nil {
		return nil, err
	}
	var all []population
	for _, share := range []float64{0.1, 0.25, 0.5} {
		classes := b.Finetune.Classes
		if share < 0.5 {
			if classes, err = recipe.Fraction(share, train, b.Finetune.PerClass, b.Finetune.Seed); err != nil {
				return nil, err
			}
		}
		if len(classes) < 2 || len(all) > 0 && all[len(all)-1].classes == len(classes) {
			continue // a softmax over one class says nothing
		}
		all = append(all, population{b, fmt.Sprintf("-%d-classes", len(classes)), fmt.Sprintf("%s, %d finetuned", b.Title, len(classes)), len(classes),
			func(c *finetune.Config) { c.Classes = classes }})
	}
	return all, nil
}

// fullRate takes back the halved rate of the published form.
func fullRate(a Arm) Arm {
	return Arm{Name: a.Name + "-full-rate", Title: a.Title + ", full rate", Note: a.Note + "; at the rate of the other form", Masks: a.Masks,
		change: func(b *pool.Base, c *finetune.Config) {
			a.change(b, c)
			c.Rate = b.Finetune.Rate
		}}
}

// termArms are compared in every population.
func termArms(b *pool.Base) []Arm {
	arms := []Arm{CrossEntropy, CrossEntropyFinetuned, Confidence, KL}
	if b.Embedded {
		arms = append(arms, fullRate(Confidence))
	}
	arms = append(arms, ConfidenceFinetuned, Published)
	if b.Embedded {
		arms = append(arms, fullRate(Published))
	}
	return append(arms, Ours)
}

func pointsConfidenceTerm(_ context.Context, w *Work) ([]Point, error) {
	all, _, _, err := w.populations()
	if err != nil {
		return nil, err
	}
	var points []Point
	for i, p := range all {
		if i == 0 || all[i-1].base != p.base {
			points = append(points, before(p.base))
		}
		for _, a := range termArms(p.base) {
			points = append(points, p.point(a))
		}
	}
	return points, nil
}

// termColumns are both halves of the classes on the clean and the shift sets.
func (w *Work) termColumns() []aspect {
	clean := w.cleanAspect()
	clean.group = evaluate.Title(w.Clean())
	columns := inHalves(clean)
	if len(w.ShiftSets()) > 0 {
		columns = append(columns, inHalves(w.shiftAspect())...)
	}
	return columns
}

func tellConfidenceTerm(ctx context.Context, o *Outcome) error {
	all, axis, note, err := o.populations()
	if err != nil {
		return err
	}
	t := Table{Name: "forgetting", Title: "Change in R@1 against the original, points", Corner: "model", Note: intervalNote}
	columns := o.termColumns()
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Name: c.name, Group: c.group})
	}
	for _, p := range all {
		for i, a := range termArms(p.base) {
			row := Row{Name: p.title + ": " + a.Title, Rule: i == 0}
			for _, c := range columns {
				d, err := o.Delta(ctx, original(p.base), p.point(a).Name, c.sets, c.filter(p.point(a)))
				if err != nil {
					return err
				}
				row.Cells = append(row.Cells, change(d))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	section := Section{Title: "Finetuned and other classes", Lead: "Each model against its own pretrained one." + note, Tables: []Table{t}}
	for _, c := range columns {
		plot, err := o.termPlot(ctx, all, axis, c)
		if err != nil {
			return err
		}
		if c.name == "set B" { // what is forgotten stands first
			section.Plots = slices.Insert(section.Plots, 0, plot)
		} else {
			section.Plots = append(section.Plots, plot)
		}
	}
	o.Add(section)
	return o.claimsConfidenceTerm(ctx, all, columns)
}

// plotted are the arms whose curves say it: both terms, alone and within the
// method, at one rate, and the method as published.
func (p population) plotted() []Arm {
	if p.base.Embedded {
		return []Arm{fullRate(Confidence), ConfidenceFinetuned, fullRate(Published), Ours, Published}
	}
	return []Arm{Confidence, ConfidenceFinetuned, Published, Ours}
}

// termPlot is the change in an aspect against the number of classes.
func (o *Outcome) termPlot(ctx context.Context, all []population, axis string, c aspect) (Plot, error) {
	plot := Plot{Kind: Curves, Title: c.group + ", " + c.name, X: axis, Y: "change in R@1, points", LogX: true, Caption: "Bands: 95 % paired bootstrap over images."}
	for _, a := range all[0].plotted() {
		s := Series{Name: a.Title}
		for _, p := range all {
			made := p.point(a)
			if !o.Has(made.Name) {
				continue
			}
			d, err := o.Delta(ctx, original(p.base), made.Name, c.sets, c.filter(made))
			if err != nil {
				return plot, err
			}
			s.X, s.Y = append(s.X, float64(p.classes)), append(s.Y, round2(d.Points))
			s.Low, s.High = append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}
