package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// MainFile is the report of a main job in its run folder.
const MainFile = "report.html"

// WriteMain writes report.html of the main job in dir and returns its path. It
// needs results.json and config.json; logs and galleries are shown where they
// are. Writing it again gives the same page.
func WriteMain(dir string) (path string, err error) {
	page, err := Main(dir)
	if err != nil {
		return "", err
	}
	return writePage(dir, MainFile, page)
}

// Main is the report of the main job in dir.
func Main(dir string) (viz.Report, error) {
	r, err := ReadResults(dir)
	if err != nil {
		return viz.Report{}, err
	}
	var c config
	if err := readJSON(dir, configFile, &c); err != nil && !errors.Is(err, os.ErrNotExist) {
		return viz.Report{}, fmt.Errorf("report: %w", err)
	}
	page := viz.Report{
		Title:    "Does relevance on the object make the model robust?",
		Subtitle: c.subtitle(r),
		Lead:     append(append([]viz.Fragment{stats(r)}, verdicts(r)...), c.limits(r)),
	}
	if page.Provenance, err = provenance(dir, c, r); err != nil {
		return page, err
	}
	add := func(title, lead string, fragments ...viz.Fragment) {
		page.Sections = append(page.Sections, viz.Section{Title: title, Lead: lead, Fragments: fragments})
	}
	add("Accuracy", "", modelNotes(r), ChangePlot(r), MainTable(r), AccuracyBars(r),
		viz.Details{Summary: "Top-5 accuracy", Fragments: []viz.Fragment{Top5Table(r)}})
	if r.halves() {
		add("Finetuned and other classes", "Only the classes of set A were finetuned. What happens on set B shows whether the model has learned to look at objects, or only these classes.",
			HalvesTable(r), viz.Details{Summary: "Which classes", Fragments: []viz.Fragment{viz.Prose{
				"Set A: " + strings.Join(r.SetA, ", ") + ".", "Set B: " + strings.Join(r.SetB, ", ") + "."}}})
	}
	galleries, rule, err := Galleries(dir, r)
	if err != nil {
		return page, err
	}
	if len(galleries) > 0 {
		var fragments []viz.Fragment
		for _, g := range galleries {
			fragments = append(fragments, g)
		}
		add("What the models look at", "Relevance maps of each model's own prediction; under them the share of the relevance inside the mask. "+rule, fragments...)
	}
	if len(r.Segmentation) > 0 {
		add("Relevance against masks", "Does the map cover the object? A better map alone is no sign of a more robust model.", SegmentationTable(r))
	}
	losses, err := lossSection(dir, r)
	if err != nil {
		return page, err
	}
	if losses != nil {
		add("Training", "The terms of the loss over the finetuning.", losses...)
	}
	return page, nil
}

func lossSection(dir string, r *Results) ([]viz.Fragment, error) {
	plots, missing, err := LossCurves(dir, r)
	if err != nil {
		return nil, err
	}
	var fragments []viz.Fragment
	if len(plots) > 0 {
		fragments = append(fragments, viz.Row(plots))
	}
	if len(missing) > 0 {
		fragments = append(fragments, viz.Prose{"No training log in the folder: " + strings.Join(missing, "; ") + "."})
	}
	return fragments, nil
}

// modelNotes say what the compared models are.
func modelNotes(r *Results) viz.Verdicts {
	var notes viz.Verdicts
	for _, m := range r.Models {
		if m.Note != "" {
			notes = append(notes, viz.Verdict{Text: m.Title + ": " + m.Note + "."})
		}
	}
	return notes
}
