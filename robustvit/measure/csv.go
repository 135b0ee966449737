package measure

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// TableFile is the accuracy table for spreadsheets: a line a set and model.
const TableFile = "table.csv"

// WriteCSV writes the accuracy of every model on every set.
func (r *Results) WriteCSV(w io.Writer) error {
	lines := csv.NewWriter(w)
	// csv.Writer keeps its first error for Flush.
	lines.Write([]string{"set", "model", "images", "top1", "top1_low", "top1_high", "top5", "top5_low", "top5_high", "change", "change_low", "change_high"})
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	for _, set := range r.Sets {
		for i, m := range r.Models {
			one, five := set.Top1[m.Name], set.Top5[m.Name]
			line := []string{set.Name, m.Name, strconv.Itoa(one.N), number(one.Percent), number(one.Low), number(one.High),
				number(five.Percent), number(five.Low), number(five.High), "", "", ""}
			if i > 0 {
				d := set.Delta[m.Name]
				line[9], line[10], line[11] = number(d.Points), number(d.Low), number(d.High)
			}
			lines.Write(line)
		}
	}
	if lines.Flush(); lines.Error() != nil {
		return fmt.Errorf("write the table: %w", lines.Error())
	}
	return nil
}
