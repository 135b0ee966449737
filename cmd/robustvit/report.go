package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

type reportCmd struct {
	Folder string `arg:"" name:"run" help:"Run folder (main job, experiment, evaluation, explanation, masks, finetuning, pretraining, bench), or a folder that holds runs."`
	colorsFlag
}

// colorsFlag is how pages with heatmaps are coloured.
type colorsFlag struct {
	Colormap string `name:"colormap" help:"Colours of the heatmaps: viridis, inferno or jet, which is that of the paper's figures." enum:"viridis,inferno,jet" default:"viridis" placeholder:"NAME"`
}

func (c colorsFlag) options() (report.Options, error) {
	colors, ok := viz.ParseColorMap(c.Colormap)
	if !ok {
		return report.Options{}, fmt.Errorf("there is no colour map %q; take viridis, inferno or jet", c.Colormap)
	}
	return report.Options{Colors: colors}, nil
}

// Help is the example of `robustvit report --help`.
func (reportCmd) Help() string {
	return "Writes the page from the plain files of a run folder, finished or not; nothing is computed anew. Of a folder of runs, up to three folders deep, it writes every page and index.html over them; the folder can then be packed and sent.\n\nExample:\n\n    robustvit report runs/demo\n    robustvit report runs\n    robustvit report runs/explain --colormap jet"
}

// Run writes the page.
func (c reportCmd) Run(s *session) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	page, err := options.Write(c.Folder)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"run": c.Folder, "report": page}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s\n", page)
		return err
	})
}
