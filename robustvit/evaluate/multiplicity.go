package evaluate

import (
	"cmp"
	"slices"
)

// level is the error rate of every test and interval here.
const level = 0.05

// Holm adjusts the p values of a family of tests: whoever calls those at most
// 0.05 findings errs once in the whole family with probability at most 0.05.
// For the few claims of a paper. The order is that of p.
func Holm(p []float64) []float64 {
	order, adjusted := byValue(p), make([]float64, len(p))
	largest := 0.0
	for rank, i := range order {
		largest = max(largest, min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = largest
	}
	return adjusted
}

// BenjaminiHochberg adjusts the p values of many tests: of those at most 0.05, a
// share of 0.05 is false in the mean. For surveys, such as all classes of a set.
// The order is that of p.
func BenjaminiHochberg(p []float64) []float64 {
	order, adjusted := byValue(p), make([]float64, len(p))
	least := 1.0
	for rank, i := range slices.Backward(order) {
		least = min(least, float64(len(p))/float64(rank+1)*p[i])
		adjusted[i] = least
	}
	return adjusted
}

// HolmDifferences are the adjusted McNemar p values of a family of comparisons.
func HolmDifferences(family []Difference) []float64 {
	p := make([]float64, len(family))
	for i, d := range family {
		p[i] = d.P
	}
	return Holm(p)
}

// byValue are the places of p, smallest value first.
func byValue(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}
