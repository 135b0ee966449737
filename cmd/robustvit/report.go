package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/viz/report"
)

type reportCmd struct {
	Folder string `arg:"" name:"run" help:"Run folder of a main job (robustvit demo), an experiment, an evaluation or an explanation; or a folder of experiments."`
}

// Help is the example of `robustvit report --help`.
func (reportCmd) Help() string {
	return "Writes the page from the plain files of a run folder; nothing is computed anew. Of a folder of experiments it writes every page and index.html over them.\n\nExample:\n\n    robustvit report runs/demo\n    robustvit report runs/experiments"
}

// Run writes the page.
func (c reportCmd) Run(s *session) error {
	page, err := report.Write(c.Folder)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"run": c.Folder, "report": page}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s\n", page)
		return err
	})
}
