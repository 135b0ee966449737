package main

import (
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/viz"
)

// The terminal's tables are narrower than the report's: where the columns do
// not fit, a table loses its intervals, and they are the point.

// accuracyTable is top-1 on every set, a column a model.
func accuracyTable(r *mainjob.Results) viz.Table {
	var note scoringNote
	for _, set := range r.Sets {
		note.add(set.Title, set.Rule)
	}
	table := viz.Table{Title: "Top-1 accuracy, percent", Corner: "set", Note: "In brackets: 95 % interval (Clopper-Pearson)." + note.String()}
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

// changeTable is the change against the original, set A and set B apart.
func changeTable(r *mainjob.Results) viz.Table {
	table := viz.Table{Title: "Change in top-1, points", Corner: "set",
		Note: "In brackets: 95 % interval (paired bootstrap over images)."}
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
	if !slices.ContainsFunc(r.Sets, func(set mainjob.SetResult) bool { return set.Shift }) {
		return table
	}
	table.Note += " Shift: mean over the sets other than val and v2. Set A: finetuned classes, set B: the others."
	shift := row("Shift", r.Shift)
	shift.Rule, shift.Major = true, true
	table.Rows = append(table.Rows, shift, row("Shift, set A", r.ShiftA), row("Shift, set B", r.ShiftB))
	return table
}
