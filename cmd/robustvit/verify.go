package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/verify"
	"github.com/robustvit/workbench/viz"
)

type verifyCmd struct {
	Dir    string   `arg:"" help:"Folder of reference values: vit.safetensors, meta.json, stages.safetensors; or pictures with expected.safetensors."`
	Images []string `help:"Further folder of the pictures that expected.safetensors names." placeholder:"DIR" sep:"none"`
}

// Help is the example of `robustvit verify --help`.
func (verifyCmd) Help() string {
	return "Compares every stage with the reference and names the first that diverges; exit code 1 beyond the tolerance. A folder with expected.safetensors (key FILE|PROTOCOL, Pillow's output) is a test of the preprocessing.\n\nExample:\n\n    robustvit verify tests/golden/micro"
}

// Run compares and prints the table.
func (c verifyCmd) Run(_ context.Context, s *session) error {
	if verify.IsPreprocess(c.Dir) {
		return c.preprocess(s)
	}
	b, err := s.open()
	if err != nil {
		return err
	}
	report, err := verify.Dir(b, c.Dir)
	if err != nil {
		return err
	}
	err = s.result(report, func(w io.Writer) error { return verifyTable(report).WriteText(w, s.textOptions()) })
	if err != nil {
		return err
	}
	if row, diverges := report.FirstDiverging(); diverges {
		return fmt.Errorf("verify %s: %s is the first stage that diverges: relative error %.3g, tolerance %.3g (backend %s); the fault lies in this stage or its inputs",
			c.Dir, row.Name, row.Relative, row.Tolerance, report.Backend)
	}
	return nil
}

func verifyTable(report verify.Report) viz.Table {
	table := viz.Table{
		Title: fmt.Sprintf("%s on %s", report.Dir, report.Backend), Corner: "tensor",
		Columns: []viz.Column{{Name: "largest error"}, {Name: "relative"}, {Name: ""}},
		Note:    fmt.Sprintf("Relative: largest error over the largest absolute reference value; tolerance %g.", verify.Tolerance),
	}
	for _, row := range report.Rows {
		verdict := "ok"
		if !row.OK {
			verdict = "DIVERGES"
		}
		table.Rows = append(table.Rows, viz.TableRow{Name: row.Name, Cells: []viz.Cell{
			viz.Text(fmt.Sprintf("%.2e", row.MaxError)), viz.Text(fmt.Sprintf("%.2e", row.Relative)), viz.Text(verdict)}})
	}
	if len(report.Skipped) > 0 {
		table.Note += fmt.Sprintf(" Not computed by the method: %d tensors.", len(report.Skipped))
	}
	return table
}
