package robustvit_test

import (
	"math"
	"math/rand/v2"
)

// The slow and obviously correct forms: float64, triple loops, no batching.

// naiveMatrix is a square matrix of tokens.
type naiveMatrix [][]float64

func identityMatrix(n int) naiveMatrix {
	m := make(naiveMatrix, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 1
	}
	return m
}

// naiveHeadAverage is Eq. 6 for one image: heads x n x n arrays.
func naiveHeadAverage(attention, gradient []float64, heads, n int) naiveMatrix {
	average := make(naiveMatrix, n)
	for i := range n {
		average[i] = make([]float64, n)
		for j := range n {
			for h := range heads {
				at := (h*n+i)*n + j
				average[i][j] += math.Max(attention[at]*gradient[at], 0) / float64(heads)
			}
		}
	}
	return average
}

// naiveRollout is Eq. 7 for one image: R = I, then R <- R + A R a layer.
func naiveRollout(averages []naiveMatrix) []naiveMatrix {
	n := len(averages[0])
	r := identityMatrix(n)
	var layers []naiveMatrix
	for _, a := range averages {
		next := identityMatrix(n)
		for i := range n {
			for j := range n {
				sum := r[i][j]
				for k := range n {
					sum += a[i][k] * r[k][j]
				}
				next[i][j] = sum
			}
		}
		r = next
		layers = append(layers, r)
	}
	return layers
}

// naiveBilinear upsamples one n x n map with half-pixel centres.
func naiveBilinear(low []float64, n, size int) []float64 {
	at := func(y, x int) float64 {
		return low[min(max(y, 0), n-1)*n+min(max(x, 0), n-1)]
	}
	out := make([]float64, size*size)
	for y := range size {
		for x := range size {
			sy := (float64(y)+0.5)*float64(n)/float64(size) - 0.5
			sx := (float64(x)+0.5)*float64(n)/float64(size) - 0.5
			y0, x0 := int(math.Floor(sy)), int(math.Floor(sx))
			fy, fx := sy-math.Floor(sy), sx-math.Floor(sx)
			out[y*size+x] = (1-fy)*((1-fx)*at(y0, x0)+fx*at(y0, x0+1)) + fy*((1-fx)*at(y0+1, x0)+fx*at(y0+1, x0+1))
		}
	}
	return out
}

func randomFloats(rng *rand.Rand, n int, low, high float64) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(low + (high-low)*rng.Float64())
	}
	return values
}

func widen(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, v := range values {
		wide[i] = float64(v)
	}
	return wide
}
