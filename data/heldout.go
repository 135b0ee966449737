package data

import (
	"fmt"
	"slices"
)

// HeldOut draws perClass samples with a mask of each class, or all of them where
// a class has fewer, that are not among those used. The indices come sorted.
func HeldOut(d Dataset, used []int, perClass int, seed uint64) ([]int, error) {
	free, counts := make([]bool, d.Len()), make([]int, len(d.Classes()))
	for i := range free {
		masked, err := HasMask(d, i)
		free[i] = masked && err == nil
	}
	for _, i := range used {
		free[i] = false
	}
	for i, ok := range free {
		if ok {
			counts[d.Entry(i).Class]++
		}
	}
	byCount := map[int][]int{}
	for class, n := range counts {
		if n > 0 {
			byCount[min(n, perClass)] = append(byCount[min(n, perClass)], class)
		}
	}
	var held []int
	for n, classes := range byCount {
		some, err := SelectTraining(d, classes, n, seed, func(i int) bool { return free[i] })
		if err != nil {
			return nil, err
		}
		held = append(held, some...)
	}
	if len(held) == 0 {
		return nil, fmt.Errorf("%s has no image with a mask that is not finetuned on; add images with masks", d.Name())
	}
	slices.Sort(held)
	return held, nil
}
