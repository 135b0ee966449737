package viz

// thin turns a series into runs of pixels without gaps. Of the many points that
// fall on one column of pixels it keeps first, lowest, highest and last: the
// line looks the same and a log of a million steps stays a small picture.
func thin(f plotFrame, xs, ys []float64) [][][2]float64 {
	var runs [][][2]float64
	var run [][2]float64
	var column []([2]float64)
	flush := func() {
		run = append(run, extremes(column)...)
		column = column[:0]
	}
	end := func() {
		flush()
		if len(run) > 0 {
			runs = append(runs, run)
		}
		run = nil
	}
	for i := range ys {
		x, okX := f.x.at(xs[i])
		y, okY := f.y.at(ys[i])
		if !okX || !okY {
			end()
			continue
		}
		if len(column) > 0 && int(column[0][0]) != int(x) {
			flush()
		}
		column = append(column, [2]float64{x, y})
	}
	end()
	return runs
}

func extremes(column [][2]float64) [][2]float64 {
	if len(column) <= 4 {
		return append([][2]float64(nil), column...)
	}
	low, high, last := 0, 0, len(column)-1
	for i, p := range column {
		if p[1] < column[low][1] {
			low = i
		}
		if p[1] > column[high][1] {
			high = i
		}
	}
	keep := [][2]float64{column[0]}
	for _, i := range []int{min(low, high), max(low, high)} {
		if i > 0 && i < last {
			keep = append(keep, column[i])
		}
	}
	return append(keep, column[last])
}
