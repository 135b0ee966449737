package experiment

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

func faithful(insertion, deletion, whole float64) []evaluate.FaithfulRecord {
	var records []evaluate.FaithfulRecord
	for i := range 10 {
		records = append(records, evaluate.FaithfulRecord{ID: fmt.Sprint(i), Deletion: []float64{whole, 0}, Insertion: []float64{0, whole}, InsertionAUC: insertion, DeletionAUC: deletion})
	}
	return records
}

// TestLeadByHand: 60 - 20 less 45 - 35 is 30 of the 80 % on the whole image.
func TestLeadByHand(t *testing.T) {
	values, err := leads(faithful(60, 20, 80), faithful(45, 35, 80))
	if err != nil || math.Abs(values[0]-37.5) > 1e-9 {
		t.Errorf("%v, %v", values, err)
	}
	if _, err := leads(faithful(60, 20, 80), faithful(45, 35, 80)[:3]); err == nil {
		t.Error("curves of other images were compared")
	}
}

// masked are maps that cover a share of the object.
func masked(share int) []evaluate.MapRecord {
	var records []evaluate.MapRecord
	for i := range 10 {
		records = append(records, evaluate.MapRecord{ID: fmt.Sprint(i), Pixels: 100, PixelsRight: 50 + share, Intersection: [2]int{40, share}, Union: [2]int{60, 60}, AP: 0.5})
	}
	return records
}

// Maps that cover more without leading further are prettier only.
func TestPrettierOrMoreFaithful(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	of := func(cover int, insertion float64) *Outcome {
		o := &Outcome{Work: w, Results: &Results{}, points: grid(w.Bases, Published, Ours, CrossEntropyFinetuned, ConfidenceFinetuned)}
		found := map[string]explained{}
		for _, p := range o.points {
			e := explained{p, map[string][]evaluate.MapRecord{}, map[string][]evaluate.FaithfulRecord{randomOrder: faithful(40, 40, 80)}}
			for _, kind := range explainerNames() {
				e.maps[kind], e.faithful[kind] = masked(20), faithful(50, 30, 80)
				if armName(p) == Ours.Name && kind == gaeName {
					e.maps[kind], e.faithful[kind] = masked(cover), faithful(insertion, 30, 80)
				}
			}
			found[p.Name] = e
		}
		if err := o.claimsExplanations(found); err != nil {
			t.Fatal(err)
		}
		for _, tell := range []func(map[string]explained) (Table, error){o.explanationChanges, o.carriedTable, o.explainerOverlap, o.faithfulTable} {
			table, err := tell(found)
			if err != nil {
				t.Fatal(err)
			}
			o.Add(Section{Tables: []Table{table}})
		}
		wellFormed(t, o)
		return o
	}
	for _, test := range []struct {
		cover     int
		insertion float64
		want      []string // covers, others agree, faithful
	}{{40, 50, []string{Held, NotHeld, NotHeld}}, {40, 70, []string{Held, NotHeld, Held}}, {20, 40, []string{NotHeld, NotHeld, NotHeld}}} {
		if got := verdicts(of(test.cover, test.insertion), ""); !slices.Equal(got, test.want) {
			t.Errorf("cover %d, insertion %g: %v, expected %v", test.cover, test.insertion, got, test.want)
		}
	}
}
