package evaluate

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/robustvit/workbench/viz"
)

// TableFile is the accuracy table for spreadsheets in a run folder.
const TableFile = "table.csv"

// TableLine is the accuracy of one model on one set; Delta is nil for the model
// that the others are compared with; a Top5 of no image leaves its columns empty.
type TableLine struct {
	Set, Model string
	Top1, Top5 Rate
	Delta      *Difference
}

// WriteCSV writes a head and one line a set and model: percent and points with
// two decimals, 95 % intervals.
func WriteCSV(w io.Writer, table []TableLine) error {
	lines := csv.NewWriter(w)
	// csv.Writer keeps its first error for Flush.
	lines.Write([]string{"set", "model", "images", "top1", "top1_low", "top1_high", "top5", "top5_low", "top5_high", "change", "change_low", "change_high"})
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	for _, row := range table {
		one, five := row.Top1, row.Top5
		line := []string{viz.Inert(row.Set), viz.Inert(row.Model), strconv.Itoa(one.N), number(one.Percent), number(one.Low), number(one.High),
			number(five.Percent), number(five.Low), number(five.High), "", "", ""}
		if five.N == 0 && one.N > 0 {
			line[6], line[7], line[8] = "", "", ""
		}
		if d := row.Delta; d != nil {
			line[9], line[10], line[11] = number(d.Points), number(d.Low), number(d.High)
		}
		lines.Write(line)
	}
	if lines.Flush(); lines.Error() != nil {
		return fmt.Errorf("write the table: %w", lines.Error())
	}
	return nil
}
