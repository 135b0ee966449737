package viz

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Curves is a line plot: losses over steps, accuracy over a factor.
type Curves struct {
	Title   string
	Caption string
	X, Y    Axis
	Series  []Series
	Marks   bool // a marker at each point: few points, whose place counts
	Width   int  // pixels, 0 = 640
	Height  int  // pixels, 0 = 300
}

// Axis names what is along one side of a plot.
type Axis struct {
	Label string
	Log   bool     // values not above zero are left out
	Names []string // of x in Curves: what stands at 1, 2, 3 instead of numbers
}

// Series is one line. X may be nil: then points are numbered from 1. NaN and
// infinite values leave a gap. Low and High, if given, draw a band.
type Series struct {
	Name      string
	X, Y      []float64
	Low, High []float64
	Dashed    bool // somebody else's numbers: the paper's
	Color     SeriesColor
}

var dashes = [...]string{"", "7 4", "2 3", "9 3 2 3"}

// dash tells line i from those before it that have its colour, as the seventh
// has the first one's.
func (c Curves) dash(i int) string {
	if c.Series[i].Dashed {
		return "5 4"
	}
	before := 0
	for j, s := range c.Series[:i] {
		if !s.Dashed && s.Color.ink(j) == c.Series[i].Color.ink(i) {
			before++
		}
	}
	return dashes[before%len(dashes)]
}

func (c Curves) html(s *sheet) (template.HTML, error) {
	width, height := size(c.Width, 640), size(c.Height, 300)
	for _, line := range c.Series {
		if line.X != nil && len(line.X) != len(line.Y) {
			return "", fmt.Errorf("curves %q: series %q has %d x and %d y values, expected as many", c.Title, line.Name, len(line.X), len(line.Y))
		}
	}
	d := newDrawing(s, width, height, c.alt())
	f := c.frame(width, height)
	d.frame(f)
	for i, line := range c.Series {
		d.band(f, line, line.Color.ink(i))
	}
	for i, line := range c.Series {
		d.curve(f, line, line.Color.ink(i), c.dash(i))
		if c.Marks {
			d.marks(f, line, i)
		}
	}
	if len(c.Series) <= 8 {
		d.endLabels(f, c.Series)
	} else {
		d.legend(f.left, width-8, 2, c.legend())
	}
	return d.figure(c.Title, c.Caption)
}

func size(n int, standard float64) float64 {
	if n <= 0 {
		return standard
	}
	return float64(min(max(n, 160), 4000))
}

func (c Curves) alt() string {
	var parts []string
	for _, s := range c.Series {
		part := s.Name
		if first, last, ok := ends(s.Y); ok {
			part += fmt.Sprintf(" from %s to %s", short(first), short(last))
		}
		parts = append(parts, part)
	}
	return strings.TrimSpace(c.Title + " line plot: " + strings.Join(parts, "; "))
}

// ends are the first and last values that can be shown.
func ends(y []float64) (first, last float64, ok bool) {
	for _, v := range y {
		if !finite(v) {
			continue
		}
		if !ok {
			first, ok = v, true
		}
		last = v
	}
	return first, last, ok
}

// xs gives the x values, counted from 1 where there are none.
func (s Series) xs() []float64 {
	if s.X != nil {
		return s.X
	}
	x := make([]float64, len(s.Y))
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

func (c Curves) legend() []legendEntry {
	var entries []legendEntry
	for i, s := range c.Series {
		entries = append(entries, legendEntry{Name: s.Name, Color: s.Color.ink(i), Dash: c.dash(i), Marker: lineSample})
	}
	return entries
}

// plotFrame is the rectangle between the axes.
type plotFrame struct {
	left, right, top, bottom float64
	x, y                     axis
	xLabel, yLabel           string
}

func (c Curves) frame(width, height float64) plotFrame {
	var xs, ys [][]float64
	labels := 0.0
	for _, s := range c.Series {
		xs, ys = append(xs, s.xs()), append(ys, s.Y, s.Low, s.High)
		labels = max(labels, textWidth(endLabel(s), 12)+14)
	}
	f := plotFrame{x: newAxis(c.X.Log, 6, xs...), y: newAxis(c.Y.Log, 5, ys...), xLabel: c.X.Label, yLabel: c.Y.Label}
	f.top, f.bottom = 12, height-26
	if c.X.Label != "" {
		f.bottom -= 18
	}
	if c.Y.Label != "" {
		f.top += 18
	}
	if len(c.Series) > 8 {
		labels = 12
		f.top += legendHeight(width-56, c.legend())
	}
	f.left, f.right = f.y.labelWidth()+10, width-min(labels, width*0.4)
	if n := len(c.X.Names); n > 0 {
		f.x = namedAxis(c.X.Names, (f.right-f.left)/float64(n))
	} else if ticks := distinct(xs, f.x.log); c.Marks && len(ticks) > 1 && len(ticks) <= maxPlaces {
		f.x.placeTicks(ticks, f.right-f.left)
	} else if !f.x.log { // the curve fills the width: ticks stay whole, the range is the data's
		if low, high, ok := extent(xs); ok && low < high {
			f.x.low, f.x.high = low, high
		}
	}
	f.x.from, f.x.to, f.y.from, f.y.to = f.left, f.right, f.bottom, f.top
	return f
}

func extent(lists [][]float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, list := range lists {
		for _, v := range list {
			if finite(v) && math.Abs(v) < 1e300 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	return low, high, low <= high
}

func (a axis) labelWidth() float64 {
	w := 0.0
	for _, t := range a.ticks {
		w = max(w, textWidth(a.label(t), 11))
	}
	return w
}

// frame draws grid, ticks and the names of the axes.
func (d *drawing) frame(f plotFrame) {
	for _, t := range f.y.ticks {
		y, ok := f.y.at(t)
		if !ok {
			continue
		}
		d.line(f.left, y, f.right, y, d.Ink, 1, 0.13)
		d.text(f.left-7, y+4, "end", f.y.label(t), 11, 0.7)
	}
	d.line(f.left, f.bottom, f.right, f.bottom, d.Ink, 1, 0.5)
	for _, t := range f.x.ticks {
		if t < f.x.low-1e-9*(f.x.high-f.x.low) || t > f.x.high+1e-9*(f.x.high-f.x.low) {
			continue
		}
		if x, ok := f.x.at(t); ok {
			d.line(x, f.bottom, x, f.bottom+4, d.Ink, 1, 0.5)
			d.text(x, f.bottom+17, "middle", f.x.label(t), 11, 0.7)
		}
	}
	if f.xLabel != "" {
		d.text((f.left+f.right)/2, f.bottom+36, "middle", elide(f.xLabel, 80), 12, 0.85)
	}
	if f.yLabel != "" { // above the axis, level: nobody should tilt the head
		d.text(0, f.top-13, "start", elide(f.yLabel, 80), 12, 0.85)
	}
}

// curve draws one line; a point between two gaps becomes a dot.
func (d *drawing) curve(f plotFrame, s Series, color, dash string) {
	var path strings.Builder
	run := thin(f, s.xs(), s.Y)
	for _, piece := range run {
		if len(piece) == 1 {
			d.add(shape{Tag: "path", Path: marker(0, piece[0][0], piece[0][1], 3), Fill: color})
			continue
		}
		for i, p := range piece {
			if i == 0 {
				path.WriteString("M" + point(p[0], p[1]))
			} else {
				path.WriteString("L" + point(p[0], p[1]))
			}
		}
	}
	if path.Len() > 0 {
		d.add(shape{Tag: "path", Path: path.String(), Color: color, Stroke: 1.8, Dash: dash, Tip: clean(s.Name)})
	}
}
