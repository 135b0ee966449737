package viz

import "sort"

func endLabel(s Series) string {
	name := elide(s.Name, 26)
	if _, last, ok := ends(s.Y); ok {
		return name + " " + short(last)
	}
	return name
}

// endLabels writes each name beside the end of its line, pushed apart where they
// would overlap.
func (d *drawing) endLabels(f plotFrame, series []Series) {
	type label struct {
		y     float64
		text  string
		color string
	}
	var labels []label
	for i, s := range series {
		y := f.bottom
		if _, last, ok := ends(s.Y); ok {
			if at, ok := f.y.at(last); ok {
				y = at
			}
		}
		labels = append(labels, label{y, endLabel(s), s.Color.ink(i)})
	}
	sort.SliceStable(labels, func(i, j int) bool { return labels[i].y < labels[j].y })
	const gap = 15
	for i := 1; i < len(labels); i++ {
		labels[i].y = max(labels[i].y, labels[i-1].y+gap)
	}
	if n := len(labels); n > 0 { // what was pushed below the frame moves up again
		labels[n-1].y = min(labels[n-1].y, f.bottom)
		for i := n - 2; i >= 0; i-- {
			labels[i].y = min(labels[i].y, labels[i+1].y-gap)
		}
	}
	for _, l := range labels {
		d.add(shape{Tag: "text", X: f.right + 8, Y: l.y + 4, Anchor: "start", Text: l.text, Size: 12, Color: l.color})
	}
}
