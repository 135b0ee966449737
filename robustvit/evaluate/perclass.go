package evaluate

import (
	"cmp"
	"slices"
)

// ClassChange is how one class fared from one model to another (Appendix J).
type ClassChange struct {
	Class    int     `json:"class"`
	Before   Rate    `json:"before"`
	After    Rate    `json:"after"`
	Points   float64 `json:"points"` // after minus before
	Gained   int     `json:"gained"` // images that became right
	Lost     int     `json:"lost"`
	N        int     `json:"n"`
	P        float64 `json:"p"`          // exact two-sided McNemar
	Adjusted float64 `json:"p_adjusted"` // Benjamini-Hochberg over the classes
	Finding  bool    `json:"finding"`    // adjusted p at most 0.05; all else may be noise
}

// PerClass pairs two models' top-1 answers on one set, class by class: largest
// gain first, largest loss last, equal changes by class. Classes without images
// are absent. With few images a class nothing can be a finding: the exact test
// of five gains and no loss already gives p = 0.06.
func PerClass(before, after []Record) ([]ClassChange, error) {
	if err := paired(before, after, recordID); err != nil {
		return nil, err
	}
	hits := map[int]*[2]int{} // before, after
	of := map[int]*ClassChange{}
	for i, old := range before {
		c, known := of[old.Class]
		if !known {
			c = &ClassChange{Class: old.Class}
			of[old.Class], hits[old.Class] = c, &[2]int{}
		}
		was, is := old.Correct(1), after[i].Correct(1)
		c.N++
		if was {
			hits[old.Class][0]++
		}
		if is {
			hits[old.Class][1]++
		}
		switch {
		case is && !was:
			c.Gained++
		case was && !is:
			c.Lost++
		}
	}
	changes := make([]ClassChange, 0, len(of))
	for class, c := range of {
		c.Before, c.After = NewRate(hits[class][0], c.N), NewRate(hits[class][1], c.N)
		c.Points = 100 * float64(c.Gained-c.Lost) / float64(c.N)
		c.P = mcnemar(c.Gained, c.Lost)
		changes = append(changes, *c)
	}
	slices.SortFunc(changes, func(a, b ClassChange) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Class, b.Class))
	})
	flag(changes)
	return changes, nil
}

// flag adjusts the p values for the number of classes.
func flag(changes []ClassChange) {
	p := make([]float64, len(changes))
	for i, c := range changes {
		p[i] = c.P
	}
	for i, adjusted := range BenjaminiHochberg(p) {
		changes[i].Adjusted, changes[i].Finding = adjusted, adjusted <= level
	}
}
