package report

import (
	"fmt"
	"path"

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
	w, err := mustWatched(dir)
	if err != nil {
		return nil, err
	}
	table := viz.PictureTable{Title: "Relevance while it trains", Columns: []string{"image"}, Side: 64,
		Note: "A: a class that is finetuned, B: one that is not. %: the share of the relevance on the object. Images: " + w.Rule + "."}
	pictures := make([]viz.Picture, len(w.Images))
	for i, image := range w.Images {
		if pictures[i], err = readPicture(dir, path.Join(watchDir, image.Picture)); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		table.Rows = append(table.Rows, viz.PictureRow{Label: fmt.Sprintf("%s (%s)", image.ClassName, image.Set), Cells: []viz.PictureCell{{Picture: pictures[i]}}})
	}
	for _, look := range w.spread(looks) {
		row, err := w.row(dir, look, pictures)
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
	w, err := mustWatched(dir)
	if err != nil {
		return nil, err
	}
	plot, _ := w.plot()
	plot.Caption = "Mean of the watched images: a look, no result."
	return plot, nil
}

// mustWatched reads the looks; none is an error.
func mustWatched(dir string) (*watched, error) {
	w, err := readWatched(dir)
	if err == nil && (w == nil || len(w.looks) == 0) {
		err = fmt.Errorf("%s has no looks: the run was not watched, or has not begun", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return w, nil
}
