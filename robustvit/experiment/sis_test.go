package experiment

import (
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
)

func TestOtherLabels(t *testing.T) {
	labels := otherLabels(3, "val/heart/1", 20, 5, []int{4, 7})
	if len(labels) != 5 || slices.Contains(labels, 4) || slices.Contains(labels, 7) {
		t.Errorf("%v, expected 5 labels other than 4 and 7", labels)
	}
	if again := otherLabels(3, "val/heart/1", 20, 5, []int{4, 7}); !slices.Equal(labels, again) {
		t.Errorf("%v, then %v", labels, again)
	}
	if other := otherLabels(4, "val/heart/1", 20, 5, []int{4, 7}); slices.Equal(labels, other) {
		t.Errorf("another seed drew the same %v", other)
	}
}

func TestKeptOnGrey(t *testing.T) {
	picture := &data.Image{Width: 2, Height: 1, Pix: []uint8{1, 2, 3, 4, 5, 6}}
	got := keptOnGrey(picture, []float32{0, 1}, [3]float32{0.5, 0, 1})
	if want := []uint8{128, 0, 255, 4, 5, 6}; !slices.Equal(got.Pix, want) || picture.Pix[0] != 1 {
		t.Errorf("%v, expected %v", got.Pix, want)
	}
}

func subset(found bool, share float64) evaluate.Subset {
	return evaluate.Subset{Found: found, Share: share}
}

// TestGrowthByHand: one pair of four was found in both, at 10 and 14 %.
func TestGrowthByHand(t *testing.T) {
	before := []evaluate.Subset{subset(true, 10), subset(true, 20), subset(false, 5), subset(false, 5)}
	after := []evaluate.Subset{subset(true, 14), subset(false, 5), subset(true, 40), subset(false, 5)}
	g, err := growthOf(before, after)
	if err != nil || g.both.N != 1 || math.Abs(g.both.Value-4) > 1e-9 || math.Abs(g.all.Value-(4+80-60+0)/4.0) > 1e-9 {
		t.Errorf("%+v, %v", g, err)
	}
	if _, err := growthOf(before, after[:2]); err == nil {
		t.Error("subsets of other targets were compared")
	}
}

func TestSubsetClaimsBothWays(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	b := w.Bases[0]
	points := grid(w.Bases, Ours, CrossEntropyFinetuned)
	of := func(found bool, ours float64) *Outcome {
		f := sisFound{base: b, points: points, subsets: map[string][]evaluate.Subset{}}
		f.targets.size.Labels = 1
		for i, p := range points {
			for k := range 12 {
				share := 10 + float64(k%3)
				if i == 1 {
					share += ours
				}
				f.subsets[p.Name] = append(f.subsets[p.Name], subset(found || k%2 == 0 || k == 1, share))
			}
		}
		o := &Outcome{Work: w, Results: &Results{}}
		if err := o.tellSubsets([]sisFound{f}); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, o)
		return o
	}
	if o := of(true, 5); !slices.Equal(verdicts(o, ""), []string{Held, Held}) {
		t.Errorf("all found, larger: %v", verdicts(o, ""))
	}
	if o := of(false, -5); !slices.Equal(verdicts(o, ""), []string{Partly, NotHeld}) {
		t.Errorf("one random label found, smaller: %v", verdicts(o, ""))
	}
}
