package report

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// Names of the models that get a part of their own in a report of a main job.
const (
	control   = "control"
	published = "published"
	ours      = "after"
)

const resultsFile = "results.json"

// Results is what results.json of a main job says. That of an evaluation is
// the same without shift sets and classes set apart.
type Results struct {
	Models       []Model                 `json:"models"` // the one that the others are compared with first
	Sets         []Set                   `json:"sets"`
	Shift        map[string]Difference   `json:"shift"`   // mean over the shift sets, by model
	ShiftA       map[string]Difference   `json:"shift_a"` // on the finetuned classes
	ShiftB       map[string]Difference   `json:"shift_b"` // on the others
	Segmentation map[string]Segmentation `json:"segmentation"`
	SetA         []string                `json:"set_a"`
	SetB         []string                `json:"set_b"`
	Verdict      []Sentence              `json:"verdict"`
	Seconds      float64                 `json:"seconds"`
	Backend      string                  `json:"backend"`
	Counts       map[string]int          `json:"images_per_set"`
	Files        map[string]tally        `json:"files_per_set"` // under "segmentation" those of the test of the maps
}

// Model names one compared model.
type Model struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Note  string `json:"note"`
}

// Set is one evaluation set, every value by model.
type Set struct {
	Name   string                `json:"name"`
	Title  string                `json:"title"`
	Shift  bool                  `json:"shift"` // counts in the mean over the shift sets
	Top1   map[string]Rate       `json:"top1"`
	Top5   map[string]Rate       `json:"top5"`
	Top1A  map[string]Rate       `json:"top1_a"`
	Top1B  map[string]Rate       `json:"top1_b"`
	Delta  map[string]Difference `json:"delta"` // top-1 against the original
	DeltaA map[string]Difference `json:"delta_a"`
	DeltaB map[string]Difference `json:"delta_b"`
	// Rule says which classes compete and which count as right, where the set has a rule of its own.
	Rule string `json:"rule"`
	// Factors is top-1 by value of what the set varies.
	Factors map[string][]FactorRate `json:"factors"`
}

// FactorRate is the accuracy at one value of what a set varies.
type FactorRate struct {
	Value string `json:"value"`
	Top1  Rate   `json:"top1"`
}

// Rate is an accuracy in percent with its 95 % interval.
type Rate struct {
	Percent float64 `json:"percent"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	N       int     `json:"n"`
}

// Difference is a change in points with its 95 % interval.
type Difference struct {
	Points float64 `json:"points"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	P      float64 `json:"p"`
	Gained int     `json:"gained"`
	Lost   int     `json:"lost"`
	N      int     `json:"n"`
}

// Segmentation is the relevance segmentation test, in percent.
type Segmentation struct {
	PixelAccuracy float64 `json:"pixel_accuracy"`
	MeanIoU       float64 `json:"mean_iou"`
	MeanAP        float64 `json:"mean_average_precision"` // of the foreground
	// MeanAPBoth is the paper's mAP, both classes in one ranking; nil in results written before it was measured.
	MeanAPBoth *float64 `json:"mean_average_precision_two_class"`
	N          int      `json:"n"`
}

// Sentence is one plain statement about the results.
type Sentence struct {
	Model string `json:"model"`
	Kind  string `json:"kind"` // "rose", "fell" or "noise"
	Text  string `json:"text"`
}

// ReadResults reads results.json of a main job's folder.
func ReadResults(dir string) (*Results, error) {
	var r Results
	err := readJSON(dir, resultsFile, &r)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("report: %w; it appears when the job is done: run the job again to finish it", err)
	case err != nil:
		return nil, fmt.Errorf("report: %w", err)
	case len(r.Models) == 0 || len(r.Sets) == 0 && len(r.Segmentation) == 0:
		return nil, fmt.Errorf("report: %s names %d models and %d evaluation sets, expected at least one of each; is it the folder of a main job or an evaluation?",
			inside(dir, resultsFile), len(r.Models), len(r.Sets))
	}
	for i := range r.Models {
		r.Models[i].Title = private(firstOf(r.Models[i].Title, r.Models[i].Name))
	}
	for i := range r.Sets {
		r.Sets[i].Title = firstOf(r.Sets[i].Title, r.Sets[i].Name)
	}
	return &r, nil
}

// base is the name of the model that the others are compared with: the original.
func (r *Results) base() string { return r.Models[0].Name }

// tuned are the other models.
func (r *Results) tuned() []Model { return r.Models[1:] }

// focus is the model that the report is about: ours if it is there, else the
// last one; ok is false where nothing was finetuned.
func (r *Results) focus() (m Model, ok bool) {
	tuned := r.tuned()
	if len(tuned) == 0 {
		return Model{}, false
	}
	if i := slices.IndexFunc(tuned, func(m Model) bool { return m.Name == ours }); i >= 0 {
		return tuned[i], true
	}
	return tuned[len(tuned)-1], true
}

// shiftSets counts the sets in the mean.
func (r *Results) shiftSets() int {
	n := 0
	for _, s := range r.Sets {
		if s.Shift {
			n++
		}
	}
	return n
}

// halves says whether some classes were finetuned and others not.
func (r *Results) halves() bool { return len(r.SetA) > 0 && len(r.SetB) > 0 }
