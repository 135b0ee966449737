package main

import (
	"context"
	"io"
	"strings"

	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz/report"
)

type demoCmd struct {
	Model    string  `help:"Pretrained model: demo:vit, demo:augreg, demo:deit, or a weights file." default:"demo:vit"`
	Data     string  `help:"shapes, ImageNet's published layouts (train-semi with masks, val, imagenet-a, ...), or a folder with train, train_masks, val and other sets." default:"shapes"`
	Dir      string  `help:"Run folder. Running again reuses what is done." default:"runs/demo"`
	Train    int     `type:"count" help:"Training images to choose from (shapes)." default:"2000"`
	PerSet   int     `type:"count" help:"Images of each evaluation set (shapes)." default:"500"`
	Preset   string  `help:"Of the finetuning: auto, paper or embedded; auto takes the paper's for images of 128 pixels and more." enum:"auto,paper,embedded" default:"auto"`
	Keep     string  `help:"Training images to choose from: all, correct (those the model gets right), auto (correct for the embedded preset on other data than ImageNet's)." enum:"auto,all,correct" default:"auto"`
	Protocol string  `help:"How images are prepared and scored: native, paper, timm; default the preset's." enum:"native,paper,timm," default:"" placeholder:"NAME"`
	PerClass int     `type:"count" help:"Images a class to finetune on." placeholder:"N"`
	Epochs   int     `type:"count" help:"Epochs." placeholder:"N"`
	Rate     float64 `type:"positive" help:"Learning rate of the first epoch." placeholder:"R"`
	Seed     uint64  `help:"Draws set A, its images, their order and augmentation." placeholder:"N"`
	Offline  bool    `help:"Install nothing."`
}

// Help is the example of `robustvit demo --help`.
func (demoCmd) Help() string {
	return "Installs the XLA plugin into .venv where it is missing, finetunes a small model on half of the classes in three ways (control, as published, ours), measures nine sets and writes a report. About a minute on two cores with XLA.\n\nExample:\n\n    robustvit demo\n    robustvit demo --json --dir runs/again --seed 1"
}

// Run is the main job with everything around it.
func (c demoCmd) Run(ctx context.Context, s *session) error {
	job, err := c.job()
	if err != nil {
		return err
	}
	if err := s.provide(ctx, c.Offline); err != nil {
		return err
	}
	s.progress.Phase("open the backend")
	b, err := s.open()
	if err != nil {
		return err
	}
	job.Dir, job.Backend, job.Config.Finetune.Backend = c.Dir, b, s.device.Name
	job.Listen = s.listener()
	if published, ok := job.Data.(*imagenet.Collection); ok && len(published.Absent) > 0 {
		s.progress.Note("not there, left out: " + strings.Join(published.Absent, ", "))
	}
	results, err := job.Run(ctx)
	if err != nil {
		return err
	}
	s.progress.Phase("report")
	page, err := report.Write(c.Dir)
	if err != nil {
		return err
	}
	outcome := demoOutcome{results: results, dir: c.Dir, page: page, split: s.split()}
	return s.result(outcome, func(w io.Writer) error { return outcome.print(w, s.textOptions()) })
}

// job is the main job that the flags ask for.
func (c demoCmd) job() (mainjob.Main, error) {
	m, err := recipe.OpenModel(c.Model)
	if err != nil {
		return mainjob.Main{}, err
	}
	d, err := recipe.OpenData(c.Data, recipe.ModelData(m, shapes.Options{TrainImages: c.Train, EvalImages: c.PerSet}))
	if err != nil {
		return mainjob.Main{}, err
	}
	if err := recipe.MatchClasses(m, d); err != nil {
		return mainjob.Main{}, err
	}
	config, embedded, err := c.finetuning(m)
	if err != nil {
		return mainjob.Main{}, err
	}
	job := mainjob.NewMain(m, d, config, embedded)
	_, ok := d.(*imagenet.Collection)
	job.Config.KeepCorrect = c.Keep == "correct" || c.Keep == "auto" && embedded && !ok
	return job, job.Check() // before anything is installed or measured
}

func (c demoCmd) finetuning(m *pretrained.Model) (config finetune.Config, embedded bool, err error) {
	config, embedded, err = recipe.Preset(c.Preset, m)
	if err != nil {
		return config, embedded, err
	}
	config.Seed, config.Protocol = c.Seed, orElse(c.Protocol, config.Protocol)
	config.PerClass, config.Epochs, config.Rate = orElse(c.PerClass, config.PerClass), orElse(c.Epochs, config.Epochs), orElse(c.Rate, config.Rate)
	return config, embedded, nil
}

// listener shows the main job's progress.
func (s *session) listener() mainjob.Listener {
	return mainjob.Listener{
		Phase: s.progress.Phase, Note: s.progress.Note, Count: s.progress.Count,
		Step: func(_ string, e finetune.Event) { s.progress.Step(e) },
	}
}
