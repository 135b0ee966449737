package evaluate

import (
	"cmp"
	"slices"
	"strconv"
)

// FactorRate is the accuracy at one value of what a set varies.
type FactorRate struct {
	Value string `json:"value"`
	Top1  Rate   `json:"top1"`
}

// ByFactor is the accuracy by value of the varied factor, numbers in their
// order, then words; nil where nothing is varied.
func ByFactor(records []Record) []FactorRate {
	hits, n := map[string]int{}, map[string]int{}
	var values []string
	for _, record := range records {
		if record.Factor == "" {
			continue
		}
		if n[record.Factor]++; n[record.Factor] == 1 {
			values = append(values, record.Factor)
		}
		if record.Correct(1) {
			hits[record.Factor]++
		}
	}
	slices.SortFunc(values, compareValues)
	var rates []FactorRate
	for _, value := range values {
		rates = append(rates, FactorRate{value, NewRate(hits[value], n[value])})
	}
	return rates
}

// compareValues keeps 9 before 10.
func compareValues(a, b string) int {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	switch {
	case errA == nil && errB == nil:
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// FactorLines are the lines of a table for each value of a factor and model:
// "si-rotation/30".
func FactorLines(set string, models []string, rates map[string][]FactorRate) []TableLine {
	var lines []TableLine
	for i := range longest(rates) {
		for _, m := range models {
			if of := rates[m]; i < len(of) {
				lines = append(lines, TableLine{Set: set + "/" + of[i].Value, Model: m, Top1: of[i].Top1})
			}
		}
	}
	return lines
}

func longest(rates map[string][]FactorRate) int {
	n := 0
	for _, of := range rates {
		n = max(n, len(of))
	}
	return n
}
