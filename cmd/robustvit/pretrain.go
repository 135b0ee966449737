package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/measure"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
)

type pretrainCmd struct {
	Demo   string         `help:"Make an embedded model again: vit, augreg, deit, vit-seed1, vit-seed2 (other seeds), vit40 or vit80 (more classes)." placeholder:"NAME" xor:"what" required:""`
	Data   string         `help:"Folder of sets (train, val, ...) or of classes." placeholder:"DIR" xor:"what" required:""`
	Out    string         `help:"Run folder. The same command goes on after a stop." short:"o" required:"" placeholder:"DIR"`
	Family string         `help:"Regularisation: vit, augreg or deit." enum:"vit,augreg,deit" default:"vit"`
	Size   int            `type:"count" help:"Image side in pixels." default:"32"`
	Patch  int            `type:"count" help:"Patch side in pixels." default:"4"`
	Width  int            `type:"count" help:"Width." default:"128"`
	Depth  int            `type:"count" help:"Blocks." default:"6"`
	Heads  int            `type:"count" help:"Attention heads." default:"4"`
	Steps  int            `type:"count" help:"Optimizer steps." default:"3000"`
	Batch  int            `type:"count" help:"Images a step." default:"64"`
	Rate   float64        `type:"positive" help:"Learning rate at its highest." default:"0.001"`
	Cache  data.CacheSize `help:"Memory for the training images, such as 2GiB; none decodes them in every epoch; default a quarter of what is free." placeholder:"SIZE"`
	Seed   uint64         `help:"Draws the first weights, the order and the augmentation; with --demo the images too." placeholder:"N"`
}

// Help is the example of `robustvit pretrain --help`.
func (pretrainCmd) Help() string {
	return "Size, steps, batch and rate are for --data; --demo has its own recipe.\n\nExample:\n\n    robustvit pretrain --demo vit --out runs/demo-vit\n    robustvit pretrain --data cifar10 --size 32 --patch 4 --steps 3000 --out runs/cifar"
}

// Run trains, writes the weights and measures them.
func (c pretrainCmd) Run(ctx context.Context, s *session) error {
	job, d, err := c.job()
	if err != nil {
		return err
	}
	b, err := s.open()
	if err != nil {
		return err
	}
	job.Config.Backend, job.Config.Cache = s.device.Name, c.Cache
	s.progress.Phase(fmt.Sprintf("pretrain %s for %d steps", job.Config.Variant.Name, job.Steps()))
	m, err := job.Run(ctx, b, c.Out, finetune.Listener{Step: s.progress.Step, Note: s.progress.Note})
	if err != nil {
		return err
	}
	evaluation, err := measure.New([]*pretrained.Model{m}, d, nil)
	if err != nil {
		return err
	}
	evaluation.Dir, evaluation.Protocol, evaluation.Segment = filepath.Join(c.Out, "evaluation"), "native", false
	evaluation.Cache = c.Cache
	results, err := s.measure(ctx, evaluation, b)
	if err != nil {
		return err
	}
	path := filepath.Join(c.Out, run.WeightsFile)
	outcome := map[string]any{"weights": path, "weights_sha256": m.SHA256, "variant": m.Variant, "sets": results.Sets, "dir": c.Out}
	return s.result(outcome, func(w io.Writer) error {
		if err := measuredTable(results).WriteText(w, s.textOptions()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\nwrote %s\n", path)
		return err
	})
}

// job is the training that the flags ask for, and the sets to measure it on.
func (c pretrainCmd) job() (recipe.Pretraining, data.Collection, error) {
	if c.Demo != "" {
		job, err := recipe.Demo(c.Demo, c.Seed)
		// Images of the design seeds: choosing among trainings must not see the test sets.
		return job, shapes.NewCollection(shapes.Options{Design: true, Classes: job.Config.Variant.Classes}), err
	}
	d, err := recipe.OpenData(c.Data, recipe.DataOptions{Plain: true})
	if err != nil {
		return recipe.Pretraining{}, nil, err
	}
	train, err := d.Train()
	if err != nil {
		return recipe.Pretraining{}, nil, err
	}
	size := recipe.Size{Image: c.Size, Patch: c.Patch, Width: c.Width, Depth: c.Depth, Heads: c.Heads}
	job, err := recipe.Folder(train, size, recipe.Training{Family: finetune.Family(c.Family), Steps: c.Steps, Rate: c.Rate, Batch: c.Batch, Seed: c.Seed})
	return job, d, err
}
