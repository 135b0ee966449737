package robustvit_test

import (
	"testing"

	"github.com/robustvit/workbench/robustvit/verify"
)

// TestGolden compares every stage with values that timm and PyTorch computed in
// float64, for two geometries. The subtest that fails first names the stage to
// look at.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		folder string
		stages int
	}{{"micro", 26}, {"other", 14}} {
		t.Run(c.folder, func(t *testing.T) {
			report, err := verify.Dir(goBackend(t), "../tests/golden/"+c.folder)
			if err != nil {
				t.Fatal(err)
			}
			compareStages(t, report, c.stages)
			if len(report.Skipped) > 0 {
				t.Errorf("no stage computes %v", report.Skipped)
			}
		})
	}
}

func compareStages(t *testing.T, report verify.Report, least int) {
	stages := map[string][]verify.Row{}
	var order []string
	for _, row := range report.Rows {
		if stages[row.Stage] == nil {
			order = append(order, row.Stage)
		}
		stages[row.Stage] = append(stages[row.Stage], row)
	}
	if len(order) < least {
		t.Errorf("only %d stages were compared, want %d: %v", len(order), least, order)
	}
	for _, stage := range order {
		t.Run(stage, func(t *testing.T) {
			for _, row := range stages[stage] {
				if !row.OK {
					t.Errorf("%s: largest error %.3g is %.3g of the largest value, want at most %g", row.Name, row.MaxError, row.Relative, row.Tolerance)
				}
			}
		})
	}
}
