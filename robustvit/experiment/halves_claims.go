package experiment

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

// figure4 is the mean change of the models by set and half, with the paper's
// beside the published form.
func (o *Outcome) figure4(ctx context.Context, a Arm, k int) (Plot, error) {
	plot := Plot{Kind: Bars, Title: fmt.Sprintf("Change in R@%d by set, %s, %s", k, a.Title, meanOf(o.Bases)), Y: "points", Caption: "As Figure 4."}
	series := []Series{{Name: "set A"}, {Name: "set B"}}
	printed := []Series{{Name: "the paper's training classes", Paper: true}, {Name: "the paper's other classes", Paper: true}}
	known := false
	for _, set := range o.Sets {
		plot.Names = append(plot.Names, evaluate.Title(set))
		c, err := o.compareHalves(ctx, o.Bases, a, []string{set}, k)
		if err != nil {
			return plot, err
		}
		for i, e := range []evaluate.Estimate{c.Inside, c.Outside} {
			s := &series[i]
			s.Y, s.Low, s.High = append(s.Y, round2(e.Value)), append(s.Low, round2(e.Low)), append(s.High, round2(e.High))
			x, ok := paper.HalvesChange(bothHalves[i].paper, paper.Set(set), k)
			if known = known || ok; !ok {
				x = math.NaN()
			}
			printed[i].Y = append(printed[i].Y, x)
		}
	}
	plot.Series = series
	if known && a.Name == Published.Name && o.likeThePaper() {
		plot.Series = append(plot.Series, printed...)
	}
	return plot, nil
}

// claimsHalves: the other classes gain, and as much.
func (o *Outcome) claimsHalves(ctx context.Context) error {
	for _, a := range method {
		others, err := o.gains(ctx, o.Bases, a, o.ShiftSets(), inSetB)
		if err != nil {
			return err
		}
		o.Say(Claim{Claim: "Classes that were not finetuned gain on the shifted sets too (" + a.Title + ")", Source: "Section 4, Figure 4", Verdict: heldBy(others),
			Text: told("Mean change in R@1 over the shift sets on set B", others)})
		if err := o.claimAlike(ctx, a); err != nil {
			return err
		}
	}
	return o.claimTraining(ctx)
}

// claimAlike: both halves gain, and the images do not tell the gains apart. Where
// a control gains as much the claim holds in part only: it is not the method's.
func (o *Outcome) claimAlike(ctx context.Context, a Arm) error {
	shifts := o.ShiftSets()
	same, apart, text := 0, 0, []string{}
	for _, b := range o.Bases {
		c, err := o.compareHalves(ctx, []*pool.Base{b}, a, shifts, 1)
		if err != nil {
			return err
		}
		if alike(c) {
			same++
		}
		if c.Gap.Significant() {
			apart++
		}
		text = append(text, b.Title+" "+toldParts(c))
	}
	whole, err := o.gains(ctx, o.Bases, a, shifts, nil)
	if err != nil {
		return err
	}
	claim := Claim{Claim: "Both halves of the classes gain alike on the shifted sets (" + a.Title + ")", Source: "Section 4, Figure 4", Verdict: share(same, len(o.Bases)),
		Text: fmt.Sprintf("Mean change in R@1 over the shift sets on set A, on set B, and A minus B: %s.", strings.Join(text, "; "))}
	if claim.Verdict == Held && heldBy(whole) != Held {
		claim.Verdict = Partly
	}
	if len(o.Bases) > 1 {
		c, err := o.compareHalves(ctx, o.Bases, a, shifts, 1)
		if err != nil {
			return err
		}
		claim.Text += " Mean of the models: " + toldParts(c) + "."
	}
	claim.Text += fmt.Sprintf(" Both gain with intervals above 0 and a difference whose interval holds 0 on %d of %d; the halves differ on %d. Held only where ours also beats its controls on all classes together.", same, len(o.Bases), apart)
	o.Say(claim)
	return nil
}

// alike says that both halves gain and that the images do not tell the gains
// apart.
func alike(c evaluate.PartsChange) bool {
	return c.Gap.N > 0 && c.Inside.Low > 0 && c.Outside.Low > 0 && !c.Gap.Significant()
}

func toldParts(c evaluate.PartsChange) string {
	if c.Gap.N == 0 {
		return "has no set with images of both halves"
	}
	return fmt.Sprintf("%s, %s, difference %s", estimate(c.Inside), estimate(c.Outside), estimate(c.Gap))
}

// claimTraining: on the clean set the finetuned classes do better.
func (o *Outcome) claimTraining(ctx context.Context) error {
	for _, a := range method {
		n, text := 0, []string{}
		for _, b := range o.Bases {
			c, err := o.compareHalves(ctx, []*pool.Base{b}, a, []string{o.Clean()}, 1)
			if err != nil {
				return err
			}
			if c.Gap.Low > 0 {
				n++
			}
			text = append(text, b.Title+" "+toldParts(c))
		}
		o.Say(Claim{Claim: "On the set like the training images the finetuned classes fare better than the others (" + a.Title + ")", Source: "Section 4, Figure 4", Verdict: share(n, len(o.Bases)),
			Text: "Change in R@1 on " + evaluate.Title(o.Clean()) + " on set A, on set B, and A minus B: " + strings.Join(text, "; ") + "."})
	}
	return nil
}
