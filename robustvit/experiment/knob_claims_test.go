package experiment

import (
	"context"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// verdicts are those of the claims about ours, finetuned classes, or about both forms.
func knobVerdicts(o *Outcome) map[string]string {
	found := map[string]string{}
	for _, c := range o.Results.Claims {
		if !strings.Contains(c.Claim, Published.Title) {
			found[strings.TrimSuffix(c.Claim, " ("+Ours.Title+")")] = c.Verdict
		}
	}
	return found
}

func tellStudy(t *testing.T, s study, w *Work, accuracy func(point, set string) int) *Outcome {
	t.Helper()
	o := knobOutcome(t, s, w, accuracy)
	if err := s.experiment().Tell(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if len(o.Results.Sections) < 2 || len(o.Results.Sections[0].Tables) == 0 || len(o.Results.Sections[0].Plots) == 0 {
		t.Fatalf("%s tells %d sections; the first needs a table and a plot", s.Name, len(o.Results.Sections))
	}
	for _, plot := range o.Results.Sections[0].Plots {
		for _, series := range plot.Series {
			if len(series.Y) == 0 || len(series.Low) > 0 && len(series.Low) != len(series.Y) || plot.Kind == Curves && len(series.X) != len(series.Y) {
				t.Errorf("%s: series %q of %q is ragged", s.Name, series.Name, plot.Title)
			}
		}
	}
	return o
}

func expectKnobVerdict(t *testing.T, o *Outcome, claim, want string) {
	t.Helper()
	for text, got := range knobVerdicts(o) {
		if strings.HasPrefix(text, claim) {
			if got != want {
				t.Errorf("%q is %s, expected %s", text, got, want)
			}
			return
		}
	}
	t.Errorf("no claim begins with %q, found %v", claim, knobVerdicts(o))
}

// plainGain: ours is far above its controls whatever the knob.
func plainGain(point, _ string) int {
	switch {
	case strings.HasPrefix(point, "vit-ours"), strings.HasPrefix(point, "deit-ours"):
		return 70
	case strings.HasSuffix(point, "original"):
		return 40
	}
	return 42
}

// except has another accuracy at the points whose names end so.
func except(ends string, accuracy int) func(point, set string) int {
	return func(point, set string) int {
		if strings.HasSuffix(point, ends) {
			return accuracy
		}
		return plainGain(point, set)
	}
}

func TestSamplesClaims(t *testing.T) {
	const three, two = "Three samples", "Only two"
	for _, c := range []struct {
		accuracy   func(point, set string) int
		three, two string
	}{
		{plainGain, Held, Held},
		{except("ours-images-a-class-10", 95), Partly, Held},
		{except("ours-images-a-class-3", 40), NotHeld, Held},
		{except("ours-images-a-class-2", 58), Held, Partly},
		{except("ours-images-a-class-2", 40), Held, NotHeld},
		{except("ce-finetuned", 90), Partly, Held}, // a control explains the gain
	} {
		o := tellStudy(t, samplesStudy, knobWork(knobBase("vit")), c.accuracy)
		expectKnobVerdict(t, o, three, c.three)
		expectKnobVerdict(t, o, two, c.two)
	}
}

func TestClassCountClaims(t *testing.T) {
	o := tellStudy(t, classCountStudy, knobWork(knobBase("vit")), plainGain)
	expectKnobVerdict(t, o, "Half the classes", Held)
	expectKnobVerdict(t, o, "Considerably fewer", Held)
	table := o.Results.Sections[0].Tables[0]
	if got := table.Columns[len(table.Columns)-1].Name; got != "6 untouched classes" {
		t.Errorf("last column %q", got)
	}
	o = tellStudy(t, classCountStudy, knobWork(knobBase("vit")), except("ours-classes-20", 95))
	expectKnobVerdict(t, o, "Half the classes", Partly)
	o = tellStudy(t, classCountStudy, knobWork(knobBase("vit")), except("ours-classes-4", 30))
	expectKnobVerdict(t, o, "Considerably fewer", NotHeld)
}

func TestStableKnobs(t *testing.T) {
	w := knobWork(knobBase("vit"), knobBase("deit"))
	for _, c := range []struct {
		study study
		claim string
		ends  string
	}{
		{temperatureStudy, "The gain does not depend on the temperature", "ours-temperature-2"},
		{startLayerStudy, "The gain does not depend on the first layer", "ours-start-layer-4"},
		{lambdaStudy, "The method is stable under the foreground weight", "vit-ours-foreground-weight-0"},
		{rateStudy, "The method is not sensitive", "ours-rate-factor-0.5"},
	} {
		expectKnobVerdict(t, tellStudy(t, c.study, w, plainGain), c.claim, Held)
		expectKnobVerdict(t, tellStudy(t, c.study, w, except(c.ends, 40)), c.claim, Partly)
		expectKnobVerdict(t, tellStudy(t, c.study, w, func(string, string) int { return 40 }), c.claim, NotHeld)
	}
	one := "The same weights serve"
	expectKnobVerdict(t, tellStudy(t, lambdaStudy, w, plainGain), one, Held)
	expectKnobVerdict(t, tellStudy(t, lambdaStudy, w, except("deit-ours-background-weight-8", 95)), one, Partly)
	expectKnobVerdict(t, tellStudy(t, lambdaStudy, knobWork(knobBase("vit")), plainGain), one, NotTested)
}

// The highest rate that keeps validation accuracy and relevance loss, never a
// look at the shifted sets.
func TestRateRuleOnRecords(t *testing.T) {
	w := knobWork(knobBase("vit"))
	accuracy := func(point, set string) int {
		drop := strings.HasSuffix(point, "factor-4") || strings.HasSuffix(point, "factor-8")
		switch {
		case set == "validation" && drop:
			return 80
		case set == "validation" || set == "background":
			return 90
		case strings.HasSuffix(point, "factor-8"):
			return 95 // what the shifted sets would choose
		}
		return plainGain(point, set)
	}
	o := tellStudy(t, rateStudy, w, accuracy)
	expectKnobVerdict(t, o, "The rule of thumb", Partly)
	for _, section := range o.Results.Sections {
		for _, table := range section.Tables {
			if table.Name != "rule-ours" {
				continue
			}
			for _, row := range table.Rows {
				if chosen := row.Cells[4].Text == "yes, chosen"; chosen != (row.Name == "2") {
					t.Errorf("row %s: %s", row.Name, row.Cells[4].Text)
				}
			}
		}
	}
	// A relevance loss that rises fails too, at every rate.
	o = tellStudy(t, rateStudy, w, func(point, set string) int {
		if set == "background" && strings.HasSuffix(point, "original") {
			return 99
		}
		return accuracy(point, set)
	})
	expectKnobVerdict(t, o, "The rule of thumb", NotHeld)
}

// Without a shifted set nothing is claimed and nothing fails.
func TestStudiesWithoutShiftedSets(t *testing.T) {
	w := knobWork(knobBase("vit"))
	w.Sets = []string{"val"}
	for _, s := range []study{samplesStudy, classCountStudy, temperatureStudy, lambdaStudy, rateStudy} {
		o := tellStudy(t, s, w, plainGain)
		for _, c := range o.Results.Claims {
			if c.Verdict != NotTested && !strings.HasPrefix(c.Claim, "The rule") {
				t.Errorf("%s: %q is %s", s.Name, c.Claim, c.Verdict)
			}
		}
	}
}

func TestMapVerdict(t *testing.T) {
	better := evaluate.MapChange{MassOnObject: evaluate.Estimate{Value: 3, Low: 1, High: 5}}
	up, flat := evaluate.Difference{Points: 3, Low: 1, High: 5, N: 9}, evaluate.Difference{Low: -1, High: 1, N: 9}
	for _, c := range []struct {
		maps  evaluate.MapChange
		shift evaluate.Difference
		want  string
	}{{better, flat, Held}, {better, up, NotHeld}, {evaluate.MapChange{}, flat, NotTested}, {better, evaluate.Difference{}, NotTested}} {
		if got := mapVerdict(c.maps, c.shift); got != c.want {
			t.Errorf("maps %v, shift %v: %s, expected %s", c.maps.MassOnObject, c.shift, got, c.want)
		}
	}
}

// The paper's crop makes fractions of binary masks, the embedded shift does not.
func TestFractionsOfMasks(t *testing.T) {
	b := knobBase("vit")
	k := maskRuleKnob(b)
	var got []bool
	for _, v := range k.values {
		share, err := fractions(b, k.at(Ours, v).Spec(b).Finetune)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, share > 0)
	}
	if want := []bool{false, false, true, false}; len(got) != 4 || got[2] != want[2] || got[0] || got[1] || got[3] {
		t.Errorf("fractions %v, expected %v", got, want)
	}
	b.Finetune.Augment.Kind = "crop"
	if n := len(maskRuleKnob(b).values); n != 2 {
		t.Errorf("%d values under the paper's crop, expected both rules", n)
	}
}
