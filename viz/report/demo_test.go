package report_test

import (
	"flag"
	"testing"

	"github.com/robustvit/workbench/viz/report"
)

var (
	mainDir = flag.String("main", "", "folder of a main job to write a report of, to look at")
	photos  = flag.String("explain", "", "folder of an explanation to write a page of, to look at")
)

// TestLook writes pages of real folders where the flags name them.
func TestLook(t *testing.T) {
	for dir, write := range map[*string]func(string) (string, error){mainDir: report.WriteMain, photos: report.WriteExplain} {
		if *dir == "" {
			continue
		}
		path, err := write(*dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(path)
	}
}
