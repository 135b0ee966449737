package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// demoOutcome is what the main job prints.
type demoOutcome struct {
	results *mainjob.Results
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
		r, err := report.ReadResults(o.dir)
		if err != nil {
			return err
		}
		tables = append(tables, report.SegmentationTable(r))
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
