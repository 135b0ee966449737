package mainjob

import (
	"context"
	"io"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/run"
)

// Results is results.json of a main job: what every table and picture of the
// report shows.
type Results struct {
	Models       []ModelInfo                      `json:"models"`
	Sets         []SetResult                      `json:"sets"`
	Shift        map[string]evaluate.Difference   `json:"shift"`        // change in top-1, mean over the shift sets, by model
	ShiftA       map[string]evaluate.Difference   `json:"shift_a"`      // the same on the finetuned classes
	ShiftB       map[string]evaluate.Difference   `json:"shift_b"`      // the same on the other classes
	Segmentation map[string]evaluate.Segmentation `json:"segmentation"` // by model; empty without masks
	SetA         []string                         `json:"set_a"`        // finetuned classes
	SetB         []string                         `json:"set_b"`        // the others
	Verdict      []Sentence                       `json:"verdict"`      // what rose, what fell, what lies within the noise
	Seconds      float64                          `json:"seconds"`      // of the process that finished the job
	Backend      string                           `json:"backend"`
	Counts       map[string]int                   `json:"images_per_set"`
	Files        map[string]data.Tally            `json:"files_per_set"` // under "segmentation" those of the segmentation test
}

// ModelInfo names one compared model.
type ModelInfo struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
}

// SetResult is one evaluation set, every value by model.
type SetResult struct {
	Name   string                         `json:"name"`
	Title  string                         `json:"title"`
	Shift  bool                           `json:"shift"` // counts in the mean over shift sets: not val, not v2
	Top1   map[string]evaluate.Rate       `json:"top1"`
	Top5   map[string]evaluate.Rate       `json:"top5"`
	Top1A  map[string]evaluate.Rate       `json:"top1_a"`
	Top1B  map[string]evaluate.Rate       `json:"top1_b"`
	Delta  map[string]evaluate.Difference `json:"delta"` // top-1 against the original
	DeltaA map[string]evaluate.Difference `json:"delta_a"`
	DeltaB map[string]evaluate.Difference `json:"delta_b"`
	// Rule says which classes compete and which count as right, where the set has a rule of its own.
	Rule string `json:"rule,omitempty"`
	// Factors is top-1 by value of what the set varies (SI-Score).
	Factors map[string][]evaluate.FactorRate `json:"factors,omitempty"`
}

// results gathers the tables from the records.
func (w *worker) results(context.Context) (*Results, error) {
	w.phase("tables")
	classes := w.Config.Finetune.Classes
	inA := func(class int) bool { return slices.Contains(classes, class) }
	inB := func(class int) bool { return !inA(class) }
	results := &Results{
		Models: []ModelInfo{{Name: Before, Title: w.title(Before), Note: "the pretrained model"}},
		Shift:  map[string]evaluate.Difference{}, ShiftA: map[string]evaluate.Difference{}, ShiftB: map[string]evaluate.Difference{},
		Segmentation: map[string]evaluate.Segmentation{}, Backend: w.Config.Finetune.Backend, Counts: map[string]int{},
	}
	for _, arm := range w.Config.Arms {
		results.Models = append(results.Models, ModelInfo{arm.Name, arm.Title, arm.Note})
	}
	for class, name := range w.Config.ClassNames {
		if inA(class) {
			results.SetA = append(results.SetA, name)
		} else {
			results.SetB = append(results.SetB, name)
		}
	}
	all, err := w.allRecords(results.Models)
	if err != nil {
		return nil, err
	}
	for _, set := range w.Config.Sets {
		result := setResult(set, all[set], inA, inB)
		result.Rule = w.Config.Scoring[set]
		results.Sets = append(results.Sets, result)
		results.Counts[set] = len(all[set][Before])
	}
	if results.Files, err = evaluate.Files(w.Data, w.Config.Sets, true); err != nil {
		return nil, err
	}
	results.shifts(all, inA, inB)
	for _, m := range results.Models {
		if file := run.RecordsName(evaluate.MapsName, m.Name); w.run.Has(file) {
			records, err := run.ReadLines[evaluate.MapRecord](w.run, file)
			if err != nil {
				return nil, err
			}
			results.Segmentation[m.Name] = evaluate.SegmentationOf(records, nil)
		}
	}
	results.Verdict = verdict(results)
	return results, nil
}

// allRecords reads every model's records: set -> model -> records.
func (w *worker) allRecords(models []ModelInfo) (map[string]map[string][]evaluate.Record, error) {
	all := map[string]map[string][]evaluate.Record{}
	for _, set := range w.Config.Sets {
		all[set] = map[string][]evaluate.Record{}
		for _, m := range models {
			records, err := run.ReadLines[evaluate.Record](w.run, run.RecordsName(set, m.Name))
			if err != nil {
				return nil, err
			}
			all[set][m.Name] = records
		}
	}
	return all, nil
}

type classFilter = func(class int) bool

func setResult(name string, byModel map[string][]evaluate.Record, inA, inB classFilter) SetResult {
	set := SetResult{
		Name: name, Title: evaluate.Title(name), Shift: evaluate.IsShift(name),
		Top1: map[string]evaluate.Rate{}, Top5: map[string]evaluate.Rate{}, Top1A: map[string]evaluate.Rate{}, Top1B: map[string]evaluate.Rate{},
		Delta: map[string]evaluate.Difference{}, DeltaA: map[string]evaluate.Difference{}, DeltaB: map[string]evaluate.Difference{},
	}
	before := [][]evaluate.Record{byModel[Before]}
	for model, records := range byModel {
		set.Top1[model] = evaluate.Accuracy(records, 1, nil)
		set.Top5[model] = evaluate.Accuracy(records, 5, nil)
		if rates := evaluate.ByFactor(records); rates != nil {
			if set.Factors == nil {
				set.Factors = map[string][]evaluate.FactorRate{}
			}
			set.Factors[model] = rates
		}
		set.Top1A[model] = evaluate.Accuracy(records, 1, inA)
		set.Top1B[model] = evaluate.Accuracy(records, 1, inB)
		if model != Before {
			after := [][]evaluate.Record{records}
			set.Delta[model] = evaluate.Compare(before, after, nil)
			set.DeltaA[model] = evaluate.Compare(before, after, inA)
			set.DeltaB[model] = evaluate.Compare(before, after, inB)
		}
	}
	return set
}

// shifts averages the changes over the shift sets.
func (r *Results) shifts(all map[string]map[string][]evaluate.Record, inA, inB classFilter) {
	for _, m := range r.Models[1:] {
		var before, after [][]evaluate.Record
		for _, set := range r.Sets {
			if set.Shift {
				before, after = append(before, all[set.Name][Before]), append(after, all[set.Name][m.Name])
			}
		}
		r.Shift[m.Name] = evaluate.Compare(before, after, nil)
		r.ShiftA[m.Name] = evaluate.Compare(before, after, inA)
		r.ShiftB[m.Name] = evaluate.Compare(before, after, inB)
	}
}

// WriteCSV writes the accuracy of every model on every set.
func (r *Results) WriteCSV(w io.Writer) error {
	var table []evaluate.TableLine
	var names []string
	for _, m := range r.Models {
		names = append(names, m.Name)
	}
	for _, set := range r.Sets {
		for _, m := range r.Models {
			line := evaluate.TableLine{Set: set.Name, Model: m.Name, Top1: set.Top1[m.Name], Top5: set.Top5[m.Name]}
			if d, compared := set.Delta[m.Name]; compared {
				line.Delta = &d
			}
			table = append(table, line)
		}
		table = append(table, evaluate.FactorLines(set.Name, names, set.Factors)...)
	}
	return evaluate.WriteCSV(w, table)
}
