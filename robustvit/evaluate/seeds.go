package evaluate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Spread is a figure over independent draws (seeds, choices of classes): the
// paper's mean and standard deviation of Appendix E, and an interval of the mean.
type Spread struct {
	Mean float64 `json:"mean"`
	Std  float64 `json:"std"` // of a sample, n - 1
	Low  float64 `json:"low"` // 95 % interval of the mean, Student's t with n - 1
	High float64 `json:"high"`
	N    int     `json:"n"` // draws
}

// Significant says that the interval of the mean excludes 0; for differences.
func (s Spread) Significant() bool { return s.Low > 0 || s.High < 0 }

// OverDraws is the spread of one value a draw; at least two draws. The interval
// is about the draws, not about the images: it holds what another seed may give.
func OverDraws(values []float64) (Spread, error) {
	n := len(values)
	if n < 2 {
		return Spread{}, fmt.Errorf("spread over draws: %d draws, expected at least 2; run more seeds", n)
	}
	s := Spread{Mean: mean(values), N: n}
	squares := 0.0
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
	}
	s.Std = math.Sqrt(squares / float64(n-1))
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(1-level/2) * s.Std / math.Sqrt(float64(n))
	s.Low, s.High = s.Mean-half, s.Mean+half
	return s, nil
}

// PairedOverDraws is the spread of after minus before, draw by draw: what both
// values of a draw share cancels.
func PairedOverDraws(before, after []float64) (Spread, error) {
	if len(before) != len(after) {
		return Spread{}, fmt.Errorf("spread of differences: %d draws before, %d after; both need the same draws in the same order", len(before), len(after))
	}
	changes := make([]float64, len(before))
	for i := range before {
		changes[i] = after[i] - before[i]
	}
	return OverDraws(changes)
}

// DifferencesOverDraws is the spread of the points of several comparisons, one a
// draw, such as each seed's model with the original or with its own control.
func DifferencesOverDraws(draws []Difference) (Spread, error) {
	points := make([]float64, len(draws))
	for i, d := range draws {
		points[i] = d.Points
	}
	return OverDraws(points)
}
