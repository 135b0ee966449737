package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// MainFile is the report of a main job or an evaluation in its run folder.
const MainFile = "report.html"

// kindEvaluation is an evaluation's kind in config.json.
const kindEvaluation = "evaluate"

// WriteMain writes report.html of the main job or evaluation in dir and returns
// its path. It needs results.json; config, logs and galleries are shown where
// they are. Writing it again gives the same page.
func WriteMain(dir string) (path string, err error) {
	return Options{}.writeRun(dir, kindMain)
}

// Main is the report of the main job or evaluation in dir.
func Main(dir string) (viz.Report, error) {
	r, err := ReadResults(dir)
	if err != nil {
		return viz.Report{}, err
	}
	var c config
	if err := readJSON(dir, configFile, &c); err != nil && !errors.Is(err, os.ErrNotExist) {
		return viz.Report{}, fmt.Errorf("report: %w", err)
	}
	page := viz.Report{Title: "Does relevance on the object make the model robust?", Subtitle: c.subtitle(r)}
	if c.Kind == kindEvaluation {
		page.Title = "Evaluation"
	} else {
		page.Lead = append(append([]viz.Fragment{stats(r)}, verdicts(r)...), c.limits(r))
	}
	if page.Provenance, err = provenance(dir, c, r); err != nil {
		return page, err
	}
	for _, part := range []func(string, *Results) (viz.Section, error){accuracySection, halvesSection, gallerySection, segmentationSection, lossSection, usedSection} {
		section, err := part(dir, r)
		if err != nil {
			return page, err
		}
		if len(section.Fragments) > 0 {
			page.Sections = append(page.Sections, section)
		}
	}
	return page, nil
}

func accuracySection(_ string, r *Results) (viz.Section, error) {
	section := viz.Section{Title: "Accuracy"}
	if len(r.Sets) == 0 {
		return section, nil
	}
	section.Fragments = append(section.Fragments, modelNotes(r))
	if len(r.tuned()) > 0 {
		section.Fragments = append(section.Fragments, ChangePlot(r))
	}
	section.Fragments = append(section.Fragments, MainTable(r), AccuracyBars(r),
		viz.Details{Summary: "Top-5 accuracy", Fragments: []viz.Fragment{Top5Table(r)}})
	if tables := FactorTables(r); len(tables) > 0 {
		section.Fragments = append(section.Fragments, viz.Details{Summary: "Accuracy by value of what a set varies", Fragments: tables})
	}
	return section, nil
}

func halvesSection(_ string, r *Results) (viz.Section, error) {
	section := viz.Section{Title: "Finetuned and other classes",
		Lead: "Only the classes of set A were finetuned. What happens on set B shows whether the model has learned to look at objects, or only these classes."}
	if r.halves() && len(r.Sets) > 0 {
		section.Fragments = []viz.Fragment{HalvesTable(r), viz.Details{Summary: "Which classes", Fragments: []viz.Fragment{viz.Prose{
			"Set A: " + strings.Join(r.SetA, ", ") + ".", "Set B: " + strings.Join(r.SetB, ", ") + "."}}}}
	}
	return section, nil
}

func gallerySection(dir string, r *Results) (viz.Section, error) {
	galleries, rule, err := Galleries(dir, r)
	section := viz.Section{Title: "What the models look at",
		Lead: strings.TrimSpace("Relevance maps of each model's own prediction; under them, where there is a mask, the share of the relevance inside it. " + rule)}
	for _, g := range galleries {
		section.Fragments = append(section.Fragments, g)
	}
	return section, err
}

func segmentationSection(_ string, r *Results) (viz.Section, error) {
	section := viz.Section{Title: "Relevance against masks", Lead: "Does the map cover the object? A better map alone is no sign of a more robust model."}
	if len(r.Segmentation) > 0 {
		section.Fragments = []viz.Fragment{SegmentationTable(r)}
	}
	return section, nil
}

// lossSection names the models whose log is missing, unless that is all of them:
// then nothing was trained in this folder.
func lossSection(dir string, r *Results) (viz.Section, error) {
	section := viz.Section{Title: "Training", Lead: "The terms of the loss over the finetuning."}
	plots, missing, err := LossCurves(dir, r)
	if err != nil || len(plots) == 0 {
		return section, err
	}
	section.Fragments = append(section.Fragments, viz.Row(plots))
	if len(missing) > 0 {
		section.Fragments = append(section.Fragments, viz.Prose{"No training log in the folder: " + strings.Join(missing, "; ") + "."})
	}
	return section, nil
}

// modelNotes say what the compared models are.
func modelNotes(r *Results) viz.Fragment {
	var notes viz.Verdicts
	for _, m := range r.Models {
		if m.Note != "" {
			notes = append(notes, viz.Verdict{Text: m.Title + ": " + m.Note + "."})
		}
	}
	if notes == nil {
		return nil
	}
	return notes
}
