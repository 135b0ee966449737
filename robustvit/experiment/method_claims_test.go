package experiment

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// upTo is right on the first n of 40 images.
func upTo(n int) func(int) bool { return func(i int) bool { return i < n } }

// The paper's account of its ablation, and its opposite.
func TestAblationClaimsBothWays(t *testing.T) {
	account := func(arm, set string, _ bool, i int) bool {
		clean := set == "val"
		switch {
		case arm == "original":
			return upTo(map[bool]int{true: 36, false: 10}[clean])(i)
		case strings.HasSuffix(arm, noConfidence.name):
			return upTo(map[bool]int{true: 16, false: 12}[clean])(i)
		case strings.HasSuffix(arm, noBackground.name):
			return upTo(map[bool]int{true: 36, false: 12}[clean])(i)
		case strings.HasSuffix(arm, noForeground.name):
			return upTo(map[bool]int{true: 28, false: 24}[clean])(i)
		case strings.HasSuffix(arm, groundTruth.name):
			return upTo(map[bool]int{true: 36, false: 20}[clean])(i)
		}
		return upTo(map[bool]int{true: 28, false: 28}[clean])(i)
	}
	reversed := func(arm, set string, trained bool, i int) bool { return !account(arm, set, trained, i) }
	for want, right := range map[string]func(string, string, bool, int) bool{Held: account, NotHeld: reversed} {
		o := pretended(t, ablation, nil, right)
		if err := o.claimsAblation(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, a := range method {
			for _, begin := range []string{"The background loss does more", "Boosting the model's own", "The label preserves", "For ViT the classification loss"} {
				if got := methodVerdict(t, o, begin, "("+a.Title+")"); got != want {
					t.Errorf("%s (%s) is %s, expected %s", begin, a.Title, got, want)
				}
			}
		}
		costs := map[string]string{Held: Held, NotHeld: NotTested}[want] // reversed, nothing is lost
		if got := methodVerdict(t, o, "Accuracy on the clean set is lost", "("+Ours.Title+")"); got != costs {
			t.Errorf("what the background loss costs is %s, expected %s", got, costs)
		}
	}
}

// The ablated bases are the families of the paper's.
func TestAblationBases(t *testing.T) {
	bases := ablationBases(open(t).Bases)
	if len(bases) != 2 || bases[0].Name != "vit" || bases[1].Name != "deit" {
		t.Errorf("ablated %d bases", len(bases))
	}
	b := bases[0]
	if got, ok := paperAblationChange(noBackground.of(Published).Point(b), aspect{sets: []string{"imagenet-a", "imagenet-r"}}); !ok || math.Abs(got-(3.1+2.1)/2) > 1e-9 {
		t.Errorf("the paper's change without Eq. 1 is %g, expected 2.6", got)
	}
	if _, ok := paperAblationChange(noBackground.of(Ours).Point(b), aspect{sets: []string{"imagenet-a"}}); ok {
		t.Error("the paper has a number for our departure")
	}
}

// A form that forgets set B, one that does not.
func TestForgettingIsFound(t *testing.T) {
	right := func(arm, _ string, trained bool, i int) bool {
		if strings.HasPrefix(arm, Published.Name) || strings.HasPrefix(arm, "confidence-full-rate") {
			return trained
		}
		return true
	}
	o := pretended(t, confidenceTerm, nil, right)
	all, _, _, err := o.populations()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.claimsConfidenceTerm(context.Background(), all, o.termColumns()); err != nil {
		t.Fatal(err)
	}
	if got := methodVerdict(t, o, "With few classes", "(INet val)"); got != Held {
		t.Errorf("forgetting is %s", got)
	}
	if got := methodVerdict(t, o, "What the confidence over all classes forgets shrinks", "(INet val)"); got != NotHeld {
		t.Errorf("forgetting all set B at every size shrinks: %s", got)
	}
	if got := methodVerdict(t, o, "At the same rate", "(INet val)"); got != Held {
		t.Errorf("the restricted term keeps set B: %s", got)
	}
}

// More classes take fewer images each; the first base keeps its own.
func TestAsManySteps(t *testing.T) {
	first := &pool.Base{Finetune: finetune.Config{Classes: make([]int, 10), PerClass: 15}}
	more := &pool.Base{Finetune: finetune.Config{Classes: make([]int, 40), PerClass: 15}}
	for b, want := range map[*pool.Base]int{first: 15, more: 4} {
		c := b.Finetune
		asManySteps(first, b)(&c)
		if c.PerClass != want {
			t.Errorf("%d classes: %d images each, expected %d", len(c.Classes), c.PerClass, want)
		}
	}
}

// A gain that comes back with every model, and one that the second does not show.
func TestSeedClaims(t *testing.T) {
	all := func(arm, _ string, _ bool, i int) bool {
		return upTo(map[bool]int{true: 30, false: 10}[arm == Ours.Name])(i)
	}
	o := pretended(t, pretrainingSeeds, nil, all)
	bases, _, err := o.seeded()
	if err != nil {
		t.Fatal(err)
	}
	if len(bases) < 2 {
		t.Skip("one model")
	}
	if err := o.claimsSeeds(context.Background(), bases); err != nil {
		t.Fatal(err)
	}
	if got := methodVerdict(t, o, "The conclusion does not depend", "("+Ours.Title+")"); got != Held {
		t.Errorf("a gain of every model is %s", got)
	}
	if got := methodVerdict(t, o, "In the mean over the models", "("+Published.Title+")"); len(bases) >= fewestModels && got != NotHeld || len(bases) < fewestModels && got != NotTested {
		t.Errorf("no gain of %d models is %s", len(bases), got)
	}
	second := bases[1].Name
	for _, set := range o.Work.Sets {
		o.records[recordKey{second + "-" + Ours.Name, set}] = o.records[recordKey{second + "-original", set}]
	}
	o.Results.Claims = nil
	if err := o.claimsSeeds(context.Background(), bases); err != nil {
		t.Fatal(err)
	}
	if got := methodVerdict(t, o, "The conclusion does not depend", "("+Ours.Title+")"); got != share(len(bases)-2, len(bases)-1) {
		t.Errorf("a gain that the second model does not show is %s", got)
	}
}

// Along the path stand the main results' models, and the nearest is found.
func TestPath(t *testing.T) {
	level := map[string]int{"original": 10, "ours-alpha-0.25": 12, "ours-alpha-0.5": 22, "ours-alpha-0.75": 24, "ours": 25, "ours-alpha-1.25": 24, "ours-alpha-1.5": 20, "ours-rate-0.25": 13, "ours-rate-0.5": 21}
	o := pretended(t, interpolation, nil, func(arm, set string, _ bool, i int) bool {
		if set == "val" {
			return arm != Ours.Name || i < 30
		}
		return i < level[arm]
	})
	b, ctx := o.Bases[0], context.Background()
	steps := interpolated(b, Ours)
	if steps[0].point.Name != original(b) || steps[4].point.Spec.Folder() != Ours.Spec(b).Folder() || byRate(b, Ours)[2].point.Name != named(b, Ours) {
		t.Error("the ends of the path are not the original and ours")
	}
	near, err := o.nearest(ctx, byRate(b, Ours)[1], steps, o.ShiftSets())
	if err != nil || near.value != 0.5 {
		t.Errorf("nearest to 21 right is alpha %g, %v", near.value, err)
	}
	if err := o.claimsPath(ctx, b, Ours); err != nil {
		t.Fatal(err)
	}
	if got := methodVerdict(t, o, "Half of the way", "("+Ours.Title+")"); got != Held {
		t.Errorf("12 of 15 gained half way is %s", got)
	}
	if got := methodVerdict(t, o, "Going beyond", "("+Ours.Title+")"); got != NotHeld {
		t.Errorf("a fall beyond the finetuned weights is %s", got)
	}
}

// How far answers and confidence moved, by hand.
func TestMoved(t *testing.T) {
	before := []evaluate.Record{{Top: []int{1}, Confidence: []float64{0.5}}, {Top: []int{2}, Confidence: []float64{0.25}}}
	after := []evaluate.Record{{Top: []int{1}, Confidence: []float64{0.75}}, {Top: []int{3}, Confidence: []float64{0.25}}}
	m, err := answersMoved(before, after)
	if err != nil || m.agreement.Percent != 50 || m.confidence.Value != 12.5 {
		t.Errorf("moved %+v, %v; expected half the answers and 12.5 points", m, err)
	}
}

// A control within a point stands; the KL variant comes after the method.
func TestControlsStand(t *testing.T) {
	if !stands(difference(-0.9, 0.9)) || stands(difference(-0.1, 1.1)) {
		t.Error("a control stands within a point")
	}
	o := pretended(t, controlsStudy, nil, never)
	for _, b := range o.Bases {
		o.points = departureLast(o.points)
		if all := o.of(b); armName(all[len(all)-1]) != KL.Name || len(all) != 8 {
			t.Errorf("%s ends with %s of %d", b.Name, armName(all[len(all)-1]), len(all))
		}
	}
}

// The method alone moves, or its controls move as well.
func TestControlClaimsBothWays(t *testing.T) {
	for want, moving := range map[string]func(arm string) bool{
		Held:    func(arm string) bool { return arm == Published.Name || arm == Ours.Name || arm == KL.Name },
		NotHeld: func(arm string) bool { return arm != "original" },
	} {
		o := pretended(t, controlsStudy, nil, func(arm, set string, _ bool, i int) bool {
			return set == "val" || moving(arm) && i < 20
		})
		if err := o.claimsControls(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := methodVerdict(t, o, "The relevance loss does it", "("+Ours.Title+")"); got != want {
			t.Errorf("the method against its controls is %s, expected %s", got, want)
		}
		if got := methodVerdict(t, o, "Without the relevance loss nothing moves", ": "+Confidence.Title); got != want {
			t.Errorf("a control that moves: %v; nothing moves is %s, expected %s", want == NotHeld, got, want)
		}
		if got := methodVerdict(t, o, "Held by the KL to the original instead", "("+Ours.Title+")"); got != NotHeld {
			t.Errorf("a KL variant as good as the method gains more: %s", got)
		}
	}
}

// The grid names what was chosen; a loss that stays does not converge.
func TestBaselineGrid(t *testing.T) {
	b := open(t).Bases[0]
	form := baselineForms[0]
	rate, weight := b.Finetune.Rate, form.weights[0]
	g := tuned{b, form, form.arm(b, 1, weight), []Trial{{Rate: rate / 2, Weight: weight, Remaining: 0.9, Passes: true}, {Rate: rate, Weight: weight, Remaining: 0.6, Passes: true}, {Rate: 2 * rate, Weight: weight, Remaining: 0.3}}}
	s := gridSection([]*pool.Base{b}, []tuned{g})
	for i, want := range []string{"", "chosen", "loses too much"} {
		if got := s.Tables[0].Rows[i].Cells[5].Text; got != want {
			t.Errorf("trial %d is marked %q, expected %q", i, got, want)
		}
	}
	if c := converges([]tuned{g}, false); c.Verdict != Held {
		t.Errorf("60 %% left of what keeps the accuracy: %s", c.Verdict)
	}
	g.trials[2].Passes = true
	if c := converges([]tuned{g}, false); c.Verdict != NotHeld {
		t.Errorf("30 %% left: %s", c.Verdict)
	}
	if c := converges([]tuned{g}, true); c.Verdict != NotTested {
		t.Errorf("no released form here: %s", c.Verdict)
	}
	plain := plainAt(b, g.arm).Spec(b).Finetune
	if plain.Rate != rate || plain.Objective.Relevance != 0 || plain.Objective.Confidence != form.objective.Confidence || plain.Objective.Validate(b.Model.Variant) != nil {
		t.Errorf("the plain cross-entropy is %+v", plain.Objective)
	}
}

func TestDistance(t *testing.T) {
	s := open(t)
	if d, err := distance(s.Bases[0].Model, s.Bases[0].Model); err != nil || d != 0 {
		t.Errorf("a model is %g from itself, %v", d, err)
	}
	if d, err := distance(s.Bases[0].Model, s.Bases[1].Model); err == nil && !(d > 0) {
		t.Errorf("two models are %g apart", d)
	}
}
