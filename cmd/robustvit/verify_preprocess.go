package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/verify"
	"github.com/robustvit/workbench/viz"
)

// preprocess compares prepared pictures; no backend is needed.
func (c verifyCmd) preprocess(s *session) error {
	report, err := verify.Preprocess(c.Dir, c.Images...)
	if err != nil {
		return err
	}
	if err := s.result(report, func(w io.Writer) error { return preparedTable(report).WriteText(w, s.textOptions()) }); err != nil {
		return err
	}
	return report.Fault()
}

func preparedTable(report verify.PreprocessReport) viz.Table {
	exact := 0
	table := viz.Table{Title: report.Dir, Corner: "picture", Columns: []viz.Column{{Name: "protocol"},
		{Name: fmt.Sprintf("pixels > %d levels away, %%", verify.FarLevels)}, {Name: "mean distance"}, {Name: "largest"}, {Name: ""}}}
	for _, row := range report.Rows {
		verdict := "ok"
		switch {
		case row.Exact:
			verdict = "bit-exact"
			exact++
		case !row.OK:
			verdict = "DIFFERS"
		}
		table.Rows = append(table.Rows, viz.TableRow{Name: row.File, Cells: []viz.Cell{viz.Text(row.Protocol),
			viz.Number(100*row.Far, 3), viz.Number(row.Mean, 4), viz.Number(float64(row.Largest), 0), viz.Text(verdict)}})
	}
	table.Note = fmt.Sprintf("%d of %d bit-exact. JPEG and WebP may have %g %% of pixels more than %d levels away and a mean distance below %g levels.",
		exact, len(report.Rows), 100*verify.FarLimit, verify.FarLevels, verify.MeanLimit)
	if n := len(report.NotFound); n > 0 {
		table.Note += fmt.Sprintf(" Not compared, because not found: %d pictures; --images names their folder.", n)
	}
	return table
}
