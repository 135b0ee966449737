package report_test

import (
	"flag"
	"testing"

	"github.com/robustvit/workbench/viz/report"
)

var (
	mainDir = flag.String("main", "", "folder of a main job to write a report of, to look at")
)

// TestLook writes pages of real folders where the flags name them.
func TestLook(t *testing.T) {
	if *mainDir != "" {
		path, err := report.WriteMain(*mainDir)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(path)
	}
}
