package tokencut

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/blas/blas32"
)

// affinity is the graph A: 1 between patches whose keys are alike, floor between
// all others. It is kept as bits: byte g*n + i holds the edges of patch i to
// patches 8g to 8g+7.
type affinity struct {
	n      int
	floor  float64
	edges  []uint8
	degree []float64 // D
}

func newAffinity(keys []float32, w, h int, o Options) (*affinity, error) {
	switch {
	case w < 1 || h < 1 || w == 1 && h == 1:
		return nil, errors.New("there is nothing to cut, expected at least 2 patches; enlarge the image")
	case w > MaxTokens || h > MaxTokens || w*h > MaxTokens:
		return nil, fmt.Errorf("expected at most %d patches; reduce the image", MaxTokens)
	}
	n := w * h
	if len(keys) == 0 || len(keys)%n != 0 {
		return nil, fmt.Errorf("%d values do not give each patch a key of the same width", len(keys))
	}
	unit, err := normalised(keys, n)
	if err != nil {
		return nil, err
	}
	a := &affinity{n: n, floor: o.Floor, edges: make([]uint8, (n+7)/8*n), degree: make([]float64, n)}
	a.join(unit, o.Tau)
	for i := range n {
		joined := 0
		for g := range (n + 7) / 8 {
			joined += bits.OnesCount8(a.edges[g*n+i])
		}
		a.degree[i] = float64(joined) + float64(n-joined)*o.Floor
	}
	return a, nil
}

// normalised scales each key to length 1; a key of length 0 is like no other.
func normalised(keys []float32, n int) ([]float32, error) {
	width := len(keys) / n
	unit := make([]float32, len(keys))
	for i := range n {
		sum := 0.0
		for _, v := range keys[i*width : (i+1)*width] {
			sum += float64(v) * float64(v)
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, errors.New("the keys hold NaN or infinite values; the weights or the image are damaged")
		}
		scale := 1 / max(math.Sqrt(sum), 1e-12)
		for j, v := range keys[i*width : (i+1)*width] {
			unit[i*width+j] = float32(float64(v) * scale)
		}
	}
	return unit, nil
}

// join sets the bits of all pairs with a cosine above tau, block by block so
// that the keys of a block stay in the cache.
func (a *affinity) join(unit []float32, tau float64) {
	const block = 64
	width, n := len(unit)/a.n, a.n
	key := func(i int) blas32.Vector {
		return blas32.Vector{N: width, Inc: 1, Data: unit[i*width : (i+1)*width]}
	}
	for first := 0; first < n; first += block {
		for i := range n {
			for j := first; j < min(first+block, i+1); j++ {
				if float64(blas32.Dot(key(i), key(j))) > tau {
					a.edges[j/8*n+i] |= 1 << (j % 8)
					a.edges[i/8*n+j] |= 1 << (i % 8)
				}
			}
		}
	}
}

// times is out = A x. All 256 sums of 8 neighbouring entries are made once, so a
// row costs one look-up for 8 edges.
func (a *affinity) times(x, out []float64) {
	total := 0.0
	for i, v := range x {
		total += v
		out[i] = 0
	}
	var sums [256]float64
	for g := range (a.n + 7) / 8 {
		for b := 1; b < 256; b++ {
			sums[b] = sums[b&(b-1)]
			if at := 8*g + bits.TrailingZeros8(uint8(b)); at < a.n {
				sums[b] += x[at]
			}
		}
		for i, b := range a.edges[g*a.n : (g+1)*a.n] {
			out[i] += sums[b]
		}
	}
	for i := range out {
		out[i] = a.floor*total + (1-a.floor)*out[i]
	}
}
