package viz

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Reliability is a reliability diagram: how often a model is right where it is
// so confident, a panel for each model. On the diagonal confidence is earned;
// below it the model is overconfident. Under each panel stands how many of the
// images fall into the bin.
type Reliability struct {
	Title   string
	Caption string
	Models  []Calibration
	Width   int // pixels, 0 = 720
}

// Calibration is one model's bins: mean confidence and accuracy, 0 to 1, and the
// share of images, in any unit. NaN marks an empty bin.
type Calibration struct {
	Name       string
	Confidence []float64
	Accuracy   []float64
	Weights    []float64 // nil: not known
	Color      SeriesColor
}

// Error is the expected calibration error, 0 to 1: the mean distance of accuracy
// and confidence over the bins, weighted by their share; NaN without weights.
func (c Calibration) Error() float64 {
	sum, total := 0.0, 0.0
	for i, w := range c.Weights {
		if gap := math.Abs(c.Accuracy[i] - c.Confidence[i]); finite(gap) && w > 0 {
			sum, total = sum+w*gap, total+w
		}
	}
	if total == 0 {
		return math.NaN()
	}
	return sum / total
}

func (c Calibration) check(title string) error {
	n := len(c.Confidence)
	if len(c.Accuracy) != n || c.Weights != nil && len(c.Weights) != n {
		return fmt.Errorf("reliability %q: %q has %d confidences, %d accuracies and %d weights, expected as many of each", title, c.Name, n, len(c.Accuracy), len(c.Weights))
	}
	return nil
}

const (
	shareHeight  = 46 // of the bars that show the share of a bin
	shareDistant = 14
	panelGap     = 52
	panelMargin  = 44 // left of the first panel, for its numbers
)

func (r Reliability) html(s *sheet) (template.HTML, error) {
	for _, m := range r.Models {
		if err := m.check(r.Title); err != nil {
			return "", err
		}
	}
	width := size(r.Width, 720)
	columns := min(max(int((width+panelGap)/260), 1), max(len(r.Models), 1))
	side := min((width-panelMargin-12-float64(columns-1)*panelGap)/float64(columns), 320)
	rowHeight := 24 + side + shareDistant + shareHeight + 44
	rows := (len(r.Models) + columns - 1) / columns
	d := newDrawing(s, width, max(rowHeight*float64(rows), 20), r.alt())
	for i, m := range r.Models {
		left, top := panelMargin+float64(i%columns)*(side+panelGap), 24+float64(i/columns)*rowHeight
		panel := reliabilityPanel{drawing: d, model: m, color: m.Color.ink(i), frame: plotFrame{left: left, right: left + side, top: top, bottom: top + side}}
		panel.draw()
	}
	return d.figure(r.Title, r.Caption)
}

func (r Reliability) alt() string {
	var parts []string
	for _, m := range r.Models {
		parts = append(parts, m.title())
	}
	return r.Title + " reliability diagram: " + strings.Join(parts, "; ")
}

func (c Calibration) title() string {
	name := elide(c.Name, 26)
	if e := c.Error(); finite(e) {
		name += " · ECE " + number(100*e, 1) + " %"
	}
	return strings.TrimPrefix(name, " · ")
}

// reliabilityPanel draws one model.
type reliabilityPanel struct {
	*drawing
	model Calibration
	color string
	frame plotFrame
}

func (p reliabilityPanel) draw() {
	f := &p.frame
	ticks := []float64{0, 0.2, 0.4, 0.6, 0.8, 1}
	f.x = axis{low: 0, high: 1, from: f.left, to: f.right, decimals: 1}
	f.y = axis{low: 0, high: 1, from: f.bottom, to: f.top, ticks: ticks, decimals: 1}
	p.drawing.frame(*f)
	p.text(f.left, f.top-10, "start", p.model.title(), 12.5, 0.95)
	p.add(shape{Tag: "line", X: f.left, Y: f.bottom, X2: f.right, Y2: f.top, Color: p.Ink, Stroke: 1, Opacity: 0.55, Dash: "4 4"})
	p.bins()
	base := f.bottom + shareDistant + shareHeight
	p.shares(base)
	p.line(f.left, base, f.right, base, p.Ink, 1, 0.5)
	for _, t := range ticks {
		x, _ := f.x.at(t)
		p.text(x, base+15, "middle", f.x.label(t), 11, 0.7)
	}
	p.text((f.left+f.right)/2, base+32, "middle", "confidence", 12, 0.85)
	p.add(shape{Tag: "text", X: f.left - 32, Y: (f.top + f.bottom) / 2, Anchor: "middle", Text: "accuracy", Size: 12, Color: p.Ink, Opacity: 0.85, Rotate: -90})
}

// span is bar i from left to right: as wide as equal bins are, but no wider than
// its neighbours leave room.
func (p reliabilityPanel) span(i int) (left, right float64) {
	x, _ := p.frame.x.at(p.model.Confidence[i])
	half := (p.frame.right - p.frame.left) / float64(max(len(p.model.Confidence), 8)) * 0.4
	left, right = x-half, x+half
	for j, c := range p.model.Confidence {
		other, ok := p.frame.x.at(c)
		switch middle := (x + other) / 2; {
		case !ok || j == i || !finite(p.model.Accuracy[j]):
		case other < x:
			left = max(left, middle+0.5)
		case other > x:
			right = min(right, middle-0.5)
		}
	}
	left, right = max(min(left, x-1), p.frame.left), min(max(right, x+1), p.frame.right)
	return left, max(right, left+1)
}

func (p reliabilityPanel) bins() {
	for i := range p.model.Confidence {
		x, okX := p.frame.x.at(p.model.Confidence[i])
		y, okY := p.frame.y.at(p.model.Accuracy[i])
		ideal, _ := p.frame.y.at(p.model.Confidence[i])
		if !okX || !okY {
			continue
		}
		left, right := p.span(i)
		p.add(shape{Tag: "rect", X: left, Y: y, W: right - left, H: max(p.frame.bottom-y, 0.5), R: 1, Color: p.color, Opacity: 0.75, Tip: p.tip(i)})
		p.line(x, y, x, ideal, palette[Red], 1.6, 0.85) // the gap
	}
}

func (p reliabilityPanel) tip(i int) string {
	text := fmt.Sprintf("%s: confidence %s, accuracy %s", p.model.Name, number(p.model.Confidence[i], 3), number(p.model.Accuracy[i], 3))
	if share := p.share(i); finite(share) {
		text += ", " + number(100*share, 1) + " % of the images"
	}
	return clean(text)
}

func (p reliabilityPanel) share(i int) float64 {
	total := 0.0
	for _, w := range p.model.Weights {
		if finite(w) && w > 0 {
			total += w
		}
	}
	if total == 0 || !finite(p.model.Weights[i]) {
		return math.NaN()
	}
	return max(p.model.Weights[i], 0) / total
}

// shares draws what part of the images each bin holds, from the base upward, the
// largest as high as there is room.
func (p reliabilityPanel) shares(base float64) {
	top := 0.0
	for i := range p.model.Weights {
		if s := p.share(i); finite(s) {
			top = max(top, s)
		}
	}
	if top == 0 {
		return
	}
	for i := range p.model.Weights {
		_, ok := p.frame.x.at(p.model.Confidence[i])
		if s := p.share(i); ok && s > 0 {
			h := max(s/top*shareHeight, 0.5)
			left, right := p.span(i)
			p.add(shape{Tag: "rect", X: left, Y: base - h, W: right - left, H: h, R: 1, Color: palette[Grey], Opacity: 0.75, Tip: p.tip(i)})
		}
	}
	p.text(p.frame.left-7, base-shareHeight+8, "end", number(100*top, 0)+" %", 11, 0.7)
	p.text(p.frame.left-7, base+3, "end", "0", 11, 0.7)
}
