package notebook

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz"
)

// CheckData reads every image and mask of a data folder and shows what was
// found. What cannot be used is named, and ends the cell.
func CheckData(dir string) {
	progress := NewProgress("Check of " + dir)
	checked := Do(func(ctx context.Context) (*recipe.Checked, error) {
		return recipe.Check(ctx, dir, recipe.CheckOptions{Done: progress.Count})
	})
	progress.End("finished")
	Show(found(checked))
	Check(checked.Fault())
}

// found is a row for each set of the folder.
func found(checked *recipe.Checked) viz.Table {
	table := viz.Table{Corner: "set"}
	for _, name := range []string{"images", "classes", "masks", "refused", "pixels a side"} {
		table.Columns = append(table.Columns, viz.Column{Name: name})
	}
	for _, set := range checked.Sets {
		row := viz.TableRow{Name: set.Set}
		for _, n := range []int{set.Used, set.Covered(), set.Masks, len(set.Refused)} {
			row.Cells = append(row.Cells, viz.Number(float64(n), 0))
		}
		sides := fmt.Sprint(set.SmallestSide)
		if set.LargestSide != set.SmallestSide {
			sides += fmt.Sprintf(" to %d", set.LargestSide)
		}
		row.Cells = append(row.Cells, viz.Text(sides))
		table.Rows = append(table.Rows, row)
	}
	if len(checked.Absent) > 0 {
		table.Note = "Not there: " + strings.Join(checked.Absent, ", ") + "."
	}
	return table
}
