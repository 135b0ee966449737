package evaluate

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Rate is a share in percent with its 95 % interval (Clopper-Pearson).
type Rate struct {
	Percent float64 `json:"percent"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Hits    int     `json:"hits"`
	N       int     `json:"n"`
}

// Accuracy is the share of records whose class is among the first k. Keep
// chooses the true classes that count; nil counts all.
func Accuracy(records []Record, k int, keep func(class int) bool) Rate {
	hits, n := 0, 0
	for _, record := range records {
		if keep != nil && !keep(record.Class) {
			continue
		}
		n++
		if record.Correct(k) {
			hits++
		}
	}
	return NewRate(hits, n)
}

// NewRate is hits of n with the exact binomial interval.
func NewRate(hits, n int) Rate {
	rate := Rate{Hits: hits, N: n, High: 100}
	if n == 0 {
		return rate
	}
	rate.Percent = 100 * float64(hits) / float64(n)
	if hits > 0 {
		rate.Low = 100 * distuv.Beta{Alpha: float64(hits), Beta: float64(n - hits + 1)}.Quantile(0.025)
	}
	if hits < n {
		rate.High = 100 * distuv.Beta{Alpha: float64(hits + 1), Beta: float64(n - hits)}.Quantile(0.975)
	}
	return rate
}

// Difference is a change in points between two models on the same images.
type Difference struct {
	Points float64 `json:"points"` // after minus before
	Low    float64 `json:"low"`    // 95 % interval, paired bootstrap over images
	High   float64 `json:"high"`
	P      float64 `json:"p"` // exact two-sided McNemar
	Gained int     `json:"gained"`
	Lost   int     `json:"lost"`
	N      int     `json:"n"`
}

// Significant says that the interval excludes 0.
func (d Difference) Significant() bool { return d.Low > 0 || d.High < 0 }

// bootstrapRounds gives interval ends that are stable to about 0.1 point at 500 images.
const bootstrapRounds = 2000

// Compare pairs two models' records by image, over one or several sets: each
// set weighs the same, as in the paper's averages. Images must agree.
func Compare(before, after [][]Record, keep func(class int) bool) Difference {
	var d Difference
	changes := make([][]float64, 0, len(before))
	for s := range before {
		var change []float64
		for i, old := range before[s] {
			if keep != nil && !keep(old.Class) {
				continue
			}
			delta := 0.0
			switch now := after[s][i]; {
			case now.Correct(1) && !old.Correct(1):
				delta, d.Gained = 1, d.Gained+1
			case old.Correct(1) && !now.Correct(1):
				delta, d.Lost = -1, d.Lost+1
			}
			change = append(change, delta)
		}
		if len(change) > 0 {
			changes = append(changes, change)
			d.N += len(change)
			d.Points += 100 * mean(change)
		}
	}
	if len(changes) == 0 {
		return Difference{P: 1}
	}
	d.Points /= float64(len(changes))
	d.Low, d.High = bootstrap(changes)
	d.P = mcnemar(d.Gained, d.Lost)
	return d
}

// bootstrap resamples the images of each set. The seed is fixed: the same
// records always give the same interval.
func bootstrap(changes [][]float64) (low, high float64) {
	rng := rand.New(rand.NewPCG(2022, 9))
	means := make([]float64, bootstrapRounds)
	for round := range means {
		for _, change := range changes {
			sum := 0.0
			for range change {
				sum += change[rng.IntN(len(change))]
			}
			means[round] += 100 * sum / float64(len(change)) / float64(len(changes))
		}
	}
	slices.Sort(means)
	return means[int(0.025*bootstrapRounds)], means[int(0.975*bootstrapRounds)-1]
}

// mcnemar is the exact two-sided test that gains and losses are equally likely.
func mcnemar(gained, lost int) float64 {
	n := gained + lost
	if n == 0 {
		return 1
	}
	return math.Min(1, 2*distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(min(gained, lost))))
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}
