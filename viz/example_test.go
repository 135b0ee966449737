package viz_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/viz"
)

func ExampleTable_WriteText() {
	table := viz.Table{
		Title: "Top-1, %", Corner: "set", Best: viz.BestOfRow,
		Columns: []viz.Column{{Name: "original"}, {Name: "ours"}, {Name: "change"}},
		Rows: []viz.TableRow{
			{Name: "val", Cells: []viz.Cell{viz.Number(89.8, 1), viz.Number(87.7, 1), viz.Change(-2.1, 1).PlusMinus(1.7)}},
			{Name: "A", Cells: []viz.Cell{viz.Number(6.4, 1), viz.Number(13.8, 1), viz.Change(7.4, 1).PlusMinus(2.5)}},
		},
	}
	if err := table.WriteText(os.Stdout, viz.TextOptions{Width: 80}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Top-1, %
	// set  original  ours       change
	// ────────────────────────────────
	// val      89.8  87.7  ▼ −2.1 ±1.7
	// A         6.4  13.8  ▲ +7.4 ±2.5
}

func ExampleWriteReport() {
	curves := viz.Curves{Title: "Loss", X: viz.Axis{Label: "step"}, Series: []viz.Series{{Name: "background", Y: []float64{0.9, 0.4, 0.2}}}}
	var page bytes.Buffer
	err := viz.WriteReport(&page, viz.Report{
		Title: "A run", Lead: []viz.Fragment{viz.Verdicts{{Trend: viz.Rose, Text: "Accuracy rose on seven sets."}}},
		Sections: []viz.Section{{Title: "Training", Fragments: []viz.Fragment{curves}}},
	})
	fmt.Println(err, strings.Contains(page.String(), "<svg"), strings.Contains(page.String(), "<script"))
	// Output: <nil> true false
}
