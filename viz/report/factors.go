package report

import (
	"strings"

	"github.com/robustvit/workbench/viz"
)

// rules are the sets' scoring rules for the note of a table, sets of one rule
// together; empty where none has a rule of its own.
func rules(r *Results) string {
	var order []string
	sets := map[string][]string{}
	for _, s := range r.Sets {
		if s.Rule == "" {
			continue
		}
		if sets[s.Rule] == nil {
			order = append(order, s.Rule)
		}
		sets[s.Rule] = append(sets[s.Rule], s.Title)
	}
	var texts []string
	for _, rule := range order {
		texts = append(texts, strings.Join(sets[rule], ", ")+": "+rule)
	}
	if texts == nil {
		return ""
	}
	return " Scoring: " + strings.Join(texts, "; ") + "."
}

// FactorTables are top-1 by value of what a set varies, a table a set.
func FactorTables(r *Results) []viz.Fragment {
	var tables []viz.Fragment
	for _, s := range r.Sets {
		values := s.Factors[r.base()]
		if len(values) == 0 {
			continue
		}
		t := viz.Table{Title: s.Title + ": top-1 by value, %", Corner: "value", Note: "In brackets: 95 % interval (Clopper-Pearson)."}
		for _, m := range r.Models {
			t.Columns = append(t.Columns, viz.Column{Name: m.Title})
		}
		for i, at := range values {
			row := viz.TableRow{Name: at.Value}
			for _, m := range r.Models {
				var cell viz.Cell
				if of := s.Factors[m.Name]; i < len(of) && of[i].Value == at.Value && of[i].Top1.N > 0 {
					cell = viz.Number(of[i].Top1.Percent, 1).Between(of[i].Top1.Low, of[i].Top1.High)
				}
				row.Cells = append(row.Cells, cell)
			}
			t.Rows = append(t.Rows, row)
		}
		tables = append(tables, t)
	}
	return tables
}
