package masks

import (
	"slices"

	"github.com/robustvit/workbench/data/tokencut"
)

// meanOverHeads combines the heads of an attention map [H x P].
func meanOverHeads(attention []float32, patches int) []float64 {
	mean := make([]float64, patches)
	heads := float64(len(attention) / patches)
	for i, a := range attention {
		mean[i%patches] += float64(a) / heads
	}
	return mean
}

// strongest keeps the largest part of the fewest patches that together hold the
// share of all attention.
func strongest(attention []float64, w, h int, share float64) []bool {
	order := make([]int, len(attention))
	total := 0.0
	for i, a := range attention {
		order[i] = i
		total += a
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case attention[a] > attention[b]:
			return -1
		case attention[a] < attention[b]:
			return 1
		}
		return 0
	})
	kept, sum := make([]bool, len(attention)), 0.0
	for _, i := range order {
		if sum >= share*total {
			break
		}
		kept[i] = true
		sum += attention[i]
	}
	return tokencut.LargestPart(kept, w, h)
}

// scaled stretches a map to [0, 1]; a constant one is 0.
func scaled(values []float64) []float32 {
	low, high := slices.Min(values), slices.Max(values)
	out := make([]float32, len(values))
	for i, v := range values {
		if high > low {
			out[i] = float32((v - low) / (high - low))
		}
	}
	return out
}

// enlarge resizes a map of gw x gh values to w x h bilinearly (half-pixel
// centres, clamped).
func enlarge(low []float32, gw, gh, w, h int) []float32 {
	out := make([]float32, w*h)
	at := func(i, n, size int) (below, above int, fraction float32) {
		x := max((float32(i)+0.5)*float32(n)/float32(size)-0.5, 0)
		below = min(int(x), n-1)
		return below, min(below+1, n-1), x - float32(below)
	}
	for y := range h {
		y0, y1, fy := at(y, gh, h)
		for x := range w {
			x0, x1, fx := at(x, gw, w)
			top := low[y0*gw+x0]*(1-fx) + low[y0*gw+x1]*fx
			bottom := low[y1*gw+x0]*(1-fx) + low[y1*gw+x1]*fx
			out[y*w+x] = top*(1-fy) + bottom*fy
		}
	}
	return out
}
