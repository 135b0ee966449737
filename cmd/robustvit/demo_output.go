package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz"
)

// demoOutcome is what the main job prints.
type demoOutcome struct {
	results *experiment.Results
	dir     string
	page    string // the report
	split   timeSplit
}

// timeSplit says where the seconds of this process went.
type timeSplit struct {
	Setup    float64 `json:"setup"`
	Finetune float64 `json:"compile_and_finetune"`
	Evaluate float64 `json:"evaluate"`
	Report   float64 `json:"report"`
}

func (s *session) split() timeSplit {
	s.progress.End()
	return timeSplit{
		Setup: s.progress.Seconds("set up", "open"), Finetune: s.progress.Seconds("finetune"),
		Evaluate: s.progress.Seconds("evaluate", "choose"), Report: s.progress.Seconds("tables", "report", "galler"),
	}
}

// MarshalJSON is the object that `demo --json` prints.
func (o demoOutcome) MarshalJSON() ([]byte, error) {
	r := o.results
	sets := make([]map[string]any, len(r.Sets))
	for i, set := range r.Sets {
		row := map[string]any{"name": set.Name, "title": set.Title, "shift": set.Shift, "n": r.Counts[set.Name]}
		for _, m := range r.Models {
			one, five := set.Top1[m.Name], set.Top5[m.Name]
			row["top1_"+m.Name], row["top5_"+m.Name] = one.Percent, five.Percent
			row["top1_"+m.Name+"_interval"], row["top5_"+m.Name+"_interval"] = []float64{one.Low, one.High}, []float64{five.Low, five.High}
			row["top1_"+m.Name+"_a"], row["top1_"+m.Name+"_b"] = set.Top1A[m.Name].Percent, set.Top1B[m.Name].Percent
			if change, ok := set.Delta[m.Name]; ok {
				row["change_"+m.Name] = change
			}
		}
		sets[i] = row
	}
	return json.Marshal(map[string]any{
		"sets": sets, "segmentation": r.Segmentation, "shift": r.Shift,
		"set_a": map[string]any{"classes": r.SetA, "shift": r.ShiftA}, "set_b": map[string]any{"classes": r.SetB, "shift": r.ShiftB},
		"models": r.Models, "verdict": r.Verdict, "seconds": r.Seconds, "split": o.split, "backend": r.Backend, "dir": o.dir, "report": o.page,
	})
}

// print writes the tables, the verdict and where everything is.
func (o demoOutcome) print(w io.Writer, options viz.TextOptions) error {
	tables := []viz.Table{accuracyTable(o.results), changeTable(o.results)}
	if len(o.results.Segmentation) > 0 {
		tables = append(tables, segmentationTable(o.results))
	}
	for _, table := range tables {
		if err := table.WriteText(w, options); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	marks := map[string]string{"rose": "▲", "fell": "▼", "noise": "≈"}
	for _, sentence := range o.results.Verdict {
		fmt.Fprintf(w, "%s %s\n", marks[sentence.Kind], sentence.Text)
	}
	fmt.Fprintf(w, "\nTime on %s: setup %.1f s, compile and finetune %.1f s, evaluate %.1f s, report %.1f s.\n",
		o.results.Backend, o.split.Setup, o.split.Finetune, o.split.Evaluate, o.split.Report)
	fmt.Fprintf(w, "Run folder: %s\n", o.dir)
	if o.page != "" {
		fmt.Fprintf(w, "Report: %s\n", o.page)
	}
	return nil
}

func accuracyTable(r *experiment.Results) viz.Table {
	table := viz.Table{Title: "Top-1 accuracy, percent", Corner: "set", Note: "In brackets: 95 % interval (Clopper-Pearson)."}
	for _, m := range r.Models {
		table.Columns = append(table.Columns, viz.Column{Name: m.Title})
	}
	for _, set := range r.Sets {
		row := viz.TableRow{Name: set.Title}
		for _, m := range r.Models {
			rate := set.Top1[m.Name]
			row.Cells = append(row.Cells, viz.Number(rate.Percent, 1).Between(rate.Low, rate.High))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func changeTable(r *experiment.Results) viz.Table {
	table := viz.Table{Title: "Change in top-1, points", Corner: "set",
		Note: "In brackets: 95 % interval (paired bootstrap over images). Shift: mean over the sets other than val and v2. Set A: finetuned classes, set B: the others."}
	for _, m := range r.Models[1:] {
		table.Columns = append(table.Columns, viz.Column{Name: m.Title})
	}
	row := func(name string, changes map[string]evaluate.Difference) viz.TableRow {
		row := viz.TableRow{Name: name}
		for _, m := range r.Models[1:] {
			d := changes[m.Name]
			row.Cells = append(row.Cells, viz.Change(d.Points, 1).Between(d.Low, d.High))
		}
		return row
	}
	for _, set := range r.Sets {
		table.Rows = append(table.Rows, row(set.Title, set.Delta))
	}
	shift := row("Shift", r.Shift)
	shift.Rule, shift.Major = true, true
	table.Rows = append(table.Rows, shift, row("Shift, set A", r.ShiftA), row("Shift, set B", r.ShiftB))
	return table
}

func segmentationTable(r *experiment.Results) viz.Table {
	table := viz.Table{Title: "Relevance against the object's mask, percent", Corner: "model",
		Columns: []viz.Column{{Name: "pixel accuracy"}, {Name: "mIoU"}, {Name: "mAP"}}}
	for _, m := range r.Models {
		if s, ok := r.Segmentation[m.Name]; ok {
			table.Rows = append(table.Rows, segmentationRow(m.Title, s))
		}
	}
	return table
}

func segmentationRow(name string, s evaluate.Segmentation) viz.TableRow {
	return viz.TableRow{Name: name, Cells: []viz.Cell{viz.Number(s.PixelAccuracy, 1), viz.Number(s.MeanIoU, 1), viz.Number(s.MeanAP, 1)}}
}
