package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// classCountStudy is Figure 7b.
var classCountStudy = study{
	Experiment: Experiment{
		Name: "class-count", Title: "Number of finetuned classes", Paper: "Figure 7b", Minutes: 4,
		Question: "How many classes must be finetuned for the gain on shifted sets, and does it reach classes that are not?",
		Reading: reading(
			"Classes are drawn by the sweep's seed so that a larger set holds the smaller ones; images a class are the setting's own.",
			"The embedded setting holds the number of optimizer steps as near as possible to its own (epochs are scaled, and the rate's decay with them); the paper's preset keeps its 50 epochs, as the paper did.",
			"Sets A and B differ from point to point, so their columns compare different images; the last column has the same images in every row.",
			"With the confidence over the finetuned classes alone, the number of classes changes that term too.",
		),
		Measure: Measure{Sets: true},
	},
	knobs: func(ctx context.Context, w *Work) ([]knob, error) {
		k, err := w.classCountKnob(ctx, w.Bases[0], .1, .2, .3, .5, .7, 1)
		return []knob{k}, err
	},
	tell: tellClassCount,
}

// classCountKnob turns the number of finetuned classes, in shares of those that
// have enough images.
func (w *Work) classCountKnob(ctx context.Context, b *pool.Base, shares ...float64) (knob, error) {
	k := knob{base: b, name: "classes", axis: "finetuned classes", log: true, forms: method}
	train, err := b.Data.Train()
	if err != nil {
		return k, err
	}
	own := b.Finetune
	usable := data.UsableClasses(train, own.PerClass)
	var counts []float64
	for _, share := range shares {
		counts = append(counts, max(2, math.Round(share*float64(len(usable)))))
	}
	slices.Sort(counts)
	all := numbers(float64(len(own.Classes)), func(c *finetune.Config, x float64) {
		c.Classes = drawn(usable, int(x), own.Seed)
		sameSteps(b)(c)
	}, slices.Compact(counts)...)
	for _, v := range all {
		if v.own() {
			k.values = append(k.values, v)
			continue
		}
		lack, err := w.lacks(ctx, b, drawn(usable, int(v.x), own.Seed), own.PerClass)
		if err != nil {
			return k, err
		}
		if lack != nil {
			k.left = append(k.left, fmt.Sprintf("%s classes (%v)", v.label, lack))
			continue
		}
		k.values = append(k.values, v)
	}
	return k, nil
}

// drawn are n of the usable classes, ascending; those of a smaller n are among
// those of a larger one.
func drawn(usable []int, n int, seed uint64) []int {
	places := data.SelectClasses(n, len(usable), seed)
	classes := make([]int, len(places))
	for i, place := range places {
		classes[i] = usable[place]
	}
	return classes
}

// untouched says which classes no value up to the returned one finetunes, and
// how many there are: the largest value that leaves some decides.
func (k knob) untouched(classes int) (keep func(int) bool, n int, upTo value) {
	for i := len(k.values) - 1; i >= 0; i-- {
		tuned := map[int]bool{}
		for _, v := range k.values[:i+1] {
			for _, class := range k.at(k.forms[0], v).Spec(k.base).Finetune.Classes {
				tuned[class] = true
			}
		}
		if len(tuned) < classes {
			return func(class int) bool { return !tuned[class] }, classes - len(tuned), k.values[i]
		}
	}
	return func(int) bool { return false }, 0, value{}
}

func tellClassCount(ctx context.Context, o *Outcome, knobs []knob) error {
	k := knobs[0]
	train, err := k.base.Data.Train()
	if err != nil {
		return err
	}
	keep, n, upTo := k.untouched(len(train.Classes()))
	table, err := o.classCountTable(ctx, keep, n, upTo)
	if err != nil {
		return err
	}
	if err := o.showWith(ctx, knobs, "Each model against the pretrained one, on the same images.", table); err != nil {
		return err
	}
	if shifts := o.ShiftSets(); n > 0 && len(shifts) > 0 {
		plot := k.plot(fmt.Sprintf("change in R@1 on the %d classes that no point of up to %s finetunes, %s", n, upTo.label, shiftName(shifts)))
		plot.Caption = "Bands: 95 % paired bootstrap over images. The same images at every point."
		for _, form := range k.forms {
			s := Series{Name: form.Title}
			for _, v := range k.values {
				d, err := o.Delta(ctx, original(k.base), named(k.base, k.at(form, v)), shifts, keep)
				if err != nil {
					return err
				}
				s.add(v.x, d)
			}
			plot.Series = append(plot.Series, s)
		}
		o.Results.Sections[0].Plots = append(o.Results.Sections[0].Plots, plot)
	}
	o.Add(Section{Title: "Budget", Tables: []Table{budgetTable(k)}, Collapsed: true})
	return o.claimsClassCount(ctx, k)
}

// classCountTable is changeTable with the classes that no point finetunes.
func (o *Outcome) classCountTable(ctx context.Context, untouched func(int) bool, n int, upTo value) (Table, error) {
	rest := o.shiftAspect()
	rest.name, rest.keep = fmt.Sprintf("%d untouched classes", n), func(Point) func(int) bool { return untouched }
	t, err := o.aspectTable(ctx, "changes", o.points, append(o.changeAspects(), rest), nil)
	t.Note = intervalNote + "Set A: the classes that this point finetunes; set B: the others."
	if n > 0 {
		t.Note += fmt.Sprintf(" Untouched: the classes that no point of up to %s classes finetunes.", upTo.label)
	}
	return t, err
}

func (o *Outcome) claimsClassCount(ctx context.Context, k knob) error {
	at := slices.IndexFunc(k.values, value.own)
	if err := o.suffices(ctx, k, "Half the classes suffice for the largest gain", "Figure 7b, Appendix G", k.values[at], k.values[at+1:]); err != nil {
		return err
	}
	fewer := -1
	for i, v := range k.values { // the largest of at most half as many
		if v.x <= k.values[at].x/2 {
			fewer = i
		}
	}
	if fewer < 0 {
		return nil
	}
	return o.harmless(ctx, k, "Considerably fewer classes do not harm much", "Figure 7b, Appendix G", k.values[fewer], k.values[at])
}
