package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/internal/foreign"
	"github.com/robustvit/workbench/robustvit/explain"
	"github.com/robustvit/workbench/robustvit/recipe"
)

type explainCmd struct {
	Images   []string `arg:"" help:"Image files, and folders to search for images."`
	Weights  string   `help:"Weights file, model folder, run folder or demo:FAMILY." required:"" placeholder:"FILE"`
	After    string   `help:"The same model after finetuning, to compare." placeholder:"FILE"`
	Class    string   `help:"Class to explain, by name or number; default each model's own prediction." placeholder:"CLASS"`
	Protocol string   `help:"How images are prepared; auto takes the one that the weights name, else native." default:"auto" enum:"auto,native,paper,timm,squash"`
	Out      string   `help:"Folder for the page and its files." short:"o" default:"runs/explain"`
	colorsFlag
}

// Help is the example of `robustvit explain --help`.
func (explainCmd) Help() string {
	return "Writes a page with each picture, its relevance map before and after, and the predictions with their confidence.\n\nExample:\n\n    robustvit explain --weights demo:vit --after runs/demo photo.jpg folder --out runs/explain"
}

// Run explains the images.
func (c explainCmd) Run(ctx context.Context, s *session) error {
	job := explain.Job{Paths: c.Images, Protocol: c.Protocol, Class: c.Class, Dir: c.Out, Progress: s.progress.Done("images")}
	options, err := c.options()
	if err != nil {
		return err
	}
	if job.Before, err = recipe.OpenModel(c.Weights); err != nil {
		return err
	}
	if c.After != "" {
		if job.After, err = recipe.OpenModel(c.After); err != nil {
			return err
		}
	}
	if job.Backend, err = s.open(); err != nil {
		return err
	}
	s.progress.Phase("explain")
	result, err := explain.Run(ctx, job)
	if err != nil {
		return err
	}
	page, err := options.WriteExplain(c.Out)
	if err != nil {
		return err
	}
	for _, refused := range result.Refused {
		s.progress.Note("left out: " + refused.Error)
	}
	return s.result(map[string]any{"dir": c.Out, "report": page, "result": result}, func(w io.Writer) error {
		return printExplained(w, result, page)
	})
}

// fewImages are also shown in the terminal.
const fewImages = 10

func printExplained(w io.Writer, r *explain.Result, page string) error {
	for _, img := range r.Images[:min(fewImages, len(r.Images))] {
		fmt.Fprintf(w, "%s:", foreign.Text(img.Path))
		for _, m := range r.Models {
			if top := img.Views[m.Name].Top; len(top) > 0 {
				fmt.Fprintf(w, "  %s %s (%.1f %%)", m.Name, foreign.Text(top[0].Name), 100*top[0].Confidence)
			}
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintf(w, "%d of %d images explained\nwrote %s\n", r.Used, r.Listed, page)
	return err
}
