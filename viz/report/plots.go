package report

import (
	"math"
	"slices"

	"github.com/robustvit/workbench/viz"
)

// color is the same for a model in every plot of a page.
func (r *Results) color(model string) viz.SeriesColor {
	switch model {
	case r.base():
		return viz.Grey
	case control:
		return viz.Orange
	case published:
		return viz.Blue
	case ours:
		return viz.Green
	}
	i := slices.IndexFunc(r.Models, func(m Model) bool { return m.Name == model })
	return viz.Blue + viz.SeriesColor((i-1)%int(viz.Red))
}

// ChangePlot shows each model's change on every set, and the mean over the
// shift sets in the last row.
func ChangePlot(r *Results) viz.Deltas {
	p := viz.Deltas{Title: "Change in top-1 accuracy", X: "points against " + r.Models[0].Title + ", with 95 % interval"}
	for i, s := range r.Sets {
		p.Names = append(p.Names, s.Title)
		if i > 0 && s.Shift != r.Sets[i-1].Shift {
			p.Rules = append(p.Rules, i)
		}
	}
	mean := r.shiftSets() > 1
	if mean {
		p.Rules = append(p.Rules, len(p.Names))
		p.Names = append(p.Names, meanName(r))
	}
	for _, m := range r.tuned() {
		g := viz.Group{Name: m.Title, Color: r.color(m.Name)}
		for _, s := range r.Sets {
			g.Values = append(g.Values, changeEstimate(s.Delta, m.Name))
		}
		if mean {
			g.Values = append(g.Values, changeEstimate(r.Shift, m.Name))
		}
		p.Series = append(p.Series, g)
	}
	return p
}

// AccuracyBars shows each model's top-1 on every set.
func AccuracyBars(r *Results) viz.Bars {
	b := viz.Bars{Title: "Top-1 accuracy", Y: "%, with 95 % interval", Width: 900}
	for _, s := range r.Sets {
		b.Names = append(b.Names, s.Title)
	}
	for _, m := range r.Models {
		g := viz.Group{Name: m.Title, Color: r.color(m.Name)}
		for _, s := range r.Sets {
			rate, ok := s.Top1[m.Name]
			if !ok || rate.N == 0 {
				g.Values = append(g.Values, missing())
				continue
			}
			g.Values = append(g.Values, viz.Estimate{Value: rate.Percent, Low: rate.Low, High: rate.High})
		}
		b.Series = append(b.Series, g)
	}
	return b
}

func missing() viz.Estimate { return viz.Around(math.NaN(), math.NaN()) }

func changeEstimate(changes map[string]Difference, model string) viz.Estimate {
	d, ok := changes[model]
	if !ok || d.N == 0 {
		return missing()
	}
	return viz.Estimate{Value: d.Points, Low: d.Low, High: d.High}
}
