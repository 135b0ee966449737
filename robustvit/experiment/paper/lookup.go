package paper

import "slices"

// Table is a pair of tables that belong together.
type Table uint8

const (
	Main     Table = iota // Tables 1 and 2: seven models, five methods; GradMask and RRR not for the large ones
	Ablation              // Tables 4 and 12: ViT-B and DeiT-B without parts of the loss
)

// line is a row of a printed table. Where a table has R@1 and R@5 of a set, they
// stand side by side.
type line struct {
	model  Model
	half   Half
	method Method
	values []float64
}

// find returns the row's values, nil where there is no such row.
func find(lines []line, model Model, half Half, method Method) []float64 {
	for _, l := range lines {
		if l.model == model && l.half == half && l.method == method {
			return l.values
		}
	}
	return nil
}

// pick returns value i.
func pick(values []float64, i int) (float64, bool) {
	if i < 0 || i >= len(values) {
		return 0, false
	}
	return values[i], true
}

// pickTop returns R@k of a set from the rows of two tables, of the real sets and
// of SI-Score's, in which R@1 and R@5 stand side by side.
func pickTop(real, synthetic []float64, set Set, k int) (float64, bool) {
	i := slices.Index(sets, set)
	if i < 0 || k != 1 && k != 5 {
		return 0, false
	}
	top := 0
	if k == 5 {
		top = 1
	}
	if first := slices.Index(sets, SILocation); i >= first {
		return pick(synthetic, 2*(i-first)+top)
	}
	return pick(real, 2*i+top)
}

// byTop chooses between a table of R@1 and one of R@5.
func byTop(first, fifth []line, k int) []line {
	switch k {
	case 1:
		return first
	case 5:
		return fifth
	}
	return nil
}

// Accuracy is R@k (k is 1 or 5) in percent, from Tables 1 and 2 or 4 and 12.
func Accuracy(t Table, model Model, method Method, set Set, k int) (float64, bool) {
	switch t {
	case Main:
		return pickTop(find(table1, model, "", method), find(table2, model, "", method), set, k)
	case Ablation:
		return pick(find(byTop(table4, table12, k), model, "", method), slices.Index(sets, set))
	}
	return 0, false
}

// AverageChange is the last rows of Table 1: the change of R@k over the original
// in points, mean of the seven models, of Ours or OursTokenCut. SI-Score's sets
// have none.
func AverageChange(method Method, set Set, k int) (float64, bool) {
	return pickTop(find(table1Change, "", "", method), nil, set, k)
}

// MultiSeed is R@k in percent of Ours over several seeds, each with other
// training classes: mean and standard deviation, from Tables 8 and 9. The paper
// does not say how many seeds.
func MultiSeed(model Model, method Method, set Set, k int) (mean, std float64, ok bool) {
	i := slices.Index(sets, set)
	mean, ok = pick(find(byTop(table8, table9, k), model, "", method), i)
	std, known := pick(find(byTop(table8Std, table9Std, k), model, "", method), i)
	return mean, std, ok && known
}

// Halves is R@k in percent of Original or Ours on the images of one half of the
// classes, from Tables 10 and 11, as printed; see [Findings] for AR-B.
func Halves(model Model, half Half, method Method, set Set, k int) (float64, bool) {
	return pickTop(find(table10, model, half, method), find(table11, model, half, method), set, k)
}

// HalvesChange is the last rows of Tables 10 and 11, as printed: the change in
// points on one half of the classes, mean of the three models.
func HalvesChange(half Half, set Set, k int) (float64, bool) {
	return pickTop(find(table10Change, "", half, ""), find(table11Change, "", half, ""), set, k)
}
