package report

import (
	"fmt"
	"math"

	"github.com/robustvit/workbench/viz"
)

// TrainingCurves draws the terms of the loss of the finetuning in dir, also
// while it runs, each in a plot of its own; terms that it does not have are left out.
func TrainingCurves(dir string) ([]viz.Fragment, error) {
	lines, err := readLines[logLine](dir, logFile)
	if err != nil {
		return nil, fmt.Errorf("report: %w; it appears with the first step", err)
	}
	var plots []viz.Fragment
	window := stepsPerEpoch(lines)
	for _, term := range []struct {
		title, caption string
		value          func(logLine) float64
	}{
		{"Background loss (Eq. 1)", "Relevance outside the object.", func(l logLine) float64 { return l.Background }},
		{"Foreground loss (Eq. 2)", "Relevance that is missing on the object.", func(l logLine) float64 { return l.Foreground }},
		{"Class term (Eq. 4 or its stand-in)", "How sure the model is of its own answer.", func(l logLine) float64 { return l.Class }},
	} {
		line, ok := lossSeries(lines, term.value)
		if !ok {
			continue
		}
		plots = append(plots, viz.Curves{Title: term.title, X: viz.Axis{Label: "step"}, Series: []viz.Series{line}, Width: 420, Height: 230,
			Caption: fmt.Sprintf("%s Mean over %d steps (an epoch).", term.caption, window)})
	}
	return plots, nil
}

// WatchedStrip is how the maps of a watched finetuning change: a row for each
// image, a column for each look. Looks says how many at most, spread over the run.
func WatchedStrip(dir string, looks int) (viz.Fragment, error) {
	index, names, err := watchedLooks(dir)
	if err != nil {
		return nil, err
	}
	names = spread(names, looks)
	table := viz.PictureTable{Title: "Relevance while it trains", Columns: []string{"image"}, Side: 64,
		Note: "A: a class that is finetuned, B: one that is not. " + "%: the share of the relevance on the object. Images: " + index.Rule + "."}
	var pictures []viz.Picture
	for _, image := range index.Images {
		p, err := readPicture(dir, watchDir+"/"+image.Picture)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		pictures = append(pictures, p)
		table.Rows = append(table.Rows, viz.PictureRow{Label: fmt.Sprintf("%s (%s)", image.ClassName, image.Set), Cells: []viz.PictureCell{{Picture: p}}})
	}
	for _, name := range names {
		row, _, err := lookRow(dir, name, index, pictures)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		table.Columns = append(table.Columns, row.Label)
		for i, cell := range row.Cells {
			table.Rows[i].Cells = append(table.Rows[i].Cells, cell)
		}
	}
	return table, nil
}

// WatchedCurve is the mean share of the relevance on the object over the steps,
// for the watched images of set A and of set B.
func WatchedCurve(dir string) (viz.Fragment, error) {
	index, names, err := watchedLooks(dir)
	if err != nil {
		return nil, err
	}
	plot := viz.Curves{Title: "Share of the relevance on the object, %", X: viz.Axis{Label: "step"}, Marks: true, Width: 420, Height: 230,
		Caption: "Mean of the watched images: a look, no result."}
	for _, set := range []struct{ name, title string }{{"A", "set A, finetuned"}, {"B", "set B, not finetuned"}} {
		line := viz.Series{Name: set.title}
		for _, name := range names {
			var look watchLook
			if err := readJSON(dir, name+"/"+indexFile, &look); err != nil {
				return nil, fmt.Errorf("report: %w", err)
			}
			if mean := look.share(index, set.name); !math.IsNaN(mean) {
				line.X, line.Y = append(line.X, float64(look.Step)), append(line.Y, mean)
			}
		}
		if len(line.X) > 0 {
			plot.Series = append(plot.Series, line)
		}
	}
	return plot, nil
}

// share is the mean share on the object of one set's images, in %; NaN for none.
func (l watchLook) share(index watchIndex, set string) float64 {
	sum, n := 0.0, 0.0
	for i, m := range l.Maps {
		if i < len(index.Images) && index.Images[i].Set == set && m.OnMask != nil {
			sum, n = sum+100**m.OnMask, n+1
		}
	}
	return sum / n
}

func watchedLooks(dir string) (index watchIndex, names []string, err error) {
	if names, err = lookNames(dir); err == nil && len(names) == 0 {
		err = fmt.Errorf("%s has no looks: the run was not watched, or has not begun", dir)
	}
	if err == nil {
		err = readJSON(dir, watchDir+"/"+indexFile, &index)
	}
	if err != nil {
		err = fmt.Errorf("report: %w", err)
	}
	return index, names, err
}

// spread takes n of the names, the first and the last among them.
func spread(names []string, n int) []string {
	if n < 2 || len(names) <= n {
		return names
	}
	kept := make([]string, n)
	for i := range kept {
		kept[i] = names[i*(len(names)-1)/(n-1)]
	}
	return kept
}
