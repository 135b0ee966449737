package viz

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Scatter shows points in a plane, each with its name where there is room:
// accuracy under shift over accuracy without.
type Scatter struct {
	Title    string
	Caption  string
	X, Y     Axis
	Clouds   []Cloud
	Diagonal bool // the line of equal values; both axes then span the same range
	Width    int  // pixels, 0 = 560
	Height   int  // pixels, 0 = 400
}

// Cloud is one series of points. NaN and infinite values are left out.
type Cloud struct {
	Name      string
	X, Y      []float64
	Low, High []float64 // of y; nil: no intervals
	Labels    []string  // nil, or one for each point
	Fit       bool      // a least-squares line, with its correlation in the legend
	Line      bool      // points are joined and not marked: a line known from elsewhere
	Hollow    bool      // empty markers, a dashed line: somebody else's numbers, the paper's
	Color     SeriesColor
}

func (c Cloud) check(title string) error {
	if len(c.X) != len(c.Y) {
		return fmt.Errorf("scatter %q: series %q has %d x and %d y values, expected as many", title, c.Name, len(c.X), len(c.Y))
	}
	for what, n := range map[string]int{"labels": len(c.Labels), "low": len(c.Low), "high": len(c.High)} {
		if n != 0 && n != len(c.Y) {
			return fmt.Errorf("scatter %q: series %q has %d points and %d of %s, expected none or as many", title, c.Name, len(c.Y), n, what)
		}
	}
	return nil
}

func (c Cloud) dash() string {
	if c.Hollow {
		return "5 4"
	}
	return ""
}

func (p Scatter) html(s *sheet) (template.HTML, error) {
	for _, c := range p.Clouds {
		if err := c.check(p.Title); err != nil {
			return "", err
		}
	}
	width, height := size(p.Width, 560), size(p.Height, 400)
	d := newDrawing(s, width, height, p.alt())
	f := p.frame(width, height)
	entries, fits := p.legend(f)
	f.top += d.legend(2, width, 2, entries)
	f.y.from, f.y.to = f.bottom, f.top
	d.frame(f)
	if p.Diagonal {
		p.diagonal(d, f)
	}
	for i, fit := range fits {
		if fit.ok {
			p.fitLine(d, f, i, fit)
		}
	}
	p.points(d, f)
	return d.figure(p.Title, p.Caption)
}

func (p Scatter) frame(width, height float64) plotFrame {
	var xs, ys [][]float64
	for _, c := range p.Clouds {
		xs, ys = append(xs, c.X), append(ys, c.Y, c.Low, c.High)
	}
	if p.Diagonal {
		xs = append(xs, ys...)
		ys = xs
	}
	f := plotFrame{x: newAxis(p.X.Log, 6, xs...), y: newAxis(p.Y.Log, 6, ys...), xLabel: p.X.Label, yLabel: p.Y.Label}
	f.top, f.bottom = 10, height-26
	if p.X.Label != "" {
		f.bottom -= 18
	}
	if p.Y.Label != "" {
		f.top += 18
	}
	f.left, f.right = f.y.labelWidth()+10, width-16
	f.x.from, f.x.to = f.left, f.right
	return f
}

// legend names the series, unless one alone has no name, and says what each fit found.
func (p Scatter) legend(f plotFrame) ([]legendEntry, []linearFit) {
	var entries []legendEntry
	fits := make([]linearFit, len(p.Clouds))
	for i, c := range p.Clouds {
		name := c.Name
		if c.Fit && !c.Line {
			if fits[i] = fitLine(f.x.log, f.y.log, c.X, c.Y); fits[i].ok {
				name = strings.TrimSpace(elide(name, 26) + " r = " + number(fits[i].r, 2))
			}
		}
		entry := legendEntry{Name: name, Color: c.Color.ink(i), Marker: i, Hollow: c.Hollow}
		if c.Line {
			entry.Marker, entry.Dash = lineSample, c.dash()
		}
		if name != "" {
			entries = append(entries, entry)
		}
	}
	return entries, fits
}

func (p Scatter) alt() string {
	var parts []string
	for _, c := range p.Clouds {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %d points", c.Name, len(c.Y))))
	}
	return fmt.Sprintf("%s scatter plot of %s over %s: %s", p.Title, p.Y.Label, p.X.Label, strings.Join(parts, "; "))
}

func (p Scatter) diagonal(d *drawing, f plotFrame) {
	low, high := max(f.x.low, f.y.low), min(f.x.high, f.y.high)
	x1, ok1 := f.x.at(low)
	x2, ok2 := f.x.at(high)
	y1, ok3 := f.y.at(low)
	y2, ok4 := f.y.at(high)
	if ok1 && ok2 && ok3 && ok4 && low < high {
		d.add(shape{Tag: "line", X: x1, Y: y1, X2: x2, Y2: y2, Color: d.Ink, Stroke: 1, Opacity: 0.55, Dash: "4 4"})
	}
}

func (p Scatter) fitLine(d *drawing, f plotFrame, i int, fit linearFit) {
	x1, ok1 := f.x.at(fit.low)
	x2, ok2 := f.x.at(fit.high)
	y1, ok3 := f.y.at(fit.at(fit.low))
	y2, ok4 := f.y.at(fit.at(fit.high))
	if ok1 && ok2 && ok3 && ok4 {
		d.add(shape{Tag: "line", X: x1, Y: y1, X2: x2, Y2: y2, Color: p.Clouds[i].Color.ink(i), Stroke: 1.6, Opacity: 0.8})
	}
}

func (p Scatter) points(d *drawing, f plotFrame) {
	names := labels{frame: f}
	for i, c := range p.Clouds {
		color := c.Color.ink(i)
		if c.Line {
			d.curve(f, Series{Name: c.Name, X: c.X, Y: c.Y}, color, c.dash())
			continue
		}
		for k := range c.Y {
			x, okX := f.x.at(c.X[k])
			y, okY := f.y.at(c.Y[k])
			if !okX || !okY {
				continue
			}
			if k < len(c.Low) && k < len(c.High) {
				low, okLow := f.y.at(c.Low[k])
				high, okHigh := f.y.at(c.High[k])
				if okLow && okHigh && c.Low[k] < c.High[k] {
					d.line(x, low, x, high, color, 1.2, 0.55)
				}
			}
			label := ""
			if k < len(c.Labels) {
				label = c.Labels[k]
			}
			s := shape{Tag: "path", Path: marker(i, x, y, 4), Color: color, Fill: color, Stroke: 1.4,
				Tip: clean(strings.TrimPrefix(label+" · "+c.Name, " · ") + ": " + short(c.X[k]) + ", " + short(c.Y[k]))}
			if c.Hollow {
				s.Fill = ""
			}
			d.add(s)
			names.point(x, y, label)
		}
	}
	names.draw(d)
}

// linearFit is a least-squares line; on a logarithmic axis in the logarithm of
// its values, so that it is straight in the plot.
type linearFit struct {
	slope, offset, r float64
	low, high        float64 // of x, in its own units
	logX, logY, ok   bool
}

// fitLine needs three points and some spread in x.
func fitLine(logX, logY bool, xs, ys []float64) linearFit {
	f := linearFit{logX: logX, logY: logY, low: math.Inf(1), high: math.Inf(-1)}
	var n, mx, my, xx, yy, xy float64
	for i := range xs {
		x, y := xs[i], ys[i]
		if logX {
			x = math.Log10(x)
		}
		if logY {
			y = math.Log10(y)
		}
		if !finite(x) || !finite(y) {
			continue
		}
		f.low, f.high = min(f.low, xs[i]), max(f.high, xs[i])
		n++
		dx, dy := x-mx, y-my // running means: sums of squares would lose digits
		mx, my = mx+dx/n, my+dy/n
		xx, yy, xy = xx+dx*(x-mx), yy+dy*(y-my), xy+dx*(y-my)
	}
	if n < 3 || !(xx > 0) || !finite(xx) || !finite(yy) || !finite(xy) {
		return f
	}
	f.slope = xy / xx
	f.offset, f.ok = my-f.slope*mx, true
	if yy > 0 {
		f.r = xy / math.Sqrt(xx) / math.Sqrt(yy)
	}
	return f
}

func (f linearFit) at(x float64) float64 {
	if f.logX {
		x = math.Log10(x)
	}
	y := f.offset + f.slope*x
	if f.logY {
		y = math.Pow(10, y)
	}
	return y
}
