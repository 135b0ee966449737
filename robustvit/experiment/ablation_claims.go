package experiment

import (
	"context"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

const ablationSource = "Section 4, ablation; Table 4"

// claimsAblation tests what the paper's ablation says, in both forms.
func (o *Outcome) claimsAblation(ctx context.Context) error {
	for _, a := range method {
		for _, claim := range []func(context.Context, Arm) (Claim, error){
			o.claimBackgroundCosts, o.claimBackgroundHelps, o.claimBoosting, o.claimLabelKeeps, o.claimConfidenceCrucial, o.claimConfidenceIdle,
		} {
			c, err := claim(ctx, a)
			if err != nil {
				return err
			}
			c.Claim += " (" + a.Title + ")"
			o.Say(c)
		}
	}
	return nil
}

// betweenArms is the change on sets from one arm of a base to another.
func (o *Outcome) betweenArms(ctx context.Context, b *pool.Base, from, to Arm, sets []string) (evaluate.Difference, error) {
	return o.Delta(ctx, named(b, from), named(b, to), sets, nil)
}

// fromOriginal is the change on sets from a base to an arm.
func (o *Outcome) fromOriginal(ctx context.Context, b *pool.Base, to Arm, sets []string) (evaluate.Difference, error) {
	return o.Delta(ctx, original(b), named(b, to), sets, nil)
}

// claimBackgroundCosts: "validation accuracy is lost mostly due to our background
// loss, as when we remove it, the accuracy remains intact".
func (o *Outcome) claimBackgroundCosts(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	clean := []string{o.Clean()}
	for _, b := range ablationBases(o.Bases) {
		lost, err := o.fromOriginal(ctx, b, a, clean)
		if err != nil {
			return Claim{}, err
		}
		if lost.High >= 0 {
			t.say("%s loses nothing to explain (%s)", b.Title, points(lost))
			continue
		}
		back, err := o.betweenArms(ctx, b, a, noBackground.of(a), clean)
		if err != nil {
			return Claim{}, err
		}
		other, err := o.betweenArms(ctx, b, a, noForeground.of(a), clean)
		if err != nil {
			return Claim{}, err
		}
		t.add(back, back.Low > 0 && back.Points > other.Points, "%s %s; without Eq. 1 it regains %s, without Eq. 2 %s", b.Title, points(lost), points(back), points(other))
	}
	return t.claim("Accuracy on the clean set is lost mostly through the background loss", ablationSource,
		"Change on "+evaluate.Title(o.Clean())+"; held where it falls and taking Eq. 1 away regains more than noise and more than taking Eq. 2 away."), nil
}

// claimBackgroundHelps: "it is more effective than the foreground loss in
// increasing the robustness".
func (o *Outcome) claimBackgroundHelps(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	shifts := o.ShiftSets()
	for _, b := range ablationBases(o.Bases) {
		full, err := o.betweenArms(ctx, b, noBackground.of(a), a, shifts)
		if err != nil {
			return Claim{}, err
		}
		d, err := o.betweenArms(ctx, b, noBackground.of(a), noForeground.of(a), shifts)
		if err != nil {
			return Claim{}, err
		}
		t.add(d, full.Low > 0 && d.Low > 0, "%s: the full loss minus without Eq. 1 %s; with Eq. 1 alone minus with Eq. 2 alone %s", b.Title, points(full), points(d))
	}
	return t.claim("The background loss does more for robustness than the foreground loss", ablationSource,
		"Mean over the shift sets; held where both differences lie above 0."), nil
}

// claimBoosting: "using confidence boosting often improves robustness more
// significantly over using the ground-truth labels".
func (o *Outcome) claimBoosting(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	for _, b := range ablationBases(o.Bases) {
		d, err := o.betweenArms(ctx, b, groundTruth.of(a), a, o.ShiftSets())
		if err != nil {
			return Claim{}, err
		}
		t.add(d, d.Low > 0, "%s %s", b.Title, points(d))
	}
	return t.claim("Boosting the model's own prediction gives more robustness than the label", ablationSource, "Own prediction minus label, mean over the shift sets:"), nil
}

// claimLabelKeeps: "the ground-truth variant preserves the original accuracy
// better".
func (o *Outcome) claimLabelKeeps(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	for _, b := range ablationBases(o.Bases) {
		d, err := o.betweenArms(ctx, b, a, groundTruth.of(a), []string{o.Clean()})
		if err != nil {
			return Claim{}, err
		}
		t.add(d, d.Low > 0, "%s %s", b.Title, points(d))
	}
	return t.claim("The label preserves the accuracy on the clean set better", ablationSource, "Label minus own prediction on "+evaluate.Title(o.Clean())+":"), nil
}

// claimConfidenceCrucial: "for ViT, the classification loss is crucial for
// avoiding a significant loss of accuracy".
func (o *Outcome) claimConfidenceCrucial(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	clean := []string{o.Clean()}
	for _, b := range o.ofFamily(paper.ViTB) {
		lost, err := o.fromOriginal(ctx, b, noConfidence.of(a), clean)
		if err != nil {
			return Claim{}, err
		}
		saved, err := o.betweenArms(ctx, b, noConfidence.of(a), a, clean)
		if err != nil {
			return Claim{}, err
		}
		t.add(saved, lost.High < 0 && saved.Low > 0, "%s without Eq. 4 %s against the original; Eq. 4 saves %s", b.Title, points(lost), points(saved))
	}
	return t.claim("For ViT the classification loss is crucial to keep the accuracy", ablationSource, "On "+evaluate.Title(o.Clean())+":"), nil
}

// idle is by how many points a term that does nothing may differ.
const idle = 1.0

// claimConfidenceIdle: for DeiT "the classification loss does not contribute to
// the increase in robustness, nor is it necessary for preserving the original
// accuracy".
func (o *Outcome) claimConfidenceIdle(ctx context.Context, a Arm) (Claim, error) {
	var t tally
	for _, b := range o.ofFamily(paper.DeiTB) {
		clean, err := o.betweenArms(ctx, b, noConfidence.of(a), a, []string{o.Clean()})
		if err != nil {
			return Claim{}, err
		}
		shift, err := o.betweenArms(ctx, b, noConfidence.of(a), a, o.ShiftSets())
		if err != nil {
			return Claim{}, err
		}
		t.add(shift, clean.High < idle && shift.High < idle, "%s: %s on the clean set, %s over the shift sets", b.Title, points(clean), points(shift))
	}
	return t.claim("For DeiT the classification loss adds nothing", ablationSource, "What Eq. 4 adds; held where both intervals end below 1 point."), nil
}

// ofFamily are the ablated bases of a family of the paper.
func (o *Outcome) ofFamily(m paper.Model) []*pool.Base {
	var bases []*pool.Base
	for _, b := range ablationBases(o.Bases) {
		if is, ok := paperModel(b); ok && is == m {
			bases = append(bases, b)
		}
	}
	return bases
}
