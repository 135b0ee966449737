package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/inspect"
)

type prepareCmd struct {
	File     string `arg:"" help:"Image file."`
	Protocol string `help:"native, paper, timm or squash." default:"paper" enum:"native,paper,timm,squash"`
	Size     int    `help:"Side of the model's input in pixels." default:"224"`
	Out      string `help:"PNG file to write." short:"o" required:"" placeholder:"FILE"`
}

// Help is the example of `robustvit prepare --help`.
func (prepareCmd) Help() string {
	return "Writes exactly what the model sees, before normalisation.\n\nExample:\n\n    robustvit prepare dog.jpg --protocol paper --size 224 --out seen.png"
}

// Run prepares one image.
func (c prepareCmd) Run(s *session) error {
	prepared, err := inspect.Prepare(c.File, c.Protocol, c.Size, c.Out)
	if err != nil {
		return err
	}
	return s.result(prepared, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s, %d x %d pixels, under protocol %s: %d x %d\nwrote %s\n", c.File, prepared.Width, prepared.Height, c.Protocol, c.Size, c.Size, c.Out)
		return err
	})
}
