package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// maskRuleStudy: the released code resizes masks into fractions and inverts only
// their whole values.
var maskRuleStudy = study{
	Experiment: Experiment{
		Name: "mask-rule", Title: "Masks with fractions at their borders", Paper: "left open by the paper", Minutes: 3,
		Question: "The released code resizes masks bilinearly and inverts only exact 0 and 1, so that border pixels count as foreground and background by their fraction alike. Does it matter against masks that stay binary?",
		Reading: reading(
			"Released: fractions m at borders, background 1 - m where m is 0 or 1, m elsewhere. Strict: masks take the nearest pixel and stay binary, background 1 - m.",
			"Without resizing masks have no fraction and the two rules are the same loss with the same gradients. The paper's crop augmentation resizes image and mask: it makes the question real, and is compared with itself.",
			"Only with the confidence over the finetuned classes.",
		),
		Measure: Measure{Sets: true},
	},
	knobs: first(maskRuleKnob),
	tell:  tellMaskRule,
}

// maskRuleKnob are both rules under the setting's own augmentation and, where
// that resizes nothing, under the paper's crop.
func maskRuleKnob(b *pool.Base) knob {
	strict := func(c *finetune.Config) { c.Objective.Masks = robustvit.StrictMasks }
	crop := func(c *finetune.Config) { c.Augment.Kind, c.Augment.Pixels = data.AugmentCrop, 0 }
	k := knob{base: b, name: "masks", named: true, forms: []Arm{Ours}}
	kind := b.Finetune.Augment.Kind
	k.values = []value{{label: kind + " released"}, {label: kind + " strict", change: strict}}
	if kind != data.AugmentCrop {
		k.values = append(k.values, value{label: "crop released", change: crop}, value{label: "crop strict", change: func(c *finetune.Config) { crop(c); strict(c) }})
	}
	return k
}

func tellMaskRule(ctx context.Context, o *Outcome, knobs []knob) error {
	k := knobs[0]
	if err := o.show(ctx, knobs, "Each model against the pretrained one, on the same images. The augmentation's name is the geometry in which pairs are cut."); err != nil {
		return err
	}
	for i := 0; i+1 < len(k.values); i += 2 {
		released, strict := k.values[i], k.values[i+1]
		share, err := fractions(k.base, k.at(Ours, released).Spec(k.base).Finetune)
		if err != nil {
			return err
		}
		text, same, err := o.weightsText(ctx, k, released, strict)
		if err != nil {
			return err
		}
		text = fmt.Sprintf(" Of the pixels of augmented training masks %.1f %% are fractions under the released rule.", share) + text
		if share == 0 {
			verdict := NotHeld
			if same {
				verdict = Held
			}
			o.Say(Claim{Claim: "Where no mask is resized, both rules give the same model", Source: "by construction", Verdict: verdict, Text: k.base.Title + ":" + text})
			continue
		}
		if err := o.same(ctx, k, "With resized masks, accuracy on the shifted sets does not depend on the rule for fractions", "left open by the paper", released, strict, text); err != nil {
			return err
		}
	}
	return nil
}

// fractionImages is how many training images say what share of mask pixels is a
// fraction.
const fractionImages = 64

// fractions is the share, in percent, of mask pixels that are neither 0 nor 1
// after the setting's augmentation.
func fractions(b *pool.Base, c *finetune.Config) (float64, error) {
	train, err := b.Data.Train()
	if err != nil {
		return 0, err
	}
	seen, fractional, pixels := 0, 0, 0
	for i := 0; i < train.Len() && seen < fractionImages; i++ {
		if masked, err := data.HasMask(train, i); err != nil || !masked {
			continue
		}
		sample, err := train.Load(i)
		if err != nil {
			return 0, err
		}
		_, mask, err := c.Augment.Apply(sample, c.Variant.ImageSize, data.MaskRule(c.Objective.Masks), c.Seed, 0, i)
		if err != nil {
			return 0, err
		}
		for _, m := range mask.Pix {
			if m > 0 && m < 1 {
				fractional++
			}
		}
		seen, pixels = seen+1, pixels+len(mask.Pix)
	}
	return 100 * float64(fractional) / float64(max(pixels, 1)), nil
}
