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

// largestComponent keeps the largest 4-connected part of a w x h mask and says
// how many image sides it touches.
func largestComponent(mask []bool, w, h int) (part []bool, sides int) {
	label := make([]int, len(mask))
	best, bestSize, next := 0, 0, 0
	var stack []int
	for start := range mask {
		if !mask[start] || label[start] != 0 {
			continue
		}
		next++
		size := 0
		label[start] = next
		stack = append(stack[:0], start)
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			size++
			for _, neighbour := range neighbours(at, w, h) {
				if neighbour >= 0 && mask[neighbour] && label[neighbour] == 0 {
					label[neighbour] = next
					stack = append(stack, neighbour)
				}
			}
		}
		if size > bestSize {
			best, bestSize = next, size
		}
	}
	part = make([]bool, len(mask))
	var touched [4]int
	for i := range mask {
		if bestSize > 0 && label[i] == best {
			part[i] = true
			for side, at := range []bool{i%w == 0, i%w == w-1, i < w, i >= w*(h-1)} {
				if at {
					touched[side] = 1
				}
			}
		}
	}
	return part, touched[0] + touched[1] + touched[2] + touched[3]
}

// neighbours are the four pixels around one; -1 beyond the border.
func neighbours(at, w, h int) [4]int {
	n := [4]int{at - 1, at + 1, at - w, at + w}
	if at%w == 0 {
		n[0] = -1
	}
	if at%w == w-1 {
		n[1] = -1
	}
	if at < w {
		n[2] = -1
	}
	if at >= w*(h-1) {
		n[3] = -1
	}
	return n
}
