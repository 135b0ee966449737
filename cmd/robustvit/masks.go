package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/masks"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz/report"
)

type masksCmd struct {
	Weights string `help:"Model that makes the masks, DINO usually: weights file, folder, run folder or demo:FAMILY." required:"" placeholder:"FILE"`
	Data    string `help:"Folder with train, folder of classes, or shapes." required:"" placeholder:"DIR"`
	Out     string `help:"Folder for CLASS/FILE.png, masks.jsonl and the page." short:"o" required:"" placeholder:"DIR"`
	Method  string `help:"tokencut: normalised cut of the keys, then the bilateral solver. attention: the CLS token's attention in the last layer, thresholded." default:"attention" enum:"tokencut,attention"`
	Train   int    `type:"count" help:"Images (shapes)." default:"2000"`

	Size      string  `help:"How the model sees an image: full (as it is, as TokenCut does), model (about as many patches as it was trained on), auto (full unless that is fewer)." default:"auto" enum:"auto,full,model"`
	MaxTokens int     `type:"count" help:"Reduce images of more patches." default:"${max_tokens}"`
	Tau       float64 `help:"tokencut: patches whose keys are more alike (cosine) are joined." default:"${tau}"`
	KeepMass  float64 `help:"attention: keep the strongest patches up to this share of the attention (DINO: 0.6) instead of Otsu's threshold."`
	Solver    string  `help:"Take the mask to the picture's edges with the bilateral solver: on, off, auto (on for tokencut)." default:"auto" enum:"auto,on,off"`
	Spatial   float64 `help:"Solver's reach in pixels; published for photographs of some 500 pixels." name:"sigma-spatial" default:"${sigma_spatial}"`
	Seed      uint64  `help:"Of the pictures that the page shows." default:"1"`

	MinArea       float64 `help:"Reject smaller objects (share of the image)." default:"${min_area}"`
	MaxArea       float64 `help:"Reject larger objects (share of the image)." default:"${max_area}"`
	MinSeparation float64 `help:"Reject maps without two clear levels (0 to 1)." default:"${min_separation}"`
	MaxSides      int     `help:"Reject objects that touch more sides of the image." default:"${max_sides}"`
	MinGap        float64 `help:"tokencut: reject cuts that are hardly better than the next (0 to 1)." default:"${min_gap}"`
	MinAgreement  float64 `help:"Reject where the solver's mask has a smaller IoU with the coarse one." default:"${min_agreement}"`
}

// Help is the example of `robustvit masks --help`.
func (masksCmd) Help() string {
	return `A mask that looks unlike an object is rejected with the reason in masks.jsonl; such an image trains nothing. A stopped job goes on when the same command runs again.

Example:

    robustvit masks --method tokencut --weights dino_vitb16.safetensors --data imagenet/train --out imagenet-masks
    robustvit masks --weights runs/cifar --data cifar10 --out cifar10-masks
    robustvit finetune --weights runs/cifar --data cifar10 --masks cifar10-masks --dir runs/ours`
}

// maskDefaults are the settings' values for the flags.
func maskDefaults() map[string]string {
	s := masks.Defaults(masks.TokenCut)
	return map[string]string{
		"max_tokens": fmt.Sprint(s.MaxTokens), "tau": fmt.Sprint(s.Cut.Tau), "sigma_spatial": fmt.Sprint(s.Solver.Spatial),
		"min_area": fmt.Sprint(s.Rule.MinArea), "max_area": fmt.Sprint(s.Rule.MaxArea),
		"min_separation": fmt.Sprint(s.Rule.MinSeparation), "max_sides": fmt.Sprint(s.Rule.MaxSides),
		"min_gap": fmt.Sprint(s.Rule.MinGap), "min_agreement": fmt.Sprint(s.Rule.MinAgreement),
	}
}

func (c masksCmd) settings() masks.Settings {
	s := masks.Defaults(c.Method)
	s.Size, s.MaxTokens, s.KeepMass, s.Seed = c.Size, c.MaxTokens, c.KeepMass, c.Seed
	if s.Cut != nil {
		s.Cut.Tau = c.Tau
	}
	switch c.Solver {
	case "on":
		s.Solver = masks.Defaults(masks.TokenCut).Solver
	case "off":
		s.Solver = nil
	}
	if s.Solver != nil {
		s.Solver.Spatial = c.Spatial
	}
	s.Rule = masks.Rule{MinArea: c.MinArea, MaxArea: c.MaxArea, MinSeparation: c.MinSeparation, MaxSides: c.MaxSides, MinGap: c.MinGap, MinAgreement: c.MinAgreement}
	return s
}

// Run makes the masks and their page.
func (c masksCmd) Run(ctx context.Context, s *session) error {
	settings := c.settings()
	if err := settings.Validate(); err != nil {
		return err
	}
	m, err := recipe.OpenModel(c.Weights)
	if err != nil {
		return err
	}
	options := recipe.DataOptions{Shapes: shapes.Options{TrainImages: c.Train}}
	if c.Data == recipe.Shapes { // with the model's classes; of other data any model makes masks
		options.Outputs = m.Variant.Classes
	}
	d, err := recipe.OpenData(c.Data, options)
	if err != nil {
		return err
	}
	images, err := d.Train()
	if err != nil {
		return err
	}
	b, err := s.open()
	if err != nil {
		return err
	}
	made, err := masks.Run(ctx, masks.Job{
		Backend: b, Device: s.device.Name, Model: m, Images: images, Source: c.Data, Dir: c.Out, Settings: settings,
		Phase: s.progress.Phase, Progress: withTimeLeft(s.progress, "images"),
	})
	if err != nil {
		return err
	}
	page, err := report.WriteMasks(c.Out)
	if err != nil {
		return err
	}
	if made.Written == 0 {
		return fmt.Errorf("masks of %s: all %d were rejected (%v); look at %s, relax the rule or use another model", images.Name(), made.Listed, made.Reasons, page)
	}
	result := map[string]any{"listed": made.Listed, "written": made.Written, "rejected": made.Rejected, "reasons": made.Reasons, "dir": c.Out, "page": page}
	return s.result(result, func(w io.Writer) error {
		hint := ""
		if 4*made.Reasons["agreement"] > made.Listed {
			hint = fmt.Sprintf("the solver often left the cut: its reach of %g pixels is for photographs of some 500, small pictures want less, such as --sigma-spatial 4 and another folder\n", c.Spatial)
		}
		_, err := fmt.Fprintf(w, "%d masks of %d images, %d rejected %v\n%swrote %s\nwrote %s\n", made.Written, made.Listed, made.Rejected, made.Reasons, hint, c.Out, page)
		return err
	})
}

// withTimeLeft counts and extrapolates from what this process has done itself:
// the first count is what an earlier one left.
func withTimeLeft(p *progress, what string) func(done, total int) {
	var begin time.Time
	before := 0
	return func(done, total int) {
		if begin.IsZero() {
			begin, before = time.Now(), done
		}
		left := ""
		if fresh := done - before; fresh > 0 && done < total {
			each := time.Since(begin) / time.Duration(fresh)
			left = ", " + (each * time.Duration(total-done)).Round(time.Second).String() + " left"
		}
		p.show(what, what, done, total, left)
	}
}
