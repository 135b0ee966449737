package evaluate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Pairs are one model's records before and after, by set, with the part of the
// classes that is compared with the others.
type Pairs struct {
	Before, After [][]Record
	Inside        func(class int) bool
}

// PartsChange is the change in top-k accuracy, in points, on two parts of the
// classes, and how much more the first gained (difference of differences).
type PartsChange struct {
	Inside  Estimate `json:"inside"`
	Outside Estimate `json:"outside"`
	Gap     Estimate `json:"gap"` // inside minus outside
}

// partCell is one model on one set: what each image gained, -1, 0 or 1.
type partCell struct {
	gained []int8
	inside []bool
	pool   int // whose draws it follows
}

// CompareParts averages over the sets and models that have images of both parts,
// each weighing the same. The bootstrap draws images of each set; models that saw
// the same images share the draws, so that what an image does to all of them is
// not counted as independent.
func CompareParts(models []Pairs, k int) (PartsChange, error) {
	cells, sizes, err := partCells(models, k)
	if err != nil || len(cells) == 0 {
		return PartsChange{}, err
	}
	draws := make([][]int, len(sizes))
	total := 0
	for p, n := range sizes {
		draws[p] = make([]int, n)
		for i := range draws[p] {
			draws[p][i] = i
		}
		total += n
	}
	in, out := partMeans(cells, draws)
	change := PartsChange{Estimate{Value: in, N: total}, Estimate{Value: out, N: total}, Estimate{Value: in - out, N: total}}
	rng := rand.New(rand.NewPCG(2022, 9))
	var rounds [3][]float64
	for range bootstrapRounds {
		for p, n := range sizes {
			for i := range draws[p] {
				draws[p][i] = rng.IntN(n)
			}
		}
		in, out := partMeans(cells, draws)
		rounds[0], rounds[1], rounds[2] = append(rounds[0], in), append(rounds[1], out), append(rounds[2], in-out)
	}
	for f, e := range []*Estimate{&change.Inside, &change.Outside, &change.Gap} {
		slices.Sort(rounds[f])
		e.Low, e.High = rounds[f][int(0.025*bootstrapRounds)], rounds[f][int(0.975*bootstrapRounds)-1]
	}
	return change, nil
}

// partCells lists what counts; sizes are the images of each pool.
func partCells(models []Pairs, k int) (cells []partCell, sizes []int, err error) {
	pools := map[[2]string]int{} // set and identity of its images
	for m, pairs := range models {
		if len(pairs.Before) != len(pairs.After) {
			return nil, nil, errors.New("compare parts: other sets before than after; evaluate both models on the same sets")
		}
		for s, before := range pairs.Before {
			after := pairs.After[s]
			if err := paired(before, after, recordID); err != nil {
				return nil, nil, fmt.Errorf("model %d, set %d: %w", m+1, s+1, err)
			}
			cell := partCell{}
			for i, old := range before {
				cell.inside = append(cell.inside, pairs.Inside(old.Class))
				cell.gained = append(cell.gained, gained(old, after[i], k))
			}
			if !slices.Contains(cell.inside, true) || !slices.Contains(cell.inside, false) {
				continue
			}
			key := [2]string{fmt.Sprint(s, " ", len(before)), before[0].ID + "\n" + before[len(before)-1].ID}
			p, known := pools[key]
			if !known {
				p = len(sizes)
				pools[key], sizes = p, append(sizes, len(before))
			}
			cell.pool = p
			cells = append(cells, cell)
		}
	}
	return cells, sizes, nil
}

// gained is 1 where the image became right, -1 where it became wrong.
func gained(before, after Record, k int) int8 {
	switch was, is := before.Correct(k), after.Correct(k); {
	case is && !was:
		return 1
	case was && !is:
		return -1
	}
	return 0
}

// partMeans are the mean changes inside and outside, in points. A cell that a
// draw left without images of a part is left out of that draw.
func partMeans(cells []partCell, draws [][]int) (in, out float64) {
	n := 0.0
	for _, c := range cells {
		var sum, count [2]int
		for _, i := range draws[c.pool] {
			part := 1
			if c.inside[i] {
				part = 0
			}
			sum[part] += int(c.gained[i])
			count[part]++
		}
		if count[0] == 0 || count[1] == 0 {
			continue
		}
		in += 100 * float64(sum[0]) / float64(count[0])
		out += 100 * float64(sum[1]) / float64(count[1])
		n++
	}
	return in / max(n, 1), out / max(n, 1)
}
