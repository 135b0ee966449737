package tokencut_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/robustvit/workbench/data/tokencut"
)

// clusters draws n keys of 16 values around so many directions.
func clusters(n, count int, noise float64) []float32 { return wideClusters(n, count, 16, noise) }

func wideClusters(n, count, width int, noise float64) []float32 {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(count)))
	centres := make([]float64, count*width)
	for i := range centres {
		centres[i] = rng.NormFloat64()
	}
	keys := make([]float32, n*width)
	for i := range keys {
		at := i / width * count / n
		keys[i] = float32(centres[at*width+i%width] + noise*rng.NormFloat64())
	}
	return keys
}

// basisKeys gives each cluster a direction of its own: no edge joins two clusters.
func basisKeys(n, count int) []float32 {
	keys := make([]float32, n*count)
	for i := range n {
		keys[i*count+i*count/n] = 1
	}
	return keys
}

// chain gives each patch a direction that only its neighbours in the list share:
// eigenvalues lie close together.
func chain(n int) []float32 {
	keys := make([]float32, n*n)
	for i := range n {
		for j := max(i-2, 0); j < min(i+3, n); j++ {
			keys[i*n+j] = 1
		}
	}
	return keys
}

// manyClusters are unjoined clusters of all sizes.
func manyClusters(n, count int) []float32 {
	rng := rand.New(rand.NewPCG(7, 7))
	keys := make([]float32, n*count)
	for i := range n {
		keys[i*count+int(float64(count)*rng.Float64()*rng.Float64())] = 1
	}
	return keys
}

// TestLanczosAgainstDense: the search finds what the full decomposition finds.
// Where the eigenvalue is multiple every vector of its space is right: there
// the residual alone counts.
func TestLanczosAgainstDense(t *testing.T) {
	for name, c := range map[string]struct {
		keys   []float32
		w, h   int
		simple bool
	}{
		"two clusters":                  {clusters(300, 2, 0.4), 20, 15, true},
		"five clusters":                 {clusters(600, 5, 0.8), 30, 20, true},
		"noise":                         {clusters(400, 1, 6), 20, 20, true},
		"two unjoined halves":           {basisKeys(300, 2), 20, 15, true},
		"three unjoined, equally large": {basisKeys(300, 3), 20, 15, false},
		"all alone":                     {basisKeys(150, 150), 15, 10, false},
		"all alike":                     {clusters(150, 1, 0), 15, 10, false},
		"a chain":                       {chain(400), 20, 20, true},
		"forty unjoined":                {manyClusters(600, 40), 30, 20, false},
		"few patches":                   {clusters(6, 2, 0.5), 3, 2, true},
		"two patches":                   {basisKeys(2, 2), 2, 1, true},
		"three unjoined, of other size": {append(basisKeys(200, 3), basisKeys(100, 3)[:300]...), 20, 15, false},
	} {
		t.Run(name, func(t *testing.T) {
			sparse, dense, err := tokencut.Cuts(c.keys, c.w, c.h, tokencut.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			if sparse.Residual > 1e-8 || dense.Residual > 1e-8 {
				t.Errorf("residuals %.2g and, dense, %.2g", sparse.Residual, dense.Residual)
			}
			if math.Abs(sparse.Mu2-dense.Mu2) > 1e-10 || c.w*c.h > 2 && math.Abs(sparse.Mu3-dense.Mu3) > 1e-6 {
				t.Errorf("eigenvalues %.12f %.9f, dense %.12f %.9f", sparse.Mu2, sparse.Mu3, dense.Mu2, dense.Mu3)
			}
			dot := 0.0
			for i, v := range sparse.Vector {
				dot += v * dense.Vector[i]
			}
			if c.simple && 1-math.Abs(dot) > 1e-9 {
				t.Errorf("the vectors differ: 1 - |cosine| = %.3g, gap %.3g", 1-math.Abs(dot), dense.Mu2-dense.Mu3)
			}
		})
	}
}
