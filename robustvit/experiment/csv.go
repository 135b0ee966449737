package experiment

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/robustvit/workbench/internal/foreign"
)

// WriteCSV writes a table in long form, a line a cell with a number: row,
// group, column, value, interval, deviation, the paper's number. Names that a
// spreadsheet would run are disarmed.
func (t Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"row", "group", "column", "value", "low", "high", "std", "paper"}); err != nil {
		return err
	}
	text := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	for _, row := range t.Rows {
		for i, c := range row.Cells {
			if c.Value == nil && c.Paper == nil || i >= len(t.Columns) {
				continue
			}
			line := []string{foreign.Cell(row.Name), foreign.Cell(t.Columns[i].Group), foreign.Cell(t.Columns[i].Name), text(c.Value), text(c.Low), text(c.High), text(c.Std), text(c.Paper)}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
