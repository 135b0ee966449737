package report

import (
	"fmt"
	"math"

	"github.com/robustvit/workbench/viz"
)

// BenchTable is the table of what was measured in dir.
func BenchTable(dir string) (viz.Table, error) {
	var r benchResults
	if err := readJSON(dir, benchFile, &r); err != nil {
		return viz.Table{}, fmt.Errorf("report: %w", err)
	}
	return r.table(), nil
}

func (r benchResults) table() viz.Table {
	t := viz.Table{Corner: "case", Columns: []viz.Column{{Name: "ours", Group: "ms an image"}}}
	beside := r.Peer != nil
	if beside {
		t.Columns = append(t.Columns, viz.Column{Name: "peer", Group: "ms an image"}, viz.Column{Name: "peer is"}, viz.Column{Name: "ratio"})
	}
	if t.Columns = append(t.Columns, viz.Column{Name: "ours", Group: "peak MiB"}); beside {
		t.Columns = append(t.Columns, viz.Column{Name: "peer", Group: "peak MiB"})
	}
	model := ""
	for _, one := range r.Results {
		row := viz.TableRow{Name: one.Case, Rule: model != "" && model != one.Model}
		model = one.Model
		row.Cells = append(row.Cells, measuredCell(one.OursMS))
		if beside {
			row.Cells = append(row.Cells, measuredCell(one.PeerMS), viz.Text(one.Peer), one.ratio())
		}
		if row.Cells = append(row.Cells, measuredCell(one.PeakMiB)); beside {
			row.Cells = append(row.Cells, measuredCell(one.PeerPeakMiB))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = fmt.Sprintf("%s, %s, backend %s, load %.1f as it began. Median of %s.", r.Date, plural(r.Cores, "core"), r.Backend, r.Load, plural(r.Rounds, "round"))
	if beside {
		t.Note += " In brackets the least and the largest ratio of a round; below 1 ours is faster."
	}
	return t
}

func (one benchResult) ratio() viz.Cell {
	if one.Ratio == 0 {
		return viz.Cell{}
	}
	return viz.Number(one.Ratio, 2).Between(one.Low, one.High)
}

// measuredCell has three digits that count; 0 was not measured.
func measuredCell(v float64) viz.Cell {
	if v == 0 {
		return viz.Cell{}
	}
	return viz.Number(v, max(2-int(math.Floor(math.Log10(v))), 0))
}
