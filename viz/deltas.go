package viz

import (
	"html/template"
	"math"
	"slices"
	"strings"
)

// Deltas shows changes with their intervals around a zero line: a row for each
// set, a marker for each model. An empty marker means that the interval holds
// zero: the change cannot be told from noise.
type Deltas struct {
	Title   string
	Caption string
	X       string   // what changes, in which unit
	Names   []string // one row each
	Rules   []int    // rows before which a line is drawn
	Series  []Group
	Width   int // pixels, 0 = 720
}

const deltaStep = 13 // pixels from one series of a row to the next

func (p Deltas) html(s *sheet) (template.HTML, error) {
	if err := checkGroups("changes", p.Title, len(p.Names), p.Series); err != nil {
		return "", err
	}
	width := size(p.Width, 720)
	entries, values := p.legend()
	left := 8.0
	for _, n := range p.Names {
		left = max(left, textWidth(elide(n, 28), 12.5)+18)
	}
	band := float64(len(p.Series))*deltaStep + 10
	top := legendHeight(width, entries) + 6
	f := plotFrame{x: newAxis(false, 7, values), left: min(left, width/2), right: width - 12, top: top, xLabel: p.X}
	f.bottom = top + band*float64(len(p.Names))
	f.x.from, f.x.to = f.left+6, f.right
	height := f.bottom + 24
	if p.X != "" {
		height += 20
	}
	d := newDrawing(s, width, height, p.alt())
	d.legend(2, width, 2, entries)
	p.grid(d, f, band)
	for row := range p.Names {
		p.row(d, f, row, f.top+band*float64(row)+band/2)
	}
	return d.figure(p.Title, p.Caption)
}

func (p Deltas) legend() ([]legendEntry, []float64) {
	values := []float64{0}
	var entries []legendEntry
	noise := false
	for i, g := range p.Series {
		entries = append(entries, legendEntry{Name: g.Name, Color: g.Color.ink(i), Marker: i})
		for _, e := range g.Values {
			values = append(values, e.Value, e.Low, e.High)
			noise = noise || e.isNoise()
		}
	}
	if noise {
		entries = append(entries, legendEntry{Name: "empty: within the noise", Color: palette[Grey], Marker: 0, Hollow: true})
	}
	return entries, values
}

func (e Estimate) isNoise() bool { return e.hasInterval() && e.Low <= 0 && e.High >= 0 }

func (p Deltas) alt() string {
	var parts []string
	for i, name := range p.Names {
		var values []string
		for _, g := range p.Series {
			values = append(values, g.Name+" "+g.Values[i].text(signed))
		}
		parts = append(parts, name+": "+strings.Join(values, ", "))
	}
	return p.Title + " changes. " + strings.Join(parts, "; ")
}

// grid draws bands, ticks and the zero line, with words that say which side is which.
func (p Deltas) grid(d *drawing, f plotFrame, band float64) {
	for row, name := range p.Names {
		y := f.top + band*float64(row)
		if row%2 == 0 {
			d.add(shape{Tag: "rect", X: 0, Y: y, W: f.right + 12, H: band, Color: d.Ink, Opacity: 0.045})
		}
		if slices.Contains(p.Rules, row) {
			d.line(0, y, f.right+12, y, d.Ink, 1, 0.5)
		}
		d.text(10, y+band/2+4.5, "start", elide(name, 28), 12.5, 0.95)
	}
	for _, t := range f.x.ticks {
		x, _ := f.x.at(t)
		if math.Abs(t) > 1e-12 {
			d.line(x, f.top, x, f.bottom, d.Ink, 1, 0.13)
		}
		d.text(x, f.bottom+16, "middle", signed(t, f.x.decimals), 11, 0.7)
	}
	zero, _ := f.x.at(0)
	d.line(zero, f.top, zero, f.bottom, d.Ink, 1.4, 0.75)
	if p.X != "" {
		d.text((f.left+f.right)/2, f.bottom+36, "middle", elide(p.X, 80), 12, 0.85)
	}
}

func (p Deltas) row(d *drawing, f plotFrame, row int, centre float64) {
	for i, g := range p.Series {
		e := g.Values[row]
		x, ok := f.x.at(e.Value)
		if !ok {
			continue
		}
		y := centre + (float64(i)-float64(len(p.Series)-1)/2)*deltaStep
		color := g.Color.ink(i)
		if e.hasInterval() {
			low, _ := f.x.at(e.Low)
			high, _ := f.x.at(e.High)
			d.interval(low, high, x, y, color)
		}
		s := shape{Tag: "path", Path: marker(i, x, y, 4), Color: color, Fill: color, Stroke: 1.6, Tip: clean(p.Names[row] + " · " + g.Name + ": " + e.text(signed))}
		if e.isNoise() {
			s.Fill = ""
		}
		d.add(s)
	}
}

// interval draws the whisker on both sides of the marker, leaving its inside free
// so that an empty marker stays empty.
func (d *drawing) interval(low, high, x, y float64, color string) {
	const r = 4.8
	if low < x-r {
		d.line(low, y, x-r, y, color, 1.6, 0.9)
	}
	if high > x+r {
		d.line(x+r, y, high, y, color, 1.6, 0.9)
	}
	for _, end := range []float64{low, high} {
		d.line(end, y-3, end, y+3, color, 1.6, 0.9)
	}
}
