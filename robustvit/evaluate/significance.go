package evaluate

import "fmt"

// CompareSets is Compare for any two models, which refuses records of other
// images or of another order.
func CompareSets(before, after [][]Record, keep func(class int) bool) (Difference, error) {
	if len(before) != len(after) {
		return Difference{}, fmt.Errorf("compare: %d sets before, %d after; evaluate both models on the same sets", len(before), len(after))
	}
	for s := range before {
		if err := paired(before[s], after[s], recordID); err != nil {
			return Difference{}, fmt.Errorf("set %d of %d: %w", s+1, len(before), err)
		}
	}
	return Compare(before, after, keep), nil
}

// AgainstControl compares the method with a control that was finetuned as long,
// on as many images and at the same rate, without what the method claims to
// work by (the relevance losses, say). What any finetuning would have given is
// in both. The three models see the same images, so the difference of the two
// changes, "ours minus control", is Compare(control, ours): the original drops
// out of it image by image.
type AgainstControl struct {
	Control     Difference `json:"control"`      // control minus original
	Ours        Difference `json:"ours"`         // ours minus original
	OverControl Difference `json:"over_control"` // ours minus control
}

// CompareWithControl compares three models on the same sets, each of which
// weighs the same. Keep chooses the true classes that count; nil counts all.
func CompareWithControl(original, control, ours [][]Record, keep func(class int) bool) (a AgainstControl, err error) {
	if a.Control, err = CompareSets(original, control, keep); err != nil {
		return a, fmt.Errorf("control: %w", err)
	}
	if a.Ours, err = CompareSets(original, ours, keep); err != nil {
		return a, fmt.Errorf("ours: %w", err)
	}
	a.OverControl, err = CompareSets(control, ours, keep)
	return a, err
}

// Held says that a claim of improvement is held: ours beats the control with the
// whole 95 % interval. A gain over the original alone is not enough. Where a
// paper's several claims are tested together, ask HolmDifferences of their
// OverControl too.
func (a AgainstControl) Held() bool { return a.OverControl.Low > 0 }

// Reversed says that the control beats ours with the whole interval. Neither
// Held nor Reversed: the images do not tell them apart.
func (a AgainstControl) Reversed() bool { return a.OverControl.High < 0 }
