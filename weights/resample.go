package weights

import "math"

// ResamplePositions interpolates the position embeddings pos [1, prefix+grid*grid, width],
// row-major, of a square grid of patches to a grid of h x w and returns
// [1, prefix+h*w, width]. Prefix tokens are kept bit for bit, and so are all
// tokens where the grid stays the same. It returns nil where pos does not have
// that shape or h or w is below 1.
//
// This is timm's resample_abs_pos_embed: bicubic (a = -0.5) with
// antialiasing, half-pixel centres, the filter cut and normalised at the edges.
// Deviation from DINO's own code, which runs TokenCut's features: there it is
// bicubic with a = -0.75, without antialiasing, at a scale of (h+0.1)/grid.
// On smooth random embeddings the two differ by 4 % of the spread (root mean
// square) from 14x14 to 31x23, and by 13 % to 10x10.
func ResamplePositions(pos []float32, prefix, grid, h, w, width int) []float32 {
	if prefix < 0 || grid < 1 || width < 1 || h < 1 || w < 1 || len(pos) != (prefix+grid*grid)*width {
		return nil
	}
	out := make([]float32, (prefix+h*w)*width)
	copy(out, pos[:prefix*width])
	patches := pos[prefix*width:]
	rows := make([]float64, grid*w*width) // [grid, w, width]: along x first, as PyTorch does
	for x, taps := range cubicTaps(grid, w) {
		for y := range grid {
			to := rows[(y*w+x)*width:][:width]
			for j, weight := range taps.weights {
				for c, v := range patches[(y*grid+taps.first+j)*width:][:width] {
					to[c] += weight * float64(v)
				}
			}
		}
	}
	sum := make([]float64, w*width)
	for y, taps := range cubicTaps(grid, h) {
		clear(sum)
		for j, weight := range taps.weights {
			for i, v := range rows[(taps.first+j)*w*width:][:w*width] {
				sum[i] += weight * v
			}
		}
		for i, v := range sum {
			out[(prefix+y*w)*width+i] = float32(v)
		}
	}
	return out
}

// taps are the inputs that make one output: consecutive from first, weights summing to 1.
type taps struct {
	first   int
	weights []float64
}

// cubicTaps are the taps of a resampling from n to m places. The filter is
// stretched by n/m where places get fewer: that is the antialiasing.
func cubicTaps(n, m int) []taps {
	step := float64(n) / float64(m)
	stretch := math.Max(step, 1)
	all := make([]taps, m)
	for i := range all {
		centre := step * (float64(i) + 0.5)
		first := max(0, int(centre-2*stretch+0.5))
		last := min(n, int(centre+2*stretch+0.5))
		weights, sum := make([]float64, last-first), 0.0
		for j := range weights {
			weights[j] = cubic((float64(first+j) + 0.5 - centre) / stretch)
			sum += weights[j]
		}
		for j := range weights {
			weights[j] /= sum
		}
		all[i] = taps{first, weights}
	}
	return all
}

// cubic is Keys' cubic convolution kernel with a = -0.5 (Pillow's BICUBIC).
func cubic(x float64) float64 {
	const a = -0.5
	switch x = math.Abs(x); {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return (((x-5)*x+8)*x - 4) * a
	}
	return 0
}
