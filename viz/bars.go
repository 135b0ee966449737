package viz

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Estimate is a value with its interval; Low == High means none, NaN a missing value.
type Estimate struct{ Value, Low, High float64 }

// Around is the estimate v +- half.
func Around(v, half float64) Estimate { return Estimate{v, v - math.Abs(half), v + math.Abs(half)} }

func (e Estimate) hasInterval() bool { return finite(e.Low) && finite(e.High) && e.Low < e.High }

func (e Estimate) text(write func(float64, int) string) string {
	s := write(e.Value, 1)
	if e.hasInterval() {
		s += fmt.Sprintf(" [%s, %s]", write(e.Low, 1), write(e.High, 1))
	}
	return s
}

// Group is one series of a bar or change plot: a model, with a value for each
// row or group.
type Group struct {
	Name   string
	Values []Estimate
	Color  SeriesColor
	Paper  bool // somebody else's numbers: bars are drawn as outlines
}

// Bars is a plot of grouped bars from zero with error bars: accuracy by set and
// model.
type Bars struct {
	Title     string
	Caption   string
	Y         string   // what is measured
	Names     []string // one group of bars each
	Series    []Group
	Reference *Reference
	Decimals  int // of the values written over few bars, 0 = 1
	Width     int // pixels, 0 = 760
	Height    int // pixels, 0 = 300
}

// Reference is a level to compare with: chance, the paper's value.
type Reference struct {
	Value float64
	Label string
}

func (b Bars) html(s *sheet) (template.HTML, error) {
	if err := checkGroups("bars", b.Title, len(b.Names), b.Series); err != nil {
		return "", err
	}
	width, height := size(b.Width, 760), size(b.Height, 300)
	d := newDrawing(s, width, height, b.alt())
	var entries []legendEntry
	values := []float64{0}
	for i, g := range b.Series {
		entries = append(entries, legendEntry{Name: g.Name, Color: g.Color.ink(i), Marker: barSample, Hollow: g.Paper})
		for _, e := range g.Values {
			values = append(values, e.Value, e.High, e.Low)
		}
	}
	if b.Reference != nil {
		values = append(values, b.Reference.Value)
	}
	f := plotFrame{y: newAxis(false, 5, values), yLabel: b.Y, right: width - 4, bottom: height - 24}
	f.left = f.y.labelWidth() + 10
	if b.Reference != nil { // its name stands beside the bars, never on them
		f.right -= min(textWidth(clean(b.Reference.Label), 11)+8, width*0.25)
	}
	below := d.legend(f.left, f.right, 2, entries)
	if f.top = below + 8; b.Y != "" {
		f.top += 18
	}
	slot := (f.right - f.left) / float64(max(len(b.Names), 1))
	if b.namesTilt(slot) {
		left, down := b.tiltedRoom(slot)
		f.left = max(f.left, left)
		f.bottom -= max(down-16, 0)
		slot = (f.right - f.left) / float64(len(b.Names))
	}
	f.y.from, f.y.to = f.bottom, f.top
	d.frame(f)
	b.bars(d, f, slot)
	b.reference(d, f)
	return d.figure(b.Title, b.Caption)
}

func checkGroups(kind, title string, names int, series []Group) error {
	for _, g := range series {
		if len(g.Values) != names {
			return fmt.Errorf("%s %q: series %q has %d values, expected %d (one for each name)", kind, title, g.Name, len(g.Values), names)
		}
	}
	return nil
}

func (b Bars) alt() string {
	var parts []string
	for i, name := range b.Names {
		var values []string
		for _, g := range b.Series {
			values = append(values, g.Name+" "+number(g.Values[i].Value, 1))
		}
		parts = append(parts, name+": "+strings.Join(values, ", "))
	}
	return b.Title + " bar plot. " + strings.Join(parts, "; ")
}

// namesTilt tells whether the names do not fit side by side.
func (b Bars) namesTilt(slot float64) bool {
	for _, n := range b.Names {
		if textWidth(elide(n, 20), 11) > slot-4 {
			return true
		}
	}
	return false
}

// tiltedRoom is what tilted names need left of the bars and below them.
func (b Bars) tiltedRoom(slot float64) (left, down float64) {
	for i, n := range b.Names {
		length := textWidth(elide(n, 20), 11)
		left = max(left, length*math.Cos(tilt)-(float64(i)+0.5)*slot)
		down = max(down, length*math.Sin(tilt)+11)
	}
	return left, down
}

// tilt of names that do not fit side by side, in radians.
const tilt = math.Pi / 6

func (b Bars) bars(d *drawing, f plotFrame, slot float64) {
	zero, _ := f.y.at(0)
	room := min(slot*0.78, float64(len(b.Series))*34)
	w := room / float64(max(len(b.Series), 1))
	tilted := b.namesTilt(slot)
	for i, name := range b.Names {
		centre := f.left + (float64(i)+0.5)*slot
		for j, g := range b.Series {
			x := centre - room/2 + float64(j)*w
			b.bar(d, f, x, w, zero, i, j)
			if e := g.Values[i]; e.hasInterval() {
				low, _ := f.y.at(e.Low)
				high, _ := f.y.at(e.High)
				d.line(x+w/2, low, x+w/2, high, d.Ink, 1.2, 0.75)
				for _, y := range []float64{low, high} {
					d.line(x+w/2-min(w*0.2, 3), y, x+w/2+min(w*0.2, 3), y, d.Ink, 1.2, 0.75)
				}
			}
		}
		label := shape{Tag: "text", X: centre, Y: f.bottom + 16, Anchor: "middle", Text: elide(name, 20), Size: 11, Color: d.Ink, Opacity: 0.85}
		if tilted {
			label.Anchor, label.Rotate, label.X, label.Y = "end", -180/math.Pi*tilt, centre+6, f.bottom+14
		}
		d.add(label)
	}
}

func (b Bars) bar(d *drawing, f plotFrame, x, w, zero float64, i, j int) {
	g := b.Series[j]
	y, ok := f.y.at(g.Values[i].Value)
	if !ok {
		return
	}
	gap := min(w*0.12, 2)
	s := shape{Tag: "rect", X: x + gap/2, Y: min(y, zero), W: w - gap, H: max(math.Abs(y-zero), 0.5), R: min(1.5, w/6),
		Color: g.Color.ink(j), Opacity: 0.88, Tip: clean(b.Names[i] + " · " + g.Name + ": " + g.Values[i].text(number))}
	if g.Paper {
		left, width := x+gap/2+0.7, max(w-gap-1.4, 1)
		s.Tag, s.Path = "path", "M"+point(left, zero)+"V"+coordinate(y)+"H"+coordinate(left+width)+"V"+coordinate(zero)
		s.Stroke, s.Dash, s.Opacity = 1.4, "3 2.5", 0
	}
	d.add(s)
	if len(b.Names)*len(b.Series) <= 12 {
		top := y
		if high, ok := f.y.at(g.Values[i].High); ok && g.Values[i].hasInterval() {
			top = min(top, high)
		}
		d.text(x+w/2, top-5, "middle", number(g.Values[i].Value, max(b.Decimals, 1)), 11, 0.85)
	}
}

func (b Bars) reference(d *drawing, f plotFrame) {
	if b.Reference == nil {
		return
	}
	if y, ok := f.y.at(b.Reference.Value); ok {
		d.add(shape{Tag: "line", X: f.left, Y: y, X2: f.right, Y2: y, Color: d.Ink, Stroke: 1, Opacity: 0.7, Dash: "4 3"})
		d.text(f.right+6, y+4, "start", elide(b.Reference.Label, 24), 11, 0.8)
	}
}
