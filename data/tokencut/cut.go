package tokencut

import (
	"fmt"
	"math"
)

// MaxTokens bounds the patches of one cut: the edges take one bit a pair, 32 MiB
// at this size.
const MaxTokens = 1 << 14

// Options of the graph.
type Options struct {
	Tau   float64 `json:"tau"`   // cosine similarity above which two patches are joined
	Floor float64 `json:"floor"` // weight of every other edge: keeps the graph connected
}

// DefaultOptions are those of the paper.
func DefaultOptions() Options { return Options{Tau: 0.2, Floor: 1e-5} }

// Validate reports values without meaning.
func (o Options) Validate() error {
	if !(o.Tau > -1 && o.Tau < 1) {
		return fmt.Errorf("tau %g is outside -1 to 1, the range of a cosine", o.Tau)
	}
	if !(o.Floor > 0 && o.Floor <= 1) {
		return fmt.Errorf("floor %g must be above 0 and at most 1: without it the graph may fall apart", o.Floor)
	}
	return nil
}

// Partition is the normalised cut of one picture's patches.
type Partition struct {
	Width, Height int       // of the grid of patches
	Vector        []float64 // second smallest generalised eigenvector, row-major; the seed is positive
	Lambda2       float64   // its eigenvalue: the cost of the cut, 0 = the halves share nothing
	Lambda3       float64   // the next eigenvalue
	Seed          int       // index of the largest absolute entry
	Mask          []bool    // the part of the foreground side that holds the seed
}

// Gap is (lambda3 - lambda2) / lambda3: near 1 where one cut is far cheaper than
// any other, 0 where two are as good and the vector is one of many.
func (p *Partition) Gap() float64 {
	if p.Lambda3 <= 1e-12 {
		return 0
	}
	return min(max((p.Lambda3-p.Lambda2)/p.Lambda3, 0), 1)
}

// Find cuts the keys [h*w, C] of a grid of w x h patches in two at the mean of
// the eigenvector. The foreground is the side of the entry with the largest
// absolute value, and of it the part around that entry.
func Find(keys []float32, w, h int, o Options) (*Partition, error) {
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("normalised cut: %w", err)
	}
	a, err := newAffinity(keys, w, h, o)
	if err != nil {
		return nil, fmt.Errorf("normalised cut of %d x %d patches: %w", w, h, err)
	}
	p := &Partition{Width: w, Height: h}
	if p.Vector, p.Lambda2, p.Lambda3, err = a.cut(); err != nil {
		return nil, fmt.Errorf("normalised cut of %d x %d patches: %w", w, h, err)
	}
	mean := 0.0
	for i, v := range p.Vector {
		mean += v / float64(len(p.Vector))
		if math.Abs(v) > math.Abs(p.Vector[p.Seed]) {
			p.Seed = i
		}
	}
	side := make([]bool, len(p.Vector))
	for i, v := range p.Vector {
		side[i] = (v > mean) == (p.Vector[p.Seed] > mean)
	}
	if p.Vector[p.Seed] < 0 { // an eigenvector has no sign of its own
		for i := range p.Vector {
			p.Vector[i] = -p.Vector[i]
		}
	}
	p.Mask = PartAt(side, w, h, p.Seed)
	return p, nil
}
