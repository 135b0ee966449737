package evaluate

import (
	"fmt"
	"math"
	"testing"
)

// partRecords are n images of each class; right says which are answered right.
func partRecords(classes, n int, right func(class, i int) bool) []Record {
	var records []Record
	for class := range classes {
		for i := range n {
			said := class
			if !right(class, i) {
				said = classes
			}
			records = append(records, Record{ID: fmt.Sprintf("%d/%d", class, i), Class: class, Top: []int{said, classes + 1}})
		}
	}
	return records
}

func never(int, int) bool { return false }

// TestPartsByHand: of two classes inside all become right, of two outside half
// do: 100, 50 and a gap of 50 points, whose interval excludes 0.
func TestPartsByHand(t *testing.T) {
	before := partRecords(4, 20, never)
	after := partRecords(4, 20, func(class, i int) bool { return class < 2 || i%2 == 0 })
	inside := func(class int) bool { return class < 2 }
	pairs := Pairs{[][]Record{before, before}, [][]Record{after, after}, inside}
	c, err := CompareParts([]Pairs{pairs, pairs}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c.Inside.Value != 100 || c.Outside.Value != 50 || c.Gap.Value != 50 || !c.Gap.Significant() || c.Gap.Low >= 50 || c.Gap.High <= 50 {
		t.Errorf("%+v, want 100, 50 and a gap of 50 that its interval spans", c)
	}
	same, err := CompareParts([]Pairs{{[][]Record{before}, [][]Record{after}, func(class int) bool { return class%2 == 0 }}}, 1)
	if err != nil || same.Gap.Value != 0 || same.Gap.Significant() {
		t.Errorf("equal parts: %+v, %v; want no gap", same, err)
	}
}

// TestPartsShareImages: two models that do the same to the same images are no
// more certain than one; two that see other images are.
func TestPartsShareImages(t *testing.T) {
	before := partRecords(4, 20, never)
	after := partRecords(4, 20, func(class, i int) bool { return (i+class)%3 == 0 })
	inside := func(class int) bool { return class < 2 }
	one := Pairs{[][]Record{before}, [][]Record{after}, inside}
	rename := func(records []Record) []Record {
		var other []Record
		for _, r := range records {
			r.ID = "other/" + r.ID
			other = append(other, r)
		}
		return other
	}
	two := Pairs{[][]Record{rename(before)}, [][]Record{rename(after)}, inside}
	width := func(models ...Pairs) float64 {
		c, err := CompareParts(models, 1)
		if err != nil {
			t.Fatal(err)
		}
		return c.Gap.High - c.Gap.Low
	}
	if a, b := width(one), width(one, one); a != b {
		t.Errorf("the same model twice: width %g, once %g", b, a)
	}
	if a, b := width(one), width(one, two); !(b < 0.85*a) {
		t.Errorf("other images: width %g, of one model %g; want near 1/sqrt 2", b, a)
	}
}

func TestPartsRefuseOtherImagesAndEmptyParts(t *testing.T) {
	a, b := partRecords(2, 3, never), partRecords(2, 4, never)
	if _, err := CompareParts([]Pairs{{[][]Record{a}, [][]Record{b}, func(int) bool { return true }}}, 1); err == nil {
		t.Error("records of other images were compared")
	}
	c, err := CompareParts([]Pairs{{[][]Record{a}, [][]Record{a}, func(int) bool { return true }}}, 1)
	if err != nil || c.Gap.N != 0 {
		t.Errorf("without an outside: %+v, %v; want nothing", c, err)
	}
}

// TestSpreadTellsClassesFromChance: half of the classes gain everything, or all
// gain a third at changing places.
func TestSpreadTellsClassesFromChance(t *testing.T) {
	before := partRecords(10, 30, never)
	split, err := SpreadOverClasses([][]Record{before}, [][]Record{partRecords(10, 30, func(class, _ int) bool { return class%2 == 0 })})
	if err != nil {
		t.Fatal(err)
	}
	// Five classes at 100, five at 0: standard deviation 50 sqrt(10/9).
	if want := 50 * math.Sqrt(10.0/9); math.Abs(split.Observed-want) > 1e-9 || split.P > 0.001 || split.Beyond() < 50 {
		t.Errorf("%+v, want a spread of %.2f far from chance", split, want)
	}
	// Sampling: sd of a mean of 30 images with p = 1/2 is 100 * 0.5 / sqrt(30) = 9.1.
	if math.Abs(split.Sampling-9.13) > 0.6 {
		t.Errorf("sampling alone %.2f, want near 9.13", split.Sampling)
	}
	alike, err := SpreadOverClasses([][]Record{before}, [][]Record{partRecords(10, 30, func(class, i int) bool { return (i*7+class*3)%10 < 3 })})
	if err != nil || alike.P < 0.05 || alike.Classes != 10 || alike.Images != 30 {
		t.Errorf("%+v, %v: classes that gain alike differ", alike, err)
	}
}
