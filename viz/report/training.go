package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/viz"
)

const (
	manifestFile = "manifest.jsonl"
	commandFile  = ".command.json" // what the user asked for; a page does without
)

// training is what the files of a finetuning or a pretraining say, finished or not.
type training struct {
	config trainingConfig
	asked  struct {
		Weights string `json:"weights"`
		Data    string `json:"data"`
	}
	log    []logLine
	images []manifestLine
	saved  int // step of the newest checkpoint, 0 if there is none
	done   bool
	after  string // SHA-256 of the weights after
}

type manifestLine struct {
	Class     int    `json:"class"`
	ClassName string `json:"class_name"`
	Mask      string `json:"mask_sha256"`
}

// Training is the page of the finetuning or pretraining in dir, also of one that
// is under way: what was asked, the losses so far, the images it trains on, and
// where it stands.
func Training(dir string) (viz.Report, error) {
	t, err := readTraining(dir)
	if err != nil {
		return viz.Report{}, err
	}
	page := viz.Report{Title: t.title(), Subtitle: t.on(), Lead: []viz.Fragment{t.stats()}}
	if !t.done {
		page.Lead = append(page.Lead, viz.Callout{Tone: viz.Warning, Title: "Not finished", Text: []string{t.standing()}})
	}
	if exists(dir, "evaluation/"+MainFile) {
		page.Lead = append(page.Lead, viz.Links{{Text: "Its evaluation", Path: "evaluation/" + MainFile}})
	}
	page.Sections = append(page.Sections, viz.Section{Title: "What was asked", Fragments: []viz.Fragment{viz.Prose(t.config.words(len(t.images)))}})
	if len(t.log) > 0 {
		page.Sections = append(page.Sections,
			viz.Section{Title: "Losses", Lead: t.reading(), Fragments: []viz.Fragment{t.lossPlots()}},
			viz.Section{Title: "Gradient and learning rate", Fragments: []viz.Fragment{t.stepPlots()}})
	}
	w, err := readWatched(dir)
	if err == nil && w != nil && len(w.looks) > 0 {
		var section viz.Section
		section, err = w.section(dir)
		page.Sections = append(page.Sections, section)
	}
	if err != nil {
		return page, fmt.Errorf("report: %w", err)
	}
	if len(t.images) > 0 {
		page.Sections = append(page.Sections, t.imagesSection())
	}
	page.Provenance, err = t.provenance(dir)
	return page, err
}

func readTraining(dir string) (*training, error) {
	t := &training{}
	if err := readJSON(dir, configFile, &t.config); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if k := t.config.Kind; k != kindFinetuning && k != kindPretraining {
		return nil, fmt.Errorf("report: %s has kind %q, expected %q or %q; is it the folder of a finetuning?", inside(dir, configFile), k, kindFinetuning, kindPretraining)
	}
	var done struct {
		Weights string `json:"weights_sha256"`
	}
	var err error
	if t.log, err = readLines[logLine](dir, logFile); err == nil || errors.Is(err, os.ErrNotExist) {
		t.images, err = readLines[manifestLine](dir, manifestFile)
	}
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = readJSON(dir, doneFile, &done)
	}
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = readJSON(dir, commandFile, &t.asked)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("report: %w", err)
	}
	t.after, t.done, t.saved = done.Weights, finished(dir, t.config.Kind), lastCheckpoint(dir)
	return t, nil
}

// lastCheckpoint is the step of the newest checkpoint by its folder's name.
func lastCheckpoint(dir string) int {
	all, err := os.ReadDir(filepath.Join(dir, "checkpoints"))
	if err != nil {
		return 0
	}
	last := 0
	for _, f := range all {
		if digits, ok := strings.CutPrefix(f.Name(), "step-"); ok {
			if step, err := strconv.Atoi(digits); err == nil {
				last = max(last, step)
			}
		}
	}
	return last
}

func (t *training) title() string {
	if t.config.pretraining() {
		return "Pretraining of " + firstOf(t.config.Variant.Name, "a model")
	}
	return "Finetuning of " + t.model()
}

func (t *training) model() string {
	return private(firstOf(t.asked.Weights, t.config.Variant.Name, "a model"))
}

// on is what the run works on, in a sentence.
func (t *training) on() string {
	if t.config.pretraining() {
		var sources []string
		for _, s := range t.config.Stages {
			sources = append(sources, private(firstOf(s.Source, s.Name)))
		}
		return "Trained from random weights on " + strings.Join(sources, ", then ") + "."
	}
	return fmt.Sprintf("%s, finetuned on %s (data: %s).", t.model(), plural(len(t.config.Classes), "class"), private(firstOf(t.asked.Data, t.config.Data, "unnamed")))
}

func (t *training) step() int {
	if len(t.log) == 0 {
		return 0
	}
	return t.log[len(t.log)-1].Step
}

// progress is the step reached, of how many where that is known.
func (t *training) progress() string {
	if total := t.config.steps(len(t.images)); total > 0 {
		return fmt.Sprintf("%d of %d", t.step(), total)
	}
	return fmt.Sprint(t.step())
}

// state is where the run stands, in a few words.
func (t *training) state() string {
	switch {
	case t.done:
		return fmt.Sprintf("finished after %d steps", t.step())
	case t.step() == 0:
		return "not finished: no step is logged yet"
	}
	return "not finished: step " + t.progress()
}

// standing says how a run that is not finished goes on.
func (t *training) standing() string {
	text := "It was stopped or is still under way; step " + t.progress() + " is the last in its log. "
	if t.saved > 0 {
		return text + fmt.Sprintf("If it stands still, the same command again goes on from the checkpoint of step %d.", t.saved)
	}
	return text + "If it stands still, the same command again begins anew: no checkpoint is saved yet."
}
