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

// samplesStudy is Figure 7a.
var samplesStudy = study{
	Experiment: Experiment{
		Name: "samples", Title: "Number of images a class", Paper: "Figure 7a", Minutes: 4,
		Question: "How many images of each finetuned class does the gain on shifted sets need?",
		Reading: reading(
			"The embedded setting holds the number of optimizer steps as near as possible to its own (epochs are scaled, and the rate's decay with them), so that points differ in images alone; the paper's preset keeps its 50 epochs, as the paper did, so that fewer images are also fewer steps.",
			"The controls see the setting's own number of images: above a small number of images they have the advantage.",
		),
		Measure: Measure{Sets: true},
	},
	knobs: func(ctx context.Context, w *Work) ([]knob, error) {
		k, err := w.samplesKnob(ctx, w.Bases[0], 1, 2, 3, 5, 10)
		return []knob{k}, err
	},
	tell: tellSamples,
}

// samplesKnob turns the images a class, as far as the data has so many.
func (w *Work) samplesKnob(ctx context.Context, b *pool.Base, counts ...float64) (knob, error) {
	k := knob{base: b, name: "images a class", axis: "images of each finetuned class", log: true, forms: method}
	own := b.Finetune
	all := numbers(float64(own.PerClass), func(c *finetune.Config, x float64) {
		c.PerClass = int(x)
		sameSteps(b)(c)
	}, counts...)
	for _, v := range all {
		lack, err := w.lacks(ctx, b, own.Classes, int(v.x))
		if err != nil {
			return k, err
		}
		if lack == nil || v.own() {
			k.values = append(k.values, v)
		} else {
			k.left = append(k.left, fmt.Sprintf("%s images a class (%v)", v.label, lack))
		}
	}
	return k, nil
}

// lacks says what keeps these training images from being chosen; nil = nothing.
func (w *Work) lacks(ctx context.Context, b *pool.Base, classes []int, perClass int) (lack, err error) {
	train, err := b.Data.Train()
	if err != nil {
		return nil, err
	}
	right := func(int) bool { return true }
	if b.KeepCorrect {
		records, err := w.Pool.Records(ctx, b.Before(), pool.TrainSet)
		if err != nil {
			return nil, err
		}
		right = func(i int) bool { return records[i].Correct(1) }
	}
	_, lack = data.SelectTraining(train, classes, perClass, b.Finetune.Seed, func(i int) bool {
		masked, err := data.HasMask(train, i)
		return right(i) && (masked || err != nil)
	})
	return lack, nil
}

// sameSteps scales the epochs of a setting with other images or classes to the
// embedded base's number of optimizer steps, and the decay of the rate so that it
// falls over the steps as there.
func sameSteps(b *pool.Base) func(c *finetune.Config) {
	own := b.Finetune
	return func(c *finetune.Config) {
		if !b.Embedded {
			return
		}
		c.Epochs = max(1, int(math.Round(float64(steps(own))/float64(steps(*c)/c.Epochs))))
		c.Decay = math.Pow(own.Decay, float64(own.Epochs)/float64(c.Epochs))
	}
}

// steps is the number of optimizer steps of a finetuning.
func steps(c finetune.Config) int {
	return (len(c.Classes)*c.PerClass + c.Batch - 1) / c.Batch * c.Epochs
}

// budgetTable is what each value of a knob trains on.
func budgetTable(k knob) Table {
	t := Table{Name: "budget", Title: "What each point trains on", Corner: k.name,
		Columns: []Column{{Name: "classes"}, {Name: "images"}, {Name: "epochs"}, {Name: "optimizer steps"}, {Name: "last rate by the first"}}}
	for _, v := range k.values {
		c := k.at(k.forms[0], v).Spec(k.base).Finetune
		t.Rows = append(t.Rows, Row{Name: v.label, Major: v.own(), Cells: []Cell{
			number(float64(len(c.Classes)), 0), number(float64(len(c.Classes)*c.PerClass), 0), number(float64(c.Epochs), 0), number(float64(steps(*c)), 0),
			number(c.RateAt(c.Epochs-1)/c.Rate, 2),
		}})
	}
	return t
}

func tellSamples(ctx context.Context, o *Outcome, knobs []knob) error {
	k := knobs[0]
	if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images."); err != nil {
		return err
	}
	o.Add(Section{Title: "Budget", Tables: []Table{budgetTable(k)}, Collapsed: true})
	three, two := k.find("3"), k.find("2")
	if three < 0 || two < 0 {
		o.Say(Claim{Claim: "Three samples for half the classes suffice", Source: "Figure 7a", Verdict: NotTested, Text: "The data has fewer images with masks in some class."})
		return nil
	}
	if err := o.suffices(ctx, k, "Three samples for half the classes suffice for the largest gain", "Figure 7a, Appendix G", k.values[three], k.values[three+1:]); err != nil {
		return err
	}
	return o.harmless(ctx, k, "Only two samples do not harm much", "Figure 7a, Appendix G", k.values[two], k.values[three])
}

// find is the place of the value with a label, or -1.
func (k knob) find(label string) int {
	return slices.IndexFunc(k.values, func(v value) bool { return v.label == label })
}
