package evaluate

import "slices"

// Values are the distinct values of a factor in the order of ByFactor: numbers
// in theirs, then words.
func Values(of []string) []string {
	values := slices.Clone(of)
	slices.SortFunc(values, compareValues)
	return slices.Compact(values)
}
