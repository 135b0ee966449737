package tokencut

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

const (
	denseTokens = 96   // up to here all eigenvectors cost less than a search for one
	mostDense   = 4096 // up to here they fit into memory where the search fails
	goodEnough  = 1e-6 // residual with which a search that was given up still serves for a mask
)

// cut solves (D - A) y = lambda D y for the second smallest eigenvalue. With
// z = D^1/2 y it is the second largest of M = D^-1/2 A D^-1/2, lambda = 1 - mu;
// the largest is known: mu = 1, z = D^1/2 1. The vector has y' D y = 1.
func (a *affinity) cut() (y []float64, lambda2, lambda3 float64, err error) {
	first := make([]float64, a.n)
	for i, d := range a.degree {
		first[i] = math.Sqrt(d)
	}
	root := append([]float64(nil), first...) // D^1/2
	floats.Scale(1/floats.Norm(first, 2), first)
	var mu2, mu3 float64
	if a.n <= denseTokens {
		y, mu2, mu3, err = a.dense(first, root)
	} else {
		y, mu2, mu3, err = a.sparse(first, root)
	}
	if err != nil {
		return nil, 0, 0, err
	}
	for i := range y {
		y[i] /= root[i]
	}
	return y, 1 - mu2, 1 - mu3, nil
}

// sparse searches the two eigenvalues one after the other: a search in the
// complement of the first vector finds the second, also where both are equal.
func (a *affinity) sparse(first, root []float64) (z []float64, mu2, mu3 float64, err error) {
	scaled := make([]float64, a.n)
	operator := func(x, out []float64) { // M x
		for i, v := range x {
			scaled[i] = v / root[i]
		}
		a.times(scaled, out)
		for i := range out {
			out[i] /= root[i]
		}
	}
	search := lanczos{operator: operator, n: a.n, locked: [][]float64{first}, tolerance: 1e-9}
	mu2, z, residual := search.largest()
	switch {
	case residual < goodEnough:
	case a.n <= mostDense:
		return a.dense(first, root)
	default:
		return nil, 0, 0, fmt.Errorf("the eigenvector was not found (residual %.2g); use fewer patches", residual)
	}
	search.locked, search.tolerance = append(search.locked, z), 1e-7 // a score: the error of the value is at most this
	mu3, _, _ = search.largest()
	return z, mu2, mu3, nil
}

// dense finds all eigenvectors of M - 2 z1 z1', in which the known largest
// eigenvalue has become the smallest.
func (a *affinity) dense(first, root []float64) (z []float64, mu2, mu3 float64, err error) {
	m := mat.NewSymDense(a.n, nil)
	for i := range a.n {
		for j := i; j < a.n; j++ {
			weight := a.floor
			if a.edges[j/8*a.n+i]>>(j%8)&1 == 1 {
				weight = 1
			}
			m.SetSym(i, j, weight/(root[i]*root[j])-2*first[i]*first[j])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(m, true) {
		return nil, 0, 0, errors.New("the eigenvalues did not converge; report this fault")
	}
	values := e.Values(nil) // ascending
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	z = mat.Col(nil, a.n-1, &vectors)
	return z, values[a.n-1], values[a.n-2], nil
}
