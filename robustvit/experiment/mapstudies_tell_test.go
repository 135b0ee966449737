package experiment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// mapOf is a map of 100 pixels, 50 of them the object, of which it hits so many
// on both sides.
func mapOf(hits int) evaluate.MapRecord {
	return evaluate.MapRecord{Right: true, PixelsRight: 2 * hits, Intersection: [2]int{hits, hits}, Union: [2]int{100 - hits, 100 - hits}, AP: float64(hits) / 50, APBoth: float64(hits) / 50, MassOnObject: float64(2 * hits)}
}

func TestClaimsOfTable3(t *testing.T) {
	const claim = "Segmentation metrics improve"
	o := studied(t, table3, studyWork(t, 1), all20, func(arm string, i int) evaluate.MapRecord {
		if strings.HasPrefix(arm, "ours") {
			return mapOf(40 + i%3)
		}
		return mapOf(30 + i%3)
	})
	if a, b := o.verdict(t, claim, Ours), o.verdict(t, claim, Published); a != Held || b != NotHeld {
		t.Errorf("ours %s, published %s; want held and not held", a, b)
	}
	change := o.Results.Sections[0].Tables[0].Rows[6]
	if change.Name != "VIT, ours, finetuned classes" || *change.Cells[0].Value != 20 {
		t.Errorf("change of ours %+v, want +20 points of pixel accuracy", change)
	}
	o = studied(t, table3, studyWork(t, 1), all20, func(arm string, i int) evaluate.MapRecord {
		if arm == "original" {
			return mapOf(30 + i%3)
		}
		return mapOf(40 + i%3)
	})
	if a := o.verdict(t, claim, Ours); a != NotHeld {
		t.Errorf("where the controls' maps improve as well: %s", a)
	}
}

// maskless is data without a segmentation test.
type maskless struct{ data.Collection }

func (maskless) Segmentation() (data.Dataset, error) { return nil, nil }

func TestStudiesWithoutMasks(t *testing.T) {
	w := studyWork(t, 1)
	for _, b := range w.Bases {
		b.Data = maskless{b.Data}
	}
	o := studied(t, table3, w, all20, nil)
	if len(o.points) != 0 || o.Results.Claims[0].Verdict != NotTested {
		t.Errorf("table-3: %d points, %+v", len(o.points), o.Results.Claims)
	}
	o = studied(t, perClass, w, all20, nil)
	if last := o.Results.Claims[len(o.Results.Claims)-1]; last.Verdict != NotTested {
		t.Errorf("per-class: %+v", last)
	}
	g, err := figure1(t.Context(), o, w.Bases[0])
	if g != nil || err != nil {
		t.Errorf("figure 1: %v, %v", g, err)
	}
}

func TestClaimsOfHalves(t *testing.T) {
	const gain, alike = "Classes that were not finetuned gain", "Both halves of the classes gain alike"
	o := studied(t, halves, studyWork(t, 1), ours20, nil)
	if a, b := o.verdict(t, gain, Ours), o.verdict(t, alike, Ours); a != Held || b != Held {
		t.Errorf("where both halves rise: %s, %s", a, b)
	}
	w := studyWork(t, 1)
	inA := inSetA(w.Bases[0])
	o = studied(t, halves, w, func(arm string, class, i int) bool { return ours20(arm, class, i) && (inA(class) || i%4 > 0) }, nil)
	if a, b := o.verdict(t, gain, Ours), o.verdict(t, alike, Ours); a != NotHeld || b != NotHeld {
		t.Errorf("where set A alone rises: %s, %s", a, b)
	}
	gap := o.Results.Sections[0].Tables[0]
	for _, row := range gap.Rows {
		if strings.HasSuffix(row.Name, Ours.Title) && (*row.Cells[0].Value != 25 || *row.Cells[1].Value != 0 || *row.Cells[2].Value != 25) {
			t.Errorf("%+v, want +25 on set A, 0 on set B", row)
		}
	}
}

func TestClaimsPerClass(t *testing.T) {
	const claim = "Classes vary considerably"
	o := studied(t, perClass, studyWork(t, 1), func(arm string, class, i int) bool { return i%4 > 0 || arm == Ours.Name && class < 5 }, nil)
	if a, b := o.verdict(t, claim, Ours), o.verdict(t, claim, Published); a != Held || b != NotHeld {
		t.Errorf("where five classes rise: %s, where none does: %s", a, b)
	}
	// 10 gains of 10 over both shift sets: p = 2 / 2^10, and 0.002 * 20 / 5 survives.
	if n := len(o.Results.Sections[0].Tables[1].Rows); n != 2*5 {
		t.Errorf("%d findings, want the five classes of both models", n)
	}
}

func TestSmallerHalf(t *testing.T) {
	half := smallerHalf(map[int]float64{3: 0.5, 5: 0.1, 8: 0.2, 9: 0.2, 11: 0.3})
	if len(half) != 2 || !half[5] || !half[8] {
		t.Errorf("%v, want classes 5 and 8", half)
	}
}

// TestLeastFound: of 20 classes one survives with 10 gains and no loss, p = 2/1024,
// not with 9; so says the test itself.
func TestLeastFound(t *testing.T) {
	if n := leastFound(20); n != 10 {
		t.Fatalf("%d, want 10", n)
	}
	for gains, want := range map[int]int{9: 0, 10: 1} {
		var before, after []evaluate.Record
		for i := range 20 * 20 {
			r := evaluate.Record{ID: fmt.Sprint(i), Class: i / 20, Top: []int{99}}
			before = append(before, r)
			if i < gains {
				r.Top = []int{0}
			}
			after = append(after, r)
		}
		changes, err := evaluate.PerClass(before, after)
		if _, _, rises, _ := countClasses(changes); err != nil || rises != want {
			t.Errorf("%d gains: %d found, %v; want %d", gains, rises, err, want)
		}
	}
}

func TestBothEnds(t *testing.T) {
	changes := make([]evaluate.ClassChange, 100)
	for i := range changes {
		changes[i].Class = i
	}
	ends := bothEnds(changes)
	if len(ends) != 2*shownClasses || ends[0].Class != 0 || ends[shownClasses].Class != 100-shownClasses {
		t.Errorf("%d classes, %d first of the losses", len(ends), ends[shownClasses].Class)
	}
	if all := bothEnds(changes[:40]); len(all) != 40 {
		t.Errorf("of 40 classes %d", len(all))
	}
}

func TestFigureRules(t *testing.T) {
	says := func(class int, confidence float64) evaluate.Record {
		return evaluate.Record{Class: 1, Top: []int{class}, Confidence: []float64{confidence}}
	}
	records := []evaluate.Record{says(1, 0.9), says(2, 0.95), says(1, 0.3), says(1, 0.8), says(1, 0.2)}
	maps := []evaluate.MapRecord{{Predicted: 1, MassOnObject: 60}, {Predicted: 2, MassOnObject: 20}, {Predicted: 1, MassOnObject: 1}, {Predicted: 1, MassOnObject: 40}, {Predicted: 1}}
	places, candidates, missing := leastOnObject(records, maps)
	if !slices.Equal(places, []int{1, 3, 0}) || candidates != 3 || missing != 2 {
		t.Errorf("%v of %d, %d off the object; want 1, 3, 0 of the three at least 0.8 confident", places, candidates, missing)
	}
	after := []evaluate.Record{says(2, 1), says(1, 1), says(1, 1), says(2, 1), says(2, 1)}
	if broken := firstBroken(records, after, 1, 2); !slices.Equal(broken, []int{0, 3}) {
		t.Errorf("broken %v, want 0 and 3", broken)
	}
	harmed := mostHarmed([]evaluate.ClassChange{{Class: 7, Points: 3}, {Class: 2, Points: -1}, {Class: 4, Points: -9}}, 3)
	if len(harmed) != 2 || harmed[0].Class != 4 {
		t.Errorf("harmed %v, want 4 then 2", harmed)
	}
	o := &Outcome{Work: &Work{Setting: &Setting{Sets: []string{"val", "imagenet-r"}}}}
	if sets := o.harmedSets(); !slices.Equal(sets, []string{"imagenet-r", "val"}) {
		t.Errorf("harmed sets %v", sets)
	}
	if name := pictureName(chosen{set: pool.MapSet, index: 3}, pool.Spec{Base: "vit"}); !strings.HasPrefix(name, "pictures/vit-") || !strings.HasSuffix(name, "-masks-000003.png") {
		t.Errorf("picture %s", name)
	}
}
