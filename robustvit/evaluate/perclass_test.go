package evaluate

import (
	"math"
	"testing"
)

func near(got, want []float64, tolerance float64) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			return false
		}
	}
	return true
}

// Golden values of statsmodels 0.15.0, multipletests(method="holm") and
// (method="fdr_bh"), computed once.
func TestMultiplicity(t *testing.T) {
	p := []float64{0.01, 0.04, 0.03, 0.005, 0.9, 0.04}
	if got, want := Holm(p), []float64{0.05, 0.12, 0.12, 0.03, 0.9, 0.12}; !near(got, want, 1e-12) {
		t.Errorf("Holm %v, expected %v", got, want)
	}
	if got, want := BenjaminiHochberg(p), []float64{0.03, 0.048, 0.048, 0.03, 0.9, 0.048}; !near(got, want, 1e-12) {
		t.Errorf("Benjamini-Hochberg %v, expected %v", got, want)
	}
	if got := HolmDifferences([]Difference{{P: 0.02}, {P: 0.9}}); !near(got, []float64{0.04, 0.9}, 1e-12) {
		t.Errorf("Holm of differences %v", got)
	}
	if len(Holm(nil)) != 0 || len(BenjaminiHochberg(nil)) != 0 {
		t.Error("a family of no test")
	}
}

// TestMcNemar: golden values of scipy 1.17.1, binomtest, computed once.
func TestMcNemar(t *testing.T) {
	for _, c := range []struct {
		gained, lost int
		p            float64
	}{{5, 0, 0.0625}, {0, 6, 0.03125}, {9, 2, 0.0654296875}, {3, 3, 1}, {0, 0, 1}} {
		if got := mcnemar(c.gained, c.lost); math.Abs(got-c.p) > 1e-12 {
			t.Errorf("%d gained, %d lost: p = %g, expected %g", c.gained, c.lost, got, c.p)
		}
	}
}

// classRecords are n images of a class: right ones from and up to these numbers.
func classRecords(class, n, from, to int) (records []Record) {
	for i := range n {
		r := Record{ID: string(rune('a' + i)), Class: class, Top: []int{class + 1}}
		if i >= from && i < to {
			r.Top[0] = class
		}
		records = append(records, r)
	}
	return records
}

func TestPerClass(t *testing.T) {
	// Class 4: all 20 gained. Class 7: 2 lost, 1 gained. Class 2: as before. Class 9: 1 of 1 lost.
	before := append(append(append(classRecords(7, 4, 0, 3), classRecords(4, 20, 0, 0)...), classRecords(2, 5, 0, 3)...), classRecords(9, 1, 0, 1)...)
	after := append(append(append(classRecords(7, 4, 2, 4), classRecords(4, 20, 0, 20)...), classRecords(2, 5, 0, 3)...), classRecords(9, 1, 0, 0)...)
	got, err := PerClass(before, after)
	if err != nil || len(got) != 4 {
		t.Fatalf("%d classes, %v", len(got), err)
	}
	for i, want := range []struct {
		class, n, gained, lost int
		points                 float64
		finding                bool
	}{{4, 20, 20, 0, 100, true}, {2, 5, 0, 0, 0, false}, {7, 4, 1, 2, -25, false}, {9, 1, 0, 1, -100, false}} {
		c := got[i]
		if c.Class != want.class || c.N != want.n || c.Gained != want.gained || c.Lost != want.lost || c.Points != want.points || c.Finding != want.finding {
			t.Errorf("place %d: %+v, expected %+v", i, c, want)
		}
		if math.Abs(c.After.Percent-c.Before.Percent-c.Points) > 1e-9 || c.Before.N != c.N {
			t.Errorf("class %d: %g %% after, %g %% before, %g points", c.Class, c.After.Percent, c.Before.Percent, c.Points)
		}
	}
	if p := got[0].P; math.Abs(got[0].Adjusted-4*p) > 1e-15 || p == 0 {
		t.Errorf("class 4: p = %g, adjusted for 4 classes %g", p, got[0].Adjusted)
	}
	if _, err := PerClass(before, after[1:]); err == nil {
		t.Error("other images, and no error")
	}
	other := append([]Record(nil), after...)
	other[0].ID = "another"
	if _, err := PerClass(before, other); err == nil {
		t.Error("another image in the first place, and no error")
	}
}
