package measure

import (
	"io"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/run"
)

// Results is results.json of an evaluation.
type Results struct {
	Models       []Model                          `json:"models"`
	Sets         []Set                            `json:"sets"`
	Segmentation map[string]evaluate.Segmentation `json:"segmentation"` // by model; empty without masks
	// Files is what became of the files of each set, and under "segmentation" of those
	// of the segmentation test.
	Files    map[string]data.Tally `json:"files_per_set"`
	Protocol string                `json:"protocol"`
	Backend  string                `json:"backend"`
	Seconds  float64               `json:"seconds"`
}

// Set is one evaluation set, every value by model.
type Set struct {
	Name  string                         `json:"name"`
	Title string                         `json:"title"`
	Top1  map[string]evaluate.Rate       `json:"top1"`
	Top5  map[string]evaluate.Rate       `json:"top5"`
	Delta map[string]evaluate.Difference `json:"delta"` // top-1 against the first model
	// Rule says which classes compete and which count as right, where the set has a rule of its own.
	Rule string `json:"rule,omitempty"`
	// Factors is top-1 by value of what the set varies (SI-Score).
	Factors map[string][]evaluate.FactorRate `json:"factors,omitempty"`
}

func (j Job) results(r *run.Run) (*Results, error) {
	results := &Results{Models: j.Config.Models, Protocol: j.Protocol, Backend: j.Config.Backend}
	var err error
	if results.Files, err = evaluate.Files(j.Data, j.Sets, j.Segment); err != nil {
		return nil, err
	}
	for _, name := range j.Sets {
		set := Set{Name: name, Title: evaluate.Title(name), Top1: map[string]evaluate.Rate{}, Top5: map[string]evaluate.Rate{}, Delta: map[string]evaluate.Difference{}, Rule: j.Scoring[name]}
		var first []evaluate.Record
		for i, m := range j.Config.Models {
			records, err := run.ReadLines[evaluate.Record](r, run.RecordsName(name, m.Name))
			if err != nil {
				return nil, err
			}
			set.Top1[m.Name], set.Top5[m.Name] = evaluate.Accuracy(records, 1, nil), evaluate.Accuracy(records, 5, nil)
			if rates := evaluate.ByFactor(records); rates != nil {
				if set.Factors == nil {
					set.Factors = map[string][]evaluate.FactorRate{}
				}
				set.Factors[m.Name] = rates
			}
			if i == 0 {
				first = records
				continue
			}
			set.Delta[m.Name] = evaluate.Compare([][]evaluate.Record{first}, [][]evaluate.Record{records}, nil)
		}
		results.Sets = append(results.Sets, set)
	}
	return results, nil
}

// WriteCSV writes the accuracy of every model on every set.
func (r *Results) WriteCSV(w io.Writer) error {
	var table []evaluate.TableLine
	var names []string
	for _, m := range r.Models {
		names = append(names, m.Name)
	}
	for _, set := range r.Sets {
		for i, m := range r.Models {
			line := evaluate.TableLine{Set: set.Name, Model: m.Name, Top1: set.Top1[m.Name], Top5: set.Top5[m.Name]}
			if d := set.Delta[m.Name]; i > 0 {
				line.Delta = &d
			}
			table = append(table, line)
		}
		table = append(table, evaluate.FactorLines(set.Name, names, set.Factors)...)
	}
	return evaluate.WriteCSV(w, table)
}
