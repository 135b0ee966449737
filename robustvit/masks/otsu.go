package masks

// otsuBins is the resolution of the threshold search.
const otsuBins = 256

// otsu finds the threshold of a map in [0, 1] that separates it best into two
// levels, and how well it does: the share of the variance that lies between
// the two (1 = two sharp levels, about 0.6 = one smooth slope).
func otsu(values []float32) (threshold float32, separation float64) {
	var histogram [otsuBins]int
	total := 0.0
	for _, v := range values {
		bin := min(max(int(v*otsuBins), 0), otsuBins-1)
		histogram[bin]++
		total += float64(bin)
	}
	n := float64(len(values))
	mean := total / n
	variance := 0.0
	for bin, count := range histogram {
		variance += float64(count) * (float64(bin) - mean) * (float64(bin) - mean)
	}
	if variance == 0 {
		return 1, 0
	}
	best, below, sumBelow, at := 0.0, 0.0, 0.0, 0
	for bin, count := range histogram[:otsuBins-1] {
		below += float64(count)
		sumBelow += float64(count) * float64(bin)
		if below == 0 || below == n {
			continue
		}
		low, high := sumBelow/below, (total-sumBelow)/(n-below)
		if between := below * (n - below) / n * (high - low) * (high - low); between > best {
			best, at = between, bin
		}
	}
	return float32(at+1) / otsuBins, best / variance
}
