package tokencut

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack"
	lapackimpl "gonum.org/v1/gonum/lapack/gonum"
)

// lanczos searches the largest eigenvalue of a symmetric operator in the
// complement of the locked vectors, with full reorthogonalisation (Golub and
// Van Loan, Matrix Computations, ch. 10).
type lanczos struct {
	operator  func(x, out []float64)
	n         int
	locked    [][]float64 // of length 1, orthogonal to each other
	tolerance float64     // of the residual |M z - mu z|
}

const (
	lanczosSteps    = 200 // vectors kept at a time: memory is this times n
	lanczosRestarts = 20
	lanczosCheck    = 8 // steps between two looks at the residual
)

// largest returns the eigenvalue, its vector of length 1 and the residual, which
// is above the tolerance where the search was given up.
func (l *lanczos) largest() (mu float64, z []float64, residual float64) {
	z = l.start()
	for range lanczosRestarts {
		if mu, z, residual = l.search(z); residual < l.tolerance {
			break
		}
	}
	return mu, z, residual
}

// start is a vector in general position: the same numbers each time, others for
// each search. With the same start a second search could not see a second
// vector of a multiple eigenvalue: the first holds all that the start has of it.
func (l *lanczos) start() []float64 {
	v := make([]float64, l.n)
	for i := range v {
		x := (uint64(len(l.locked)*l.n+i) + 1) * 0x9e3779b97f4a7c15 // splitmix64
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		v[i] = float64(x>>11)/(1<<52) - 1
	}
	return v
}

// search builds one Krylov space from the start vector.
func (l *lanczos) search(start []float64) (mu float64, z []float64, residual float64) {
	most := min(lanczosSteps, l.n-len(l.locked))
	if most < 1 {
		return 0, start, 0
	}
	var alpha, beta []float64
	q := append([]float64(nil), start...)
	l.project(q, nil)
	norm := floats.Norm(q, 2)
	if norm == 0 {
		return 0, q, 0
	}
	floats.Scale(1/norm, q)
	var basis [][]float64
	for step := 1; ; step++ {
		basis = append(basis, q)
		next := make([]float64, l.n)
		l.operator(q, next)
		alpha = append(alpha, floats.Dot(q, next))
		l.project(next, basis)
		norm = floats.Norm(next, 2)
		last := step == most || norm < 1e-13
		if last || step%lanczosCheck == 0 {
			value, weights := ritz(alpha, beta)
			if residual := norm * math.Abs(weights[step-1]); last || residual < l.tolerance {
				return value, combine(basis, weights), residual
			}
		}
		beta = append(beta, norm)
		floats.Scale(1/norm, next)
		q = next
	}
}

// project removes the locked vectors and the basis from v, twice: once leaves
// rounding errors of the size of what was removed.
func (l *lanczos) project(v []float64, basis [][]float64) {
	for range 2 {
		for _, known := range [][][]float64{l.locked, basis} {
			for _, q := range known {
				floats.AddScaled(v, -floats.Dot(q, v), q)
			}
		}
	}
}

// ritz is the largest eigenvalue of the tridiagonal matrix and its vector.
func ritz(alpha, beta []float64) (value float64, weights []float64) {
	m := len(alpha)
	d, e := append([]float64(nil), alpha...), append([]float64(nil), beta...)
	vectors, work := make([]float64, m*m), make([]float64, max(1, 2*m-2))
	lapackimpl.Implementation{}.Dsteqr(lapack.EVTridiag, m, d, e, vectors, m, work)
	weights = make([]float64, m)
	for i := range weights {
		weights[i] = vectors[i*m+m-1]
	}
	return d[m-1], weights
}

func combine(basis [][]float64, weights []float64) []float64 {
	z := make([]float64, len(basis[0]))
	for i, q := range basis {
		floats.AddScaled(z, weights[i], q)
	}
	floats.Scale(1/floats.Norm(z, 2), z)
	return z
}
