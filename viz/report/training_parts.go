package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// lossTerm is one term of the loss in the log.
type lossTerm struct {
	name, title string
	value       func(logLine) float64
	color       viz.SeriesColor
}

var lossTerms = []lossTerm{
	{"background", "Background loss (Eq. 1)", func(l logLine) float64 { return l.Background }, viz.Blue},
	{"foreground", "Foreground loss (Eq. 2)", func(l logLine) float64 { return l.Foreground }, viz.Green},
	{"class term", "Class term", func(l logLine) float64 { return l.Class }, viz.Orange},
}

// epochMeans are the means of each term over the first and the last epoch in the
// log; terms that are 0 throughout are left out.
func (t *training) epochMeans() (terms []lossTerm, first, last []float64) {
	if len(t.log) == 0 {
		return nil, nil, nil
	}
	for _, term := range lossTerms {
		var sums, counts [2]float64
		there := false
		for _, l := range t.log {
			v := term.value(l)
			there = there || v != 0
			for i, epoch := range []int{t.log[0].Epoch, t.log[len(t.log)-1].Epoch} {
				if l.Epoch == epoch {
					sums[i], counts[i] = sums[i]+v, counts[i]+1
				}
			}
		}
		if there {
			terms, first, last = append(terms, term), append(first, sums[0]/counts[0]), append(last, sums[1]/counts[1])
		}
	}
	return terms, first, last
}

// stats are where the run stands and what became of the terms of its loss.
func (t *training) stats() viz.Stats {
	reached := viz.Stat{Label: "Step", Value: t.progress(), Detail: "finished"}
	if !t.done {
		reached.Detail = "not finished"
	}
	stats := viz.Stats{reached}
	terms, first, last := t.epochMeans()
	for i, term := range terms {
		stats = append(stats, viz.Stat{Label: "Mean " + term.name, Value: fmt.Sprintf("%.3g", last[i]), Detail: fmt.Sprintf("last epoch; first epoch %.3g", first[i])})
	}
	return stats
}

// keyTable is the same as a table for a page over many runs.
func (t *training) keyTable() viz.Fragment {
	terms, first, last := t.epochMeans()
	if terms == nil {
		return nil
	}
	table := viz.Table{Corner: "mean loss", Rows: []viz.TableRow{{Name: "first epoch"}, {Name: "last epoch"}}}
	for i, term := range terms {
		table.Columns = append(table.Columns, viz.Column{Name: term.name})
		for row, v := range []float64{first[i], last[i]} {
			table.Rows[row].Cells = append(table.Rows[row].Cells, viz.Number(v, 4))
		}
	}
	return table
}

// curve draws one number of the log, each step and its mean over an epoch.
func (t *training) curve(title string, color viz.SeriesColor, value func(logLine) float64) viz.Curves {
	each := viz.Series{Name: "each step", Color: viz.Grey}
	for _, l := range t.log {
		each.X, each.Y = append(each.X, float64(l.Step)), append(each.Y, value(l))
	}
	c := viz.Curves{Title: title, X: viz.Axis{Label: "step"}, Width: 520, Height: 250, Series: []viz.Series{each}}
	if t.smoothed() {
		c.Series = append(c.Series, viz.Series{Name: "mean", Color: color, X: each.X, Y: smooth(each.Y, stepsPerEpoch(t.log))})
	} else {
		c.Series[0].Name, c.Series[0].Color = "", color
	}
	return c
}

// reading says what the lines of the plots are.
func (t *training) reading() string {
	if !t.smoothed() {
		return "Each step."
	}
	return fmt.Sprintf("Each step in grey, in colour the mean over %d steps (an epoch).", stepsPerEpoch(t.log))
}

// smoothed tells whether there is more than one epoch to take means over.
func (t *training) smoothed() bool {
	window := stepsPerEpoch(t.log)
	return window > 1 && window < len(t.log)
}

func (t *training) lossPlots() viz.Fragment {
	var row viz.Row
	terms, _, _ := t.epochMeans()
	for _, term := range terms {
		row = append(row, t.curve(term.title, term.color, term.value))
	}
	if len(terms) > 1 {
		row = append(row, t.totalPlot())
	}
	return row
}

func (t *training) totalPlot() viz.Curves {
	return t.curve("Whole loss (Eq. 5)", viz.Purple, func(l logLine) float64 { return l.Total })
}

func (t *training) stepPlots() viz.Fragment {
	norm := t.curve("Gradient norm", viz.Blue, func(l logLine) float64 { return l.Norm })
	norm.Caption = "Over all weights, before any clipping."
	rate := viz.Curves{Title: "Learning rate", X: norm.X, Width: 520, Height: 250, Series: []viz.Series{{Color: viz.Orange}}}
	for _, l := range t.log {
		s := &rate.Series[0]
		s.X, s.Y = append(s.X, float64(l.Step)), append(s.Y, l.Rate)
	}
	return viz.Row{norm, rate}
}

// manyClasses are folded away.
const manyClasses = 30

// imagesSection counts the images of each class.
func (t *training) imagesSection() viz.Section {
	type class struct{ number, images, masks int }
	classes := map[string]*class{}
	for _, img := range t.images {
		name := firstOf(img.ClassName, fmt.Sprint(img.Class))
		if classes[name] == nil {
			classes[name] = &class{number: img.Class}
		}
		classes[name].images++
		if img.Mask != "" {
			classes[name].masks++
		}
	}
	table := viz.Table{Corner: "class", Columns: []viz.Column{{Name: "number"}, {Name: "images"}, {Name: "with a mask"}}}
	for name, c := range classes {
		table.Rows = append(table.Rows, viz.TableRow{Name: name, Cells: []viz.Cell{viz.Number(float64(c.number), 0), viz.Number(float64(c.images), 0), viz.Number(float64(c.masks), 0)}})
	}
	slices.SortFunc(table.Rows, func(a, b viz.TableRow) int {
		return cmp.Or(classes[a.Name].number-classes[b.Name].number, strings.Compare(a.Name, b.Name))
	})
	s := viz.Section{Title: "Training images", Lead: fmt.Sprintf("%d images of %d classes; manifest.jsonl names each with the hashes of its pixels and its mask.", len(t.images), len(classes)), Fragments: []viz.Fragment{table}}
	if len(classes) > manyClasses {
		s.Fragments = []viz.Fragment{viz.Details{Summary: "Images of each class", Fragments: s.Fragments}}
	}
	return s
}

func (t *training) provenance(dir string) ([]viz.KeyValue, error) {
	c := t.config
	var all facts
	for _, f := range []struct{ key, value string }{
		{"Model", firstOf(t.asked.Weights, c.Variant.Name)}, {"Weights before, SHA-256", c.Weights}, {"Weights after, SHA-256", t.after},
		{"Data", firstOf(t.asked.Data, c.Data)}, {"List of images, SHA-256", c.Manifest}, {"Protocol", c.Protocol},
		{"Optimizer, AdamW", settingsText(c.Optimizer)}, {"Backend", c.Backend},
	} {
		if f.value != "" {
			all.add(f.key, "%s", f.value)
		}
	}
	all.add("Seed", "%d", c.Seed)
	environment, err := environmentFacts(dir)
	return append(all, environment...), err
}
