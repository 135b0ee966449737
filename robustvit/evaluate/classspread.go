package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// ClassSpread says how much more the classes differ in what they gained than the
// choice of the test images alone would make them differ.
type ClassSpread struct {
	Classes  int     `json:"classes"`
	Images   float64 `json:"images"`   // a class, mean
	Observed float64 `json:"observed"` // standard deviation over classes of the change in points
	Sampling float64 `json:"sampling"` // the same where every class gains alike: images change places between classes
	P        float64 `json:"p"`        // share of such exchanges with at least the observed spread
}

// Beyond is the standard deviation over classes that sampling does not explain.
func (s ClassSpread) Beyond() float64 {
	return math.Sqrt(max(0, s.Observed*s.Observed-s.Sampling*s.Sampling))
}

// exchanges gives a p value of at least 0.001.
const exchanges = 999

// SpreadOverClasses compares two models class by class over one or several sets,
// whose images are counted together. Images change places within their set. The
// seed is fixed.
func SpreadOverClasses(before, after [][]Record) (ClassSpread, error) {
	place, count := map[int]int{}, []float64{}
	classes, changes := make([][]int, len(before)), make([][]int8, len(before))
	for s := range before {
		if err := paired(before[s], after[s], recordID); err != nil {
			return ClassSpread{}, fmt.Errorf("set %d: %w", s+1, err)
		}
		for i, old := range before[s] {
			c, known := place[old.Class]
			if !known {
				c = len(count)
				place[old.Class], count = c, append(count, 0)
			}
			count[c]++
			classes[s], changes[s] = append(classes[s], c), append(changes[s], gained(old, after[s][i], 1))
		}
	}
	spread := ClassSpread{Classes: len(count), P: 1}
	if len(count) < 2 {
		return spread, nil
	}
	for _, n := range count {
		spread.Images += n / float64(len(count))
	}
	spread.Observed = deviation(classes, changes, count)
	rng := rand.New(rand.NewPCG(2022, 9))
	least, squares := 1, 0.0
	for range exchanges {
		for _, c := range changes {
			rng.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
		}
		d := deviation(classes, changes, count)
		squares += d * d
		if d >= spread.Observed-1e-9 {
			least++
		}
	}
	spread.Sampling = math.Sqrt(squares / exchanges)
	spread.P = float64(least) / (exchanges + 1)
	return spread, nil
}

// deviation is the standard deviation over classes of the mean change in points.
func deviation(classes [][]int, changes [][]int8, count []float64) float64 {
	means := make([]float64, len(count))
	for s := range classes {
		for i, c := range classes[s] {
			means[c] += 100 * float64(changes[s][i]) / count[c]
		}
	}
	m, squares := mean(means), 0.0
	for _, x := range means {
		squares += (x - m) * (x - m)
	}
	return math.Sqrt(squares / float64(len(means)-1))
}
