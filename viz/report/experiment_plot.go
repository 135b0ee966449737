package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/robustvit/workbench/viz"
)

// plotSize is what a place on a page asks of a plot; zeros leave it its own.
type plotSize struct{ width, height int }

// markedPoints is up to how many points a line shows each of them.
const markedPoints = 25

// fragments draws the plot; a sorted plot of several series gives one each.
func (p experimentPlot) fragments(c *seriesColors, size plotSize) ([]viz.Fragment, error) {
	colors := c.of(p.Series)
	switch p.Kind {
	case "curves":
		return []viz.Fragment{p.curves(colors, size)}, nil
	case "bars":
		b := viz.Bars{Title: p.Title, Caption: p.Caption, Y: p.Y, Names: p.Names, Series: p.groups(colors), Width: firstSize(size.width, 900), Height: size.height}
		return []viz.Fragment{b}, nil
	case "changes":
		return []viz.Fragment{viz.Deltas{Title: p.Title, Caption: p.Caption, X: firstOf(p.X, p.Y), Names: p.Names, Series: p.groups(colors), Width: size.width}}, nil
	case "scatter":
		return []viz.Fragment{p.scatter(colors, size)}, nil
	case "reliability":
		return []viz.Fragment{p.reliability(colors, size)}, nil
	case "sorted":
		return p.sorted(size), nil
	}
	return nil, fmt.Errorf("plot %q has kind %q, expected curves, bars, changes, scatter, reliability or sorted", p.Title, p.Kind)
}

func firstSize(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

func (p experimentPlot) curves(colors []viz.SeriesColor, size plotSize) viz.Curves {
	out := viz.Curves{Title: p.Title, Caption: p.Caption, X: viz.Axis{Label: p.X, Log: p.LogX, Names: p.Names}, Y: viz.Axis{Label: p.Y}, Marks: true, Width: size.width, Height: size.height}
	for i, s := range p.Series {
		out.Marks = out.Marks && len(s.Y) <= markedPoints
		out.Series = append(out.Series, viz.Series{Name: s.Name, X: s.X, Y: s.Y, Low: s.Low, High: s.High, Dashed: s.Paper, Color: colors[i]})
	}
	return out
}

func (p experimentPlot) groups(colors []viz.SeriesColor) []viz.Group {
	var groups []viz.Group
	for i, s := range p.Series {
		groups = append(groups, viz.Group{Name: s.Name, Values: s.estimates(), Color: colors[i], Paper: s.Paper})
	}
	return groups
}

// estimates are the values with their intervals, as far as there are any.
func (s experimentSeries) estimates() []viz.Estimate {
	at := func(list numbers, i int) float64 {
		if i < len(list) {
			return list[i]
		}
		return math.NaN()
	}
	out := make([]viz.Estimate, len(s.Y))
	for i, y := range s.Y {
		out[i] = viz.Estimate{Value: y, Low: at(s.Low, i), High: at(s.High, i)}
	}
	return out
}

func (p experimentPlot) scatter(colors []viz.SeriesColor, size plotSize) viz.Scatter {
	out := viz.Scatter{Title: p.Title, Caption: p.Caption, X: viz.Axis{Label: p.X, Log: p.LogX}, Y: viz.Axis{Label: p.Y}, Diagonal: p.Diagonal, Width: size.width, Height: size.height}
	for i, s := range p.Series {
		// Two nameless points are no cloud to fit a line through, they are a line.
		line := s.Fit && len(s.Y) == 2 && s.Labels == nil
		out.Clouds = append(out.Clouds, viz.Cloud{Name: s.Name, X: s.X, Y: s.Y, Low: s.Low, High: s.High, Labels: s.Labels, Fit: s.Fit && !line, Line: line, Hollow: s.Paper, Color: colors[i]})
	}
	return out
}

// reliability takes fractions or percent: accuracies and confidences above 1 can
// only be percent.
func (p experimentPlot) reliability(colors []viz.SeriesColor, size plotSize) viz.Reliability {
	out := viz.Reliability{Title: p.Title, Caption: p.Caption, Width: size.width}
	top := 0.0
	for _, s := range p.Series {
		for _, v := range slices.Concat(s.X, s.Y) {
			if v > top { // not max, which a NaN would win
				top = v
			}
		}
	}
	for i, s := range p.Series {
		out.Models = append(out.Models, viz.Calibration{Name: s.Name, Confidence: fractions(s.X, top), Accuracy: fractions(s.Y, top), Weights: s.Weights, Color: colors[i]})
	}
	return out
}

func fractions(values numbers, top float64) []float64 {
	out := slices.Clone(values)
	for i := range out {
		if top > 1 {
			out[i] /= 100
		}
	}
	return out
}

func (p experimentPlot) sorted(size plotSize) []viz.Fragment {
	var out []viz.Fragment
	for _, s := range p.Series {
		one := viz.SortedChanges{Title: p.Title, Caption: p.Caption, X: firstOf(p.X, p.Y), Names: p.Names, Values: s.estimates(), Width: size.width}
		if p.Names == nil {
			one.Names = s.Labels
		}
		if len(p.Series) > 1 {
			one.Title += ": " + s.Name
		}
		if size.width > 0 {
			one.Most = 5
		}
		out = append(out, one)
	}
	return out
}
