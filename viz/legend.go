package viz

// legendEntry is one name in the line above a plot.
type legendEntry struct {
	Name, Color, Dash string
	Marker            int  // form of the marker, -1 = a line, -2 = a bar
	Hollow            bool // an empty marker
}

const (
	lineSample = -1
	barSample  = -2
)

// legend draws the entries in lines that fit between left and right, from y
// downward, and returns the y below them.
func (d *drawing) legend(left, right, y float64, entries []legendEntry) float64 {
	if len(entries) == 0 {
		return y
	}
	x := left
	for _, e := range entries {
		name := elide(e.Name, 40)
		width := 24 + textWidth(name, 12) + 14
		if x > left && x+width > right {
			x, y = left, y+18
		}
		switch e.Marker {
		case lineSample:
			d.add(shape{Tag: "line", X: x, Y: y + 8, X2: x + 16, Y2: y + 8, Color: e.Color, Stroke: 2, Dash: e.Dash})
		case barSample:
			if e.Hollow {
				d.add(shape{Tag: "path", Path: "M" + point(x+3, y+14) + "v-11h11v11", Color: e.Color, Stroke: 1.4, Dash: "3 2.5"})
				break
			}
			d.add(shape{Tag: "rect", X: x + 3, Y: y + 3, W: 11, H: 11, R: 1.5, Color: e.Color})
		default:
			s := shape{Tag: "path", Path: marker(e.Marker, x+9, y+8, 4), Color: e.Color, Fill: e.Color, Stroke: 1.6}
			if e.Hollow {
				s.Fill = ""
			}
			d.add(s)
		}
		d.text(x+22, y+12, "start", name, 12, 0.85)
		x += width
	}
	return y + 24
}

// legendHeight is the room that legend will take.
func legendHeight(width float64, entries []legendEntry) float64 {
	return (&drawing{}).legend(0, width, 0, entries)
}
