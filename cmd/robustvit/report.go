package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/viz/report"
)

type reportCmd struct {
	Run_ string `arg:"" name:"run" help:"Run folder of a main job (robustvit demo)."`
}

// Help is the example of `robustvit report --help`.
func (reportCmd) Help() string {
	return "Writes report.html from the plain files of a run folder; nothing is computed anew.\n\nExample:\n\n    robustvit report runs/demo"
}

// Run writes the page.
func (c reportCmd) Run(s *session) error {
	page, err := report.WriteMain(c.Run_)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"run": c.Run_, "report": page}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s\n", page)
		return err
	})
}
