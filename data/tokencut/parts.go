package tokencut

// PartAt is the 4-connected part of the w x h mask that holds pixel at; empty if
// that pixel is background.
func PartAt(mask []bool, w, h, at int) []bool {
	part := make([]bool, len(mask))
	if mask[at] {
		flood(mask, part, w, h, at)
	}
	return part
}

// LargestPart is the largest 4-connected part of the w x h mask; of two as large
// the upper one.
func LargestPart(mask []bool, w, h int) []bool {
	seen := make([]bool, len(mask))
	best, bestSize := -1, 0
	for at := range mask {
		if mask[at] && !seen[at] {
			if size := flood(mask, seen, w, h, at); size > bestSize {
				best, bestSize = at, size
			}
		}
	}
	if best < 0 {
		return make([]bool, len(mask))
	}
	return PartAt(mask, w, h, best)
}

// FillHoles is the mask with all background that no path of background joins to
// the border of the picture.
func FillHoles(mask []bool, w, h int) []bool {
	ground, outside := make([]bool, len(mask)), make([]bool, len(mask))
	for i, foreground := range mask {
		ground[i] = !foreground
	}
	for at := range mask {
		if border(at, w, h) && ground[at] && !outside[at] {
			flood(ground, outside, w, h, at)
		}
	}
	filled := ground
	for i := range filled {
		filled[i] = !outside[i]
	}
	return filled
}

// Sides is the number of sides of the picture, 0 to 4, that the mask touches.
func Sides(mask []bool, w, h int) int {
	var touched [4]int
	for i, foreground := range mask {
		if foreground && border(i, w, h) {
			for side, at := range []bool{i%w == 0, i%w == w-1, i < w, i >= w*(h-1)} {
				if at {
					touched[side] = 1
				}
			}
		}
	}
	return touched[0] + touched[1] + touched[2] + touched[3]
}

// IoU is intersection over union of two masks of one size; 1 where both are empty.
func IoU(a, b []bool) float64 {
	both, either := 0, 0
	for i := range a {
		if a[i] && b[i] {
			both++
		}
		if a[i] || b[i] {
			either++
		}
	}
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}

func border(at, w, h int) bool { return at%w == 0 || at%w == w-1 || at < w || at >= w*(h-1) }

// flood marks the part of mask around at in part and returns its size.
func flood(mask, part []bool, w, h, at int) (size int) {
	part[at] = true
	stack := []int{at}
	visit := func(next int) {
		if mask[next] && !part[next] {
			part[next] = true
			stack = append(stack, next)
		}
	}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		size++
		if at%w > 0 {
			visit(at - 1)
		}
		if at%w < w-1 {
			visit(at + 1)
		}
		if at >= w {
			visit(at - w)
		}
		if at < w*(h-1) {
			visit(at + w)
		}
	}
	return size
}

// Enlarge gives each pixel of the w x h mask the value of the cell of the
// gw x gh grid that it lies in.
func Enlarge(cells []bool, gw, gh, w, h int) []bool {
	mask := make([]bool, w*h)
	for y := range h {
		row := cells[y*gh/h*gw:]
		for x := range w {
			mask[y*w+x] = row[x*gw/w]
		}
	}
	return mask
}
