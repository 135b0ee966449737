package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/viz/report"
)

type reportCmd struct {
	Folder string `arg:"" name:"run" help:"Run folder of a main job (robustvit demo), an evaluation or an explanation."`
}

// Help is the example of `robustvit report --help`.
func (reportCmd) Help() string {
	return "Writes the page from the plain files of a run folder; nothing is computed anew.\n\nExample:\n\n    robustvit report runs/demo"
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
