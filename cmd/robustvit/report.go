package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz/report"
)

type reportCmd struct {
	Run_ string `arg:"" name:"run" help:"Run folder of a main job (robustvit demo) or of an explanation."`
}

// Help is the example of `robustvit report --help`.
func (reportCmd) Help() string {
	return "Writes report.html from the plain files of a run folder; nothing is computed anew.\n\nExample:\n\n    robustvit report runs/demo"
}

// Run writes the page.
func (c reportCmd) Run(s *session) error {
	r, err := run.Open(c.Run_)
	if err != nil {
		return err
	}
	var config struct {
		Kind string `json:"kind"`
	}
	if err := r.Config(&config); err != nil {
		return err
	}
	write := report.WriteMain
	if config.Kind == "explain" {
		write = report.WriteExplain
	}
	page, err := write(c.Run_)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"run": c.Run_, "report": page}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s\n", page)
		return err
	})
}
