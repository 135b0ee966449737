package viz

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// SortedChanges shows the change of every class, sorted: as in the paper's
// Figures 8 to 15, which classes gain most and which lose most. Up to
// two times Most classes all are named; of more, the Most largest gains and
// losses, under an outline of all of them.
type SortedChanges struct {
	Title   string
	Caption string
	X       string // what changes, in which unit
	Names   []string
	Values  []Estimate // one for each name; NaN: not measured
	Most    int        // named gains and named losses, 0 = 15
	Width   int        // pixels, 0 = 720
}

const (
	sortedStep    = 19 // pixels from one named class to the next
	outlineHeight = 110
)

type sortedClass struct {
	name string
	Estimate
}

func (p SortedChanges) html(s *sheet) (template.HTML, error) {
	if len(p.Values) != len(p.Names) {
		return "", fmt.Errorf("sorted changes %q: %d values, expected %d (one for each name)", p.Title, len(p.Values), len(p.Names))
	}
	all := p.sorted()
	most := p.Most
	if most <= 0 {
		most = 15
	}
	width := size(p.Width, 720)
	named, outline := [][]sortedClass{all}, len(all) > 2*most
	if outline {
		named = [][]sortedClass{gains(all, most), losses(all, most)}
	}
	top, rows := 24.0, 0
	if outline {
		top += outlineHeight + 56
	}
	for _, block := range named {
		rows = max(rows, len(block))
	}
	height := top + float64(rows)*sortedStep + 44
	d := newDrawing(s, width, height, p.alt(all))
	d.text(2, 14, "start", p.counts(all), 12, 0.9)
	if outline {
		p.outline(d, all, most)
		columnWidth := (width - 24) / 2
		p.heading(d, 2, top, "Largest gains", named[0])
		p.heading(d, 2+columnWidth+24, top, "Largest losses", named[1])
		reach := max(all[0].Value, -all[len(all)-1].Value)
		p.block(d, named[0], 2, columnWidth, top, reach)
		p.block(d, named[1], 2+columnWidth+24, columnWidth, top, -reach)
	} else {
		p.block(d, all, 2, width-4, top, 0)
	}
	return d.figure(p.Title, p.Caption)
}

// sorted are the measured classes, the largest gain first; equal ones by name.
func (p SortedChanges) sorted() []sortedClass {
	var all []sortedClass
	for i, e := range p.Values {
		if finite(e.Value) && math.Abs(e.Value) < 1e300 {
			all = append(all, sortedClass{p.Names[i], e})
		}
	}
	slices.SortStableFunc(all, func(a, b sortedClass) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return all
}

func gains(all []sortedClass, most int) []sortedClass {
	n := 0
	for n < min(most, len(all)) && all[n].Value > 0 {
		n++
	}
	return all[:n]
}

// losses has the largest loss first.
func losses(all []sortedClass, most int) []sortedClass {
	var out []sortedClass
	for i := len(all) - 1; i >= 0 && len(out) < most && all[i].Value < 0; i-- {
		out = append(out, all[i])
	}
	return out
}

// counts says how many rose and fell, and what was not measured.
func (p SortedChanges) counts(all []sortedClass) string {
	rose, fell, sum := 0, 0, 0.0
	for _, c := range all {
		sum += c.Value
		switch {
		case c.Value > 0:
			rose++
		case c.Value < 0:
			fell++
		}
	}
	if len(all) == 0 {
		return "Nothing measured."
	}
	text := fmt.Sprintf("%d of %d rose, %d fell, %d unchanged; mean %s", rose, len(all), fell, len(all)-rose-fell, signed(sum/float64(len(all)), 1))
	if missing := len(p.Values) - len(all); missing > 0 {
		text += fmt.Sprintf("; %d not measured", missing)
	}
	return text
}

func (p SortedChanges) alt(all []sortedClass) string {
	text := p.Title + " sorted changes: " + p.counts(all)
	if len(all) > 0 {
		first, last := all[0], all[len(all)-1]
		text += fmt.Sprintf("; from %s %s to %s %s", first.name, signed(first.Value, 1), last.name, signed(last.Value, 1))
	}
	return text
}

func (p SortedChanges) heading(d *drawing, x, top float64, words string, block []sortedClass) {
	if len(block) == 0 {
		words = "No" + strings.TrimPrefix(words, "Largest")
	}
	d.text(x, top-10, "start", words, 12.5, 0.95)
}

// ink is blue for a gain and red for a loss.
func (c sortedClass) ink() string {
	if c.Value < 0 {
		return palette[Red]
	}
	return palette[Blue]
}
