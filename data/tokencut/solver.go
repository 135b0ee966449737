package tokencut

import (
	"fmt"
	"math"

	"github.com/robustvit/workbench/data"
	"gonum.org/v1/gonum/floats"
)

// Solver is the bilateral solver: the smoothest mask, where smooth means that
// neighbours of like colour have like values, that stays close to the coarse
// one. It takes about 20 bytes a pixel.
type Solver struct {
	Spatial    float64 `json:"sigma_spatial"` // pixels
	Luma       float64 `json:"sigma_luma"`    // of 255
	Chroma     float64 `json:"sigma_chroma"`  // of 255
	Lambda     float64 `json:"lambda"`        // weight of the smoothness
	Confidence float64 `json:"confidence"`    // in the coarse mask, (0, 1]
	Iterations int     `json:"iterations"`    // of the conjugate gradient, at most
	Threshold  float64 `json:"threshold"`     // of the solution: foreground above it
	Agreement  float64 `json:"agreement"`     // least IoU with the coarse mask; below it the coarse one stays
}

// DefaultSolver has the values of TokenCut's released code.
func DefaultSolver() Solver {
	return Solver{Spatial: 16, Luma: 16, Chroma: 8, Lambda: 256, Confidence: 0.999, Iterations: 25, Threshold: 0.5, Agreement: 0.5}
}

// Validate reports values without meaning.
func (s Solver) Validate() error {
	for name, sigma := range map[string]float64{"spatial": s.Spatial, "luma": s.Luma, "chroma": s.Chroma} {
		if !(sigma >= 1 && sigma <= 1e6) {
			return fmt.Errorf("%s sigma %g of the bilateral solver must be at least 1", name, sigma)
		}
	}
	if !(s.Lambda >= 0 && s.Lambda <= 1e9) || !(s.Confidence > 0 && s.Confidence <= 1) || s.Iterations < 1 {
		return fmt.Errorf("bilateral solver: lambda %g must not be negative, confidence %g lie in (0, 1], iterations %d be above 0", s.Lambda, s.Confidence, s.Iterations)
	}
	return nil
}

// Refined is a mask at the size of its image.
type Refined struct {
	Coarse    []bool  // the patches, enlarged
	Mask      []bool  // what stays of the solution, or Coarse
	Agreement float64 // IoU of the solution and Coarse
	Solved    bool    // Mask is the solution
}

// Refine takes a coarse mask of gw x gh cells to the edges of the image: solve,
// threshold, fill holes, keep the largest part. A solution that has little to do
// with the coarse mask is dropped for it.
func (s Solver) Refine(img *data.Image, cells []bool, gw, gh int) (*Refined, error) {
	if len(cells) != gw*gh || gw < 1 || gh < 1 {
		return nil, fmt.Errorf("bilateral solver: %d cells do not fill %d x %d", len(cells), gw, gh)
	}
	if err := checkImage(img); err != nil {
		return nil, fmt.Errorf("bilateral solver: %w", err)
	}
	coarse := Enlarge(cells, gw, gh, img.Width, img.Height)
	soft, err := s.Solve(img, coarse)
	if err != nil {
		return nil, err
	}
	mask := make([]bool, len(soft))
	for i, v := range soft {
		mask[i] = v > s.Threshold
	}
	mask = LargestPart(FillHoles(mask, img.Width, img.Height), img.Width, img.Height)
	r := &Refined{Coarse: coarse, Mask: mask, Agreement: IoU(mask, coarse), Solved: true}
	if r.Agreement < s.Agreement {
		r.Mask, r.Solved = coarse, false
	}
	return r, nil
}

// Solve is the solution before the threshold, a value a pixel.
func (s Solver) Solve(img *data.Image, target []bool) ([]float64, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if err := checkImage(img); err != nil {
		return nil, fmt.Errorf("bilateral solver: %w", err)
	}
	g, err := newGrid(img, s)
	if err != nil {
		return nil, fmt.Errorf("bilateral solver: %w", err)
	}
	if len(target) != len(g.vertex) {
		return nil, fmt.Errorf("bilateral solver: a mask of %d pixels for an image of %d", len(target), len(g.vertex))
	}
	wanted := make([]float64, len(g.pixels)) // splat of confidence * target
	for i, foreground := range target {
		if foreground {
			wanted[g.vertex[i]] += s.Confidence
		}
	}
	y := s.minimise(g, wanted)
	soft := make([]float64, len(target))
	for i, at := range g.vertex {
		soft[i] = y[at]
	}
	return soft, nil
}

// bistochastise finds the diagonals n and m for which n B n has the row sums m:
// ten steps of the paper's iteration (Barron and Poole, Algorithm 1), and then m
// for that n.
func (g *grid) bistochastise() (n, m []float64) {
	n, blurred := make([]float64, len(g.pixels)), make([]float64, len(g.pixels))
	for i := range n {
		n[i] = 1
	}
	for range 10 {
		g.blur(n, blurred)
		for i := range n {
			n[i] = math.Sqrt(n[i] * g.pixels[i] / blurred[i])
		}
	}
	g.blur(n, blurred)
	floats.Mul(blurred, n)
	return n, blurred
}

// minimise solves (lambda (Dm - Dn B Dn) + diag(c)) y = wanted, c the confidence
// of each vertex, by conjugate gradients with the diagonal as preconditioner.
func (s Solver) minimise(g *grid, wanted []float64) []float64 {
	n, m := g.bistochastise()
	size := len(wanted)
	diagonal, y, scaled := make([]float64, size), make([]float64, size), make([]float64, size)
	for i, pixels := range g.pixels {
		diagonal[i] = max(s.Lambda*(m[i]-2*axes*n[i]*n[i])+s.Confidence*pixels, 1e-5)
		y[i] = wanted[i] / (s.Confidence * pixels)
	}
	times := func(x, out []float64) {
		floats.MulTo(scaled, n, x)
		g.blur(scaled, out)
		for i, v := range x {
			out[i] = s.Lambda*(m[i]*v-n[i]*out[i]) + s.Confidence*g.pixels[i]*v
		}
	}
	residual, product := make([]float64, size), make([]float64, size)
	times(y, product)
	floats.SubTo(residual, wanted, product)
	direction, conditioned := make([]float64, size), make([]float64, size)
	enough, before := 1e-5*floats.Norm(wanted, 2), 0.0
	for step := range s.Iterations {
		if floats.Norm(residual, 2) <= enough {
			break
		}
		floats.DivTo(conditioned, residual, diagonal)
		now := floats.Dot(residual, conditioned)
		if step > 0 {
			floats.Scale(now/before, direction)
		}
		floats.Add(direction, conditioned)
		times(direction, product)
		rate := now / floats.Dot(direction, product)
		floats.AddScaled(y, rate, direction)
		floats.AddScaled(residual, -rate, product)
		before = now
	}
	return y
}
