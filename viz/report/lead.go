package report

import (
	"fmt"
	"slices"

	"github.com/robustvit/workbench/viz"
)

// stats are the numbers to see first.
func stats(r *Results) viz.Stats {
	var all viz.Stats
	focus, ok := r.focus()
	if !ok {
		return all
	}
	tuned := r.tuned()
	slices.SortStableFunc(tuned, func(a, b Model) int { return b2i(b.Name == focus.Name) - b2i(a.Name == focus.Name) })
	for _, m := range tuned {
		if d, ok := r.Shift[m.Name]; ok && d.N > 0 {
			all = append(all, changeStat("Shift: "+m.Title, d))
		}
	}
	clean := r.Sets[0]
	if d, ok := clean.Delta[focus.Name]; ok && d.N > 0 && !clean.Shift {
		all = append(all, changeStat(clean.Title+": "+focus.Title, d))
	} else if !ok {
		return all
	}
	before, okBefore := r.Segmentation[original]
	after, okAfter := r.Segmentation[focus.Name]
	if okBefore && okAfter {
		all = append(all, viz.Stat{Label: "Relevance on the object", Value: fmt.Sprintf("%.1f", after.MeanIoU),
			Detail: fmt.Sprintf("mIoU in %%, before %.1f", before.MeanIoU), Trend: direction(after.MeanIoU-before.MeanIoU, 0.5)})
	}
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func changeStat(label string, d Difference) viz.Stat {
	return viz.Stat{Label: label, Value: signed(d.Points), Detail: fmt.Sprintf("points, 95 %% interval %s to %s", signed(d.Low), signed(d.High)), Trend: trend(d)}
}

// signed writes one digit with a true minus sign, and zero without a sign.
func signed(v float64) string {
	switch s := fmt.Sprintf("%.1f", v); {
	case s == "0.0" || s == "-0.0":
		return "0.0"
	case v < 0:
		return "−" + s[1:]
	default:
		return "+" + s
	}
}

// trend is noise where the interval holds 0.
func trend(d Difference) viz.Trend {
	if d.Low <= 0 && d.High >= 0 {
		return viz.Unchanged
	}
	return direction(d.Points, 0)
}

func direction(change, least float64) viz.Trend {
	switch {
	case change > least:
		return viz.Rose
	case change < -least:
		return viz.Fell
	}
	return viz.Unchanged
}

// verdicts are the sentences of the results, those on the model in focus first.
func verdicts(r *Results) viz.Verdicts {
	focus, _ := r.focus()
	var first, rest viz.Verdicts
	for _, s := range r.Verdict {
		v := viz.Verdict{Text: s.Text, Trend: viz.Unchanged}
		switch s.Kind {
		case "rose":
			v.Trend = viz.Rose
		case "fell":
			v.Trend = viz.Fell
		}
		if s.Model == focus.Name {
			first = append(first, v)
		} else {
			rest = append(rest, v)
		}
	}
	return append(first, rest...)
}
