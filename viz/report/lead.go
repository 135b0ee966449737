package report

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/robustvit/workbench/viz"
)

// stats are the numbers to see first: those of the model in focus, then what the
// others did on the shift sets.
func stats(r *Results) viz.Stats {
	var all viz.Stats
	focus, ok := r.focus()
	if !ok {
		return nil
	}
	shift := func(m Model) {
		if d, ok := r.Shift[m.Name]; ok && d.N > 0 {
			all = append(all, changeStat("Shift: "+m.Title, d))
		}
	}
	shift(focus)
	if len(r.Sets) > 0 && !r.Sets[0].Shift {
		if d, ok := r.Sets[0].Delta[focus.Name]; ok && d.N > 0 {
			all = append(all, changeStat(r.Sets[0].Title+", same model", d))
		}
	}
	before, okBefore := r.Segmentation[r.base()]
	after, okAfter := r.Segmentation[focus.Name]
	if okBefore && okAfter {
		all = append(all, viz.Stat{Label: "Map on object, mIoU", Value: fmt.Sprintf("%.1f %%", after.MeanIoU),
			Detail: fmt.Sprintf("before %.1f %%", before.MeanIoU), Trend: direction(after.MeanIoU-before.MeanIoU, 0.5)})
	}
	for _, m := range slices.Backward(r.tuned()) {
		if m.Name != focus.Name {
			shift(m)
		}
	}
	return all
}

func changeStat(label string, d Difference) viz.Stat {
	return viz.Stat{Label: label, Value: signed(d.Points), Detail: fmt.Sprintf("points [%s, %s]", signed(d.Low), signed(d.High)), Trend: trend(d)}
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

// verdicts are the sentences of the results: all on the model in focus, the
// first on each other, and the rest folded away.
func verdicts(r *Results) []viz.Fragment {
	focus, _ := r.focus()
	var first, others, rest viz.Verdicts
	seen := map[string]bool{}
	for _, s := range r.Verdict {
		v := viz.Verdict{Text: minus(private(s.Text)), Trend: viz.Unchanged}
		switch s.Kind {
		case "rose":
			v.Trend = viz.Rose
		case "fell":
			v.Trend = viz.Fell
		}
		switch {
		case s.Model == focus.Name:
			first = append(first, v)
		case !seen[s.Model]:
			others = append(others, v)
		default:
			rest = append(rest, v)
		}
		seen[s.Model] = true
	}
	fragments := []viz.Fragment{append(first, others...)}
	if len(rest) > 0 {
		fragments = append(fragments, viz.Details{Summary: "The same on the other models", Fragments: []viz.Fragment{rest}})
	}
	return fragments
}

var hyphenNumber = regexp.MustCompile(`(^|[\s(\[])-(\d)`)

// minus gives negative numbers in a sentence the sign that the tables use.
func minus(text string) string { return hyphenNumber.ReplaceAllString(text, "$1−$2") }
