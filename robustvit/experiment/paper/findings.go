package paper

// Findings are the places where the printed rows do not follow from each other
// within rounding, as sentences for a reader. Everything else does: the averages
// of Table 1, the differences of Table 2, the rows that Tables 4, 8, 9 and 12
// repeat.
func Findings() []string {
	return []string{
		"Table 10: the average changes of INet val, INet-A and ObjectNet follow from the rows only if AR-B's two halves are exchanged in these columns; as printed, the better half of the original AR-B by R@1 is there also the opposite of the other two models'.",
		"Table 10: the average change of INet-v2 R@1 on the training classes is printed as +0.5; the rows give -0.1 (+0.5 results if DeiT-B's -0.9 is counted as +0.9).",
		"Table 11: the average change of SI-location R@1 on the other classes is printed as +3.7; the rows give +3.9.",
	}
}
