package data

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// SelectClasses draws k of the class indices 0 to of-1 (the paper's set A) and
// returns them sorted. Every seed is valid, 0 too.
func SelectClasses(k, of int, seed uint64) []int {
	chosen := newStream(forClasses, seed).permutation(max(of, 0))[:min(max(k, 0), max(of, 0))]
	slices.Sort(chosen)
	return chosen
}

// SelectTraining draws perClass samples of each class and returns their sorted
// indices. A sample's rank depends on seed and ID alone, so neither the listing
// nor other samples decide whether it is taken. keep (nil = all) is asked in
// the order of rank until a class is full: it may be slow, such as a model that
// must get the sample right. A class with too few samples is an error.
func SelectTraining(d Dataset, classes []int, perClass int, seed uint64, keep func(i int) bool) ([]int, error) {
	if perClass < 1 {
		return nil, fmt.Errorf("select from data set %s: %d samples a class, expected at least 1", d.Name(), perClass)
	}
	ranked := rankByClass(d, seed)
	var chosen []int
	for _, class := range slices.Compact(slices.Sorted(slices.Values(classes))) {
		if class < 0 || class >= len(d.Classes()) {
			return nil, fmt.Errorf("select from data set %s: class index %d, expected 0 to %d", d.Name(), class, len(d.Classes())-1)
		}
		taken := 0
		for _, candidate := range ranked[class] {
			if taken == perClass {
				break
			}
			if keep == nil || keep(candidate.index) {
				chosen = append(chosen, candidate.index)
				taken++
			}
		}
		if taken < perClass {
			return nil, fmt.Errorf("select from data set %s: class %q has %d usable samples of %d, expected %d; ask for fewer a class",
				d.Name(), d.Classes()[class], taken, len(ranked[class]), perClass)
		}
	}
	slices.Sort(chosen)
	return chosen, nil
}

type ranked struct {
	rank  uint64
	index int
}

func rankByClass(d Dataset, seed uint64) [][]ranked {
	byClass := make([][]ranked, len(d.Classes()))
	for i := range d.Len() {
		entry := d.Entry(i)
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", forSamples, seed, entry.ID))
		byClass[entry.Class] = append(byClass[entry.Class], ranked{binary.BigEndian.Uint64(sum[:]), i})
	}
	for _, list := range byClass {
		slices.SortFunc(list, func(a, b ranked) int {
			if a.rank != b.rank {
				return cmp.Compare(a.rank, b.rank)
			}
			return a.index - b.index
		})
	}
	return byClass
}
