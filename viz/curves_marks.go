package viz

import "strings"

// marks draws the points of a line: empty ones where the numbers are somebody
// else's. Their form tells series apart without colour.
func (d *drawing) marks(f plotFrame, s Series, i int) {
	xs := s.xs()
	for k := range s.Y {
		x, okX := f.x.at(xs[k])
		y, okY := f.y.at(s.Y[k])
		if !okX || !okY {
			continue
		}
		at := short(xs[k])
		if f.x.names != nil {
			at = f.x.label(xs[k])
		}
		m := shape{Tag: "path", Path: marker(i, x, y, 3.4), Color: s.Color.ink(i), Fill: s.Color.ink(i), Stroke: 1.4, Tip: clean(s.Name + " at " + at + ": " + short(s.Y[k]))}
		if s.Dashed {
			m.Fill = ""
		}
		d.add(m)
	}
}

func (d *drawing) band(f plotFrame, s Series, color string) {
	n := min(len(s.Low), len(s.High), len(s.Y))
	xs := s.xs()
	var up, down []string
	for i := range n {
		x, ok := f.x.at(xs[i])
		low, okLow := f.y.at(s.Low[i])
		high, okHigh := f.y.at(s.High[i])
		if ok && okLow && okHigh {
			up, down = append(up, point(x, high)), append(down, point(x, low))
		}
	}
	if len(up) < 2 {
		return
	}
	for i, j := 0, len(down)-1; i < j; i, j = i+1, j-1 {
		down[i], down[j] = down[j], down[i]
	}
	d.add(shape{Tag: "path", Path: "M" + strings.Join(append(up, down...), "L") + "z", Fill: color, Opacity: 0.16})
}
