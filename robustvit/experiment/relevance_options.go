package experiment

import (
	"bytes"
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// orderStudy: the paper's loss contains a gradient, its code takes that as a constant.
var orderStudy = study{
	Experiment: Experiment{
		Name: "gradient-order", Title: "Training through the attention gradient", Paper: "left open by the paper", Minutes: 3,
		Question: "The relevance map holds a gradient (Eq. 6) that the released code takes as a constant. Does training through it give better maps, and are better maps more robust models?",
		Reading: reading(
			"First order: the attention gradient is a constant of the loss, as released. Second order: it is trained too. The loss has the same value in both.",
			"Maps: the segmentation test, relevance of the predicted class over all images; mass on the object is the share of a map's relevance inside the mask.",
		),
		Measure: Measure{Sets: true},
	},
	maps: true,
	knobs: first(func(b *pool.Base) knob {
		return knob{base: b, name: "gradient", named: true, forms: method, values: []value{
			{label: "first-order"}, {label: "second-order", change: func(c *finetune.Config) { c.Objective.Order = robustvit.SecondOrder }},
		}}
	}),
	tell: func(ctx context.Context, o *Outcome, knobs []knob) error {
		if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images."); err != nil {
			return err
		}
		return o.tellOrder(ctx, knobs[0])
	},
}

// tellOrder sets the maps beside the accuracies.
func (o *Outcome) tellOrder(ctx context.Context, k knob) error {
	const claim, source = "A better map is not by itself a more robust model", "left open by the paper"
	if has, err := hasMasks(k.base); err != nil || !has {
		o.Say(Claim{Claim: claim, Source: source, Verdict: NotTested, Text: "The data have no masks to test maps against."})
		return err
	}
	t := Table{Name: "maps", Title: "Maps and accuracy, change against the original, points", Corner: "model", Note: intervalNote,
		Columns: []Column{{Name: "mean IoU", Group: "maps"}, {Name: "mass on the object", Group: "maps"}, {Name: "R@1", Group: shiftName(o.ShiftSets())}}}
	for _, arm := range append(k.arms(), k.references()...) {
		maps, shift, err := o.mapsAndShift(ctx, original(k.base), named(k.base, arm))
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, Row{Name: arm.Title, Cells: []Cell{estimated(maps.MeanIoU), estimated(maps.MassOnObject), change(shift)}})
	}
	section := Section{Title: "Maps", Lead: "What each form does to the maps, beside what it does to accuracy.", Tables: []Table{t}}
	if len(o.ShiftSets()) > 0 {
		section.Plots = []Plot{mapScatter(k, t)}
	}
	o.Add(section)
	for _, form := range k.forms {
		maps, shift, err := o.mapsAndShift(ctx, named(k.base, form), named(k.base, k.at(form, k.values[1])))
		if err != nil {
			return err
		}
		o.Say(Claim{Claim: claim + " (" + form.Title + ")", Source: source, Verdict: mapVerdict(maps, shift),
			Text: fmt.Sprintf("%s, second order minus first: mean IoU %s, mass on the object %s, mean R@1 over the shift sets %s. Held where the maps are better with the interval and accuracy is not; not tested where the maps are no better.",
				k.base.Title, estimate(maps.MeanIoU), estimate(maps.MassOnObject), points(shift))})
	}
	return nil
}

// mapVerdict: do better maps come without better accuracy?
func mapVerdict(maps evaluate.MapChange, shift evaluate.Difference) string {
	switch {
	case shift.N == 0, maps.MeanIoU.Low <= 0 && maps.MassOnObject.Low <= 0:
		return NotTested
	case shift.Low > 0:
		return NotHeld
	}
	return Held
}

func (o *Outcome) mapsAndShift(ctx context.Context, from, to string) (maps evaluate.MapChange, shift evaluate.Difference, err error) {
	was, err := o.Maps(ctx, from, pool.MapSet)
	if err != nil {
		return maps, shift, err
	}
	is, err := o.Maps(ctx, to, pool.MapSet)
	if err != nil {
		return maps, shift, err
	}
	if maps, err = evaluate.CompareMaps(was, is, nil); err != nil {
		return maps, shift, err
	}
	shift, err = o.Delta(ctx, from, to, o.ShiftSets(), nil)
	return maps, shift, err
}

// mapScatter is accuracy over mass on the object, from the table.
func mapScatter(k knob, t Table) Plot {
	s := Series{Name: k.base.Title}
	for _, row := range t.Rows {
		mass, shift := row.Cells[1].Value, row.Cells[2].Value
		if mass != nil && shift != nil {
			s.X, s.Y, s.Labels = append(s.X, *mass), append(s.Y, *shift), append(s.Labels, row.Name)
		}
	}
	return Plot{Kind: Scatter, Title: k.base.Title + ": maps against accuracy", X: "change in mass on the object, points", Y: "change in R@1, points", Series: []Series{s}}
}

// targetStudy: the paper explains the prediction, its code the label.
var targetStudy = study{
	Experiment: Experiment{
		Name: "target-class", Title: "Whose relevance is trained", Paper: "left open by the paper", Minutes: 3,
		Question: "Does it matter whether the trained map explains the label, as the released code does, or the model's own prediction?",
		Reading: reading(
			"The embedded default trains on images that the model classifies right, so that the two differ only where finetuning changes a prediction or augmentation fools the model.",
		),
		Measure: Measure{Sets: true},
	},
	knobs: first(func(b *pool.Base) knob {
		return knob{base: b, name: "relevance of", named: true, forms: method, values: []value{
			{label: "label"}, {label: "prediction", change: func(c *finetune.Config) { c.Objective.Target = robustvit.PredictedTarget }},
		}}
	}),
	tell: func(ctx context.Context, o *Outcome, knobs []knob) error {
		if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images."); err != nil {
			return err
		}
		k := knobs[0]
		text, _, err := o.weightsText(ctx, k, k.values[0], k.values[1])
		if err != nil {
			return err
		}
		return o.same(ctx, k, "Accuracy on the shifted sets does not depend on whose relevance is trained", "left open by the paper", k.values[0], k.values[1], text)
	},
}

// weightsText says of how many forms two values give the same weights, byte by byte.
func (o *Outcome) weightsText(ctx context.Context, k knob, a, b value) (text string, same bool, err error) {
	same = true
	for _, form := range k.forms {
		equal, err := o.sameWeights(ctx, named(k.base, k.at(form, a)), named(k.base, k.at(form, b)))
		if err != nil {
			return "", false, err
		}
		word := "the same"
		if !equal {
			word, same = "not the same", false
		}
		text += fmt.Sprintf(" The weights (%s) are %s, byte by byte.", form.Title, word)
	}
	return text, same, nil
}

// sameWeights compares two points' tensors, whatever their files say beside.
func (o *Outcome) sameWeights(ctx context.Context, a, b string) (bool, error) {
	first, err := o.Point(a)
	if err != nil {
		return false, err
	}
	second, err := o.Point(b)
	if err != nil {
		return false, err
	}
	one, err := o.Pool.Model(ctx, first.Spec)
	if err != nil {
		return false, err
	}
	other, err := o.Pool.Model(ctx, second.Spec)
	if err != nil || len(one.File.Tensors) != len(other.File.Tensors) {
		return false, err
	}
	for i, tensor := range one.File.Tensors {
		if o := other.File.Tensors[i]; tensor.Name != o.Name || !bytes.Equal(tensor.Data, o.Data) {
			return false, nil
		}
	}
	return true, nil
}
