package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Estimate is a figure of n images with its 95 % bootstrap interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
}

// Significant says that the interval excludes 0; for differences.
func (e Estimate) Significant() bool { return e.Low > 0 || e.High < 0 }

// bootstrapOf gives each figure of the statistic over n images its percentile
// interval. The statistic reads the images whose numbers it is handed (all of
// them in order for the value, then n drawn with replacement) and fills the
// figures. The images of a pair share their number, so differences are paired.
// The seed is fixed: the same records always give the same interval.
func bootstrapOf(n, figures int, statistic func(draw []int, figures []float64)) []Estimate {
	return bootstrapOver([]int{n}, figures, func(draws [][]int, figures []float64) { statistic(draws[0], figures) })
}

// bootstrapOver is bootstrapOf with several sets of these sizes, each of which is
// drawn from by itself. Without any image in one of them all is zero.
func bootstrapOver(sizes []int, figures int, statistic func(draws [][]int, figures []float64)) []Estimate {
	estimates, total := make([]Estimate, figures), 0
	draws, values := make([][]int, len(sizes)), make([]float64, figures)
	for s, n := range sizes {
		if n == 0 {
			return estimates
		}
		total += n
		for i := range n {
			draws[s] = append(draws[s], i)
		}
	}
	statistic(draws, values)
	for f, value := range values {
		estimates[f] = Estimate{Value: value, N: total}
	}
	rng := rand.New(rand.NewPCG(2022, 9))
	rounds := make([][]float64, figures)
	for range bootstrapRounds {
		for _, draw := range draws {
			for i := range draw {
				draw[i] = rng.IntN(len(draw))
			}
		}
		clear(values)
		statistic(draws, values)
		for f, value := range values {
			rounds[f] = append(rounds[f], value)
		}
	}
	for f := range estimates {
		slices.Sort(rounds[f])
		estimates[f].Low, estimates[f].High = rounds[f][int(0.025*bootstrapRounds)], rounds[f][int(0.975*bootstrapRounds)-1]
	}
	return estimates
}

// MeanOf is the mean of one value an image.
func MeanOf(values []float64) Estimate {
	return bootstrapOf(len(values), 1, func(draw []int, figures []float64) {
		for _, i := range draw {
			figures[0] += values[i]
		}
		figures[0] /= float64(len(draw))
	})[0]
}

// MeanChange is the mean of after minus before, paired by image.
func MeanChange(before, after []float64) (Estimate, error) {
	if len(before) != len(after) {
		return Estimate{}, fmt.Errorf("compare: %d values before, %d after; a paired comparison needs the same images in the same order", len(before), len(after))
	}
	changes := make([]float64, len(before))
	for i := range before {
		changes[i] = after[i] - before[i]
	}
	return MeanOf(changes), nil
}

// paired refuses records of other images or of another order.
func paired[T any](before, after []T, id func(T) string) error {
	if len(before) != len(after) {
		return fmt.Errorf("compare: %d records before, %d after; evaluate both models on the same images", len(before), len(after))
	}
	for i := range before {
		if was, is := id(before[i]), id(after[i]); was != is {
			return fmt.Errorf("compare: record %d is of image %q before and of %q after; evaluate both models on the same images in the same order", i, was, is)
		}
	}
	return nil
}

func recordID(r Record) string { return r.ID }
