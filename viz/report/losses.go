package report

import (
	"errors"
	"fmt"
	"os"

	"github.com/robustvit/workbench/viz"
)

const logFile = "log.jsonl"

// logLine is one training step of log.jsonl.
type logLine struct {
	Step       int     `json:"step"`
	Epoch      int     `json:"epoch"`
	Background float64 `json:"background"`
	Foreground float64 `json:"foreground"`
	Class      float64 `json:"class"`
	Total      float64 `json:"total"`
	Rate       float64 `json:"rate"`
	Norm       float64 `json:"gradient_norm"`
}

// LossCurves draws the terms of the loss of every finetuned model whose log is
// in the folder, each in a plot of its own; missing names the models without one.
func LossCurves(dir string, r *Results) (plots []viz.Fragment, missing []string, err error) {
	terms := []struct {
		title, caption string
		value          func(logLine) float64
		plot           viz.Curves
	}{
		{title: "Background loss (Eq. 1)", caption: "Relevance outside the object.", value: func(l logLine) float64 { return l.Background }},
		{title: "Foreground loss (Eq. 2)", caption: "Relevance that is missing on the object.", value: func(l logLine) float64 { return l.Foreground }},
		{title: "Class term (Eq. 4 or its stand-in)", caption: "Each model has a term of its own: compare courses, not heights.", value: func(l logLine) float64 { return l.Class }},
	}
	window := 0
	for _, m := range r.tuned() {
		lines, err := readLines[logLine](dir, m.Name+"/"+logFile)
		if errors.Is(err, os.ErrNotExist) {
			missing = append(missing, m.Title)
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("report: %w", err)
		}
		window = max(window, stepsPerEpoch(lines))
		for t := range terms {
			if line, ok := lossSeries(lines, terms[t].value); ok {
				line.Name, line.Color = m.Title, r.color(m.Name)
				terms[t].plot.Series = append(terms[t].plot.Series, line)
			}
		}
	}
	for _, t := range terms {
		if len(t.plot.Series) == 0 {
			continue
		}
		t.plot.Title, t.plot.X.Label = t.title, "step"
		t.plot.Caption = fmt.Sprintf("%s Mean over %d steps (an epoch).", t.caption, window)
		t.plot.Width, t.plot.Height = 520, 250
		plots = append(plots, t.plot)
	}
	return plots, missing, nil
}

// lossSeries smooths one term; ok is false where the model has no such term.
func lossSeries(lines []logLine, value func(logLine) float64) (s viz.Series, ok bool) {
	values := make([]float64, len(lines))
	for i, l := range lines {
		values[i] = value(l)
		ok = ok || values[i] != 0
		s.X = append(s.X, float64(l.Step))
	}
	s.Y = smooth(values, stepsPerEpoch(lines))
	return s, ok
}

// stepsPerEpoch is the number of steps that the first whole epoch took.
func stepsPerEpoch(lines []logLine) int {
	for i, l := range lines {
		if l.Epoch != lines[0].Epoch {
			return i
		}
	}
	return max(len(lines), 1)
}

// smooth is the mean over a window centred on each value, cut at both ends.
func smooth(values []float64, window int) []float64 {
	sums := make([]float64, len(values)+1)
	for i, v := range values {
		sums[i+1] = sums[i] + v
	}
	out := make([]float64, len(values))
	for i := range values {
		from, to := max(i-window/2, 0), min(i+window/2+1, len(values))
		out[i] = (sums[to] - sums[from]) / float64(to-from)
	}
	return out
}
