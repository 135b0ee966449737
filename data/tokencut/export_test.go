package tokencut

import "math"

// Cuts computes the second vector with both solvers and the residual
// |(D - A) y - lambda D y| of each, for tests.
func Cuts(keys []float32, w, h int, o Options) (sparse, dense Eigen, err error) {
	a, err := newAffinity(keys, w, h, o)
	if err != nil {
		return sparse, dense, err
	}
	first, root := make([]float64, a.n), make([]float64, a.n)
	norm := 0.0
	for i, d := range a.degree {
		root[i] = math.Sqrt(d)
		norm += d
	}
	for i := range first {
		first[i] = root[i] / math.Sqrt(norm)
	}
	for _, solve := range []struct {
		to *Eigen
		by func(first, root []float64) ([]float64, float64, float64, error)
	}{{&sparse, a.sparse}, {&dense, a.dense}} {
		var z []float64
		if z, solve.to.Mu2, solve.to.Mu3, err = solve.by(first, root); err != nil {
			return sparse, dense, err
		}
		y, product := make([]float64, a.n), make([]float64, a.n)
		for i := range z {
			y[i] = z[i] / root[i]
		}
		a.times(y, product)
		for i := range y {
			off := a.degree[i]*y[i] - product[i] - (1-solve.to.Mu2)*a.degree[i]*y[i]
			solve.to.Residual = math.Max(solve.to.Residual, math.Abs(off)/root[i])
		}
		solve.to.Vector = z
	}
	return sparse, dense, nil
}

// Eigen is what one solver found.
type Eigen struct {
	Vector   []float64
	Mu2, Mu3 float64
	Residual float64
}
