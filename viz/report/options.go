package report

import (
	"errors"
	"fmt"
	"os"

	"github.com/robustvit/workbench/viz"
)

// Options says how pages are drawn. The zero value is how they are by default.
type Options struct {
	Colors viz.ColorMap // of heatmaps; the maps of differences keep theirs
}

// Write writes the page of whatever the folder holds: an experiment, a main job,
// an evaluation, an explanation, masks, a finetuning, a pretraining or a bench; the index
// over a folder of experiments; or that over any folder of runs. It returns its
// path.
func Write(dir string) (path string, err error) { return Options{}.Write(dir) }

// Write is [Write] with these options.
func (o Options) Write(dir string) (path string, err error) {
	kind, err := kindOf(dir)
	if err == nil && kind != "" && kind != kindPoint {
		return o.writeRun(dir, kind)
	}
	if _, there := readFile(dir, resultsFile); !errors.Is(there, os.ErrNotExist) {
		return o.writeRun(dir, kindMain) // whose errors say what is wrong
	}
	if err != nil {
		return "", fmt.Errorf("report: %w", err)
	}
	found, err := findRuns(dir)
	switch {
	case err != nil:
		return "", err
	case found.experimentsAlone():
		return o.writeIndex(dir)
	case len(found.runs)+len(found.faults) > 0:
		return o.writeRuns(dir, found)
	}
	return o.writeRun(dir, kindMain)
}

// WriteExplain is [WriteExplain] with these options.
func (o Options) WriteExplain(dir string) (path string, err error) {
	return o.writeRun(dir, kindExplanation)
}

// writeRun writes the page of a run of this kind.
func (o Options) writeRun(dir, kind string) (path string, err error) {
	build, name := pageBuilder(kind)
	page, err := build(dir)
	if err != nil {
		return "", err
	}
	return o.writePage(dir, name, page)
}

// pageBuilder is what makes the page of a run of this kind, and the page's name.
func pageBuilder(kind string) (build func(dir string) (viz.Report, error), name string) {
	switch kind {
	case kindExperiment:
		return linkedExperiment, MainFile
	case kindExplanation:
		return Explanation, ExplainFile
	case kindMasks:
		return Masks, MasksFile
	case kindBench:
		return Bench, MainFile
	case kindFinetuning, kindPretraining:
		return Training, MainFile
	}
	return Main, MainFile
}

// writePage draws the heatmaps in the colours that were asked for.
func (o Options) writePage(dir, name string, page viz.Report) (path string, err error) {
	if o.Colors != viz.Viridis {
		page.Lead = o.recolored(page.Lead)
		for i := range page.Sections {
			page.Sections[i].Fragments = o.recolored(page.Sections[i].Fragments)
		}
	}
	return writePage(dir, name, page)
}

// recolored gives every heatmap among the fragments the colours.
func (o Options) recolored(fragments []viz.Fragment) []viz.Fragment {
	out := make([]viz.Fragment, len(fragments))
	for i, f := range fragments {
		switch f := f.(type) {
		case viz.Gallery:
			f.Colors = o.Colors
			out[i] = f
		case viz.PictureTable:
			f.Colors = o.Colors
			out[i] = f
		case viz.Details:
			f.Fragments = o.recolored(f.Fragments)
			out[i] = f
		case viz.RunCard:
			f.Fragments = o.recolored(f.Fragments)
			out[i] = f
		case viz.Row:
			out[i] = viz.Row(o.recolored(f))
		default:
			out[i] = f
		}
	}
	return out
}
