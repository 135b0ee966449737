package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"sync"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
)

type finetuneCmd struct {
	finetuneFlags
	Dir    string `help:"Run folder. The same command goes on after a stop." required:"" placeholder:"DIR"`
	Detach bool   `help:"Start the run in a process of its own, with its output in DIR/output.txt, and return."`
	Resume bool   `help:"Go on with the run in --dir; nothing else need be named."`
}

// Help is the example of `robustvit finetune --help`.
func (finetuneCmd) Help() string {
	return "What is not named is the preset's: \"paper\" (3 images a class, 50 epochs, rate 3e-6) or, for images under 128 pixels, \"embedded\" (15 a class, 10 epochs, rate 4e-5).\n\nExample:\n\n    robustvit finetune --weights demo:vit --data shapes --dir runs/ours --class-term confidence-finetuned\n    robustvit finetune --resume --dir runs/ours\n    robustvit finetune --resume --dir runs/ours --detach"
}

// Run finetunes.
func (c finetuneCmd) Run(ctx context.Context, s *session) error {
	if c.Detach {
		return s.detach(c.Dir)
	}
	flags := c.finetuneFlags
	if c.Resume {
		if err := recipe.ResumeCommand(c.Dir, &flags); err != nil {
			return err
		}
	}
	m, train, err := flags.open()
	if err != nil {
		return err
	}
	oneArena(m.Variant)
	job := finetune.Job{Dir: c.Dir, Model: m, Train: train, Cache: flags.Cache}
	if flags.Watch {
		job.Watch.Images = watchedImages
	}
	correct := false
	if job.Config, correct, err = flags.config(m, train); err != nil {
		return err
	}
	if job.Manifest, _, err = flags.manifest(); err != nil {
		return err
	}
	if err := job.Check(); err != nil {
		return err
	}
	if job.Backend, err = s.openDevices(flags.Devices); err != nil {
		return err
	}
	job.Config.Backend = s.device.Name
	if job.Keep, err = s.keep(ctx, job, correct); err != nil {
		return err
	}
	job.Listen = finetune.Listener{Note: s.progress.Note, Step: s.progress.Step}
	if flags.Rate == rateAuto {
		if job.Config.Rate, err = s.chooseRate(ctx, job); err != nil {
			return err
		}
	}
	remember := sync.OnceValue(func() error { return recipe.SaveCommand(c.Dir, flags) })
	job.Listen.Step = func(e finetune.Event) {
		if err := remember(); err != nil && e.Step == 1 {
			s.progress.Note(err.Error())
		}
		s.progress.Step(e)
	}
	s.progress.Phase("finetune " + m.Source)
	result, err := finetune.Run(ctx, job)
	if err != nil {
		return err
	}
	return c.print(s, result, job.Config)
}

// watchedImages is how many images of each of the two sets --watch follows.
const watchedImages = 4

// keep says which training images may be chosen.
func (s *session) keep(ctx context.Context, job finetune.Job, correct bool) (func(i int) bool, error) {
	var keep func(i int) bool
	if correct {
		s.progress.Phase("choose training images that the model gets right")
		var err error
		keep, err = recipe.Correct(ctx, job.Backend, job.Model, job.Train, recipe.CorrectOptions{
			Batch: recipe.EvaluationBatch(job.Model, s.device.Kind), Protocol: job.Config.Protocol, Progress: s.progress.Count})
		if err != nil {
			return nil, err
		}
	}
	if job.Config.Objective.Relevance > 0 {
		keep = recipe.WithMasks(job.Train, keep)
	}
	return keep, nil
}

// chooseRate finetunes at several rates beside the run folder, by the paper's rule.
func (s *session) chooseRate(ctx context.Context, job finetune.Job) (float64, error) {
	job.Watch = finetune.Watch{} // of the run itself, not of its trials
	s.progress.Phase("choose the learning rate")
	choice, err := mainjob.ChooseRate(ctx, job, mainjob.DefaultRateRule(job.Config.Rate), filepath.Clean(job.Dir)+"-rates")
	for _, p := range choice.Points {
		s.progress.Note(fmt.Sprintf("rate %g: validation accuracy %.1f (%.1f points below the original), relevance loss %.4f, original %.4f", p.Rate, p.Accuracy, p.Drop, p.Relevance, choice.OriginalRelevance))
	}
	return choice.Rate, err
}

func (c finetuneCmd) print(s *session, result finetune.Result, config finetune.Config) error {
	path := filepath.Join(c.Dir, run.WeightsFile)
	outcome := map[string]any{"dir": c.Dir, "weights": path, "result": result, "classes": config.Classes, "rate": config.Rate}
	return s.result(outcome, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%d steps on %d images of %d classes; last loss %.4f (background %.4f, foreground %.4f, class %.4f)\nwrote %s\nnext: robustvit evaluate --weights BEFORE --weights %s --data DATA --dir DIR\n",
			result.Steps, result.Images, len(config.Classes), result.Losses.Total, result.Losses.Background, result.Losses.Foreground, result.Losses.Class, path, path)
		return err
	})
}

// open opens model and training images.
func (f finetuneFlags) open() (*pretrained.Model, data.Dataset, error) {
	if f.Weights == "" || f.Data == "" {
		return nil, nil, fmt.Errorf("finetune needs --weights and --data, or --resume with the --dir of a run")
	}
	m, err := recipe.OpenModel(f.Weights)
	if err != nil {
		return nil, nil, err
	}
	options := recipe.ModelData(m, shapes.Options{TrainImages: f.Train})
	options.Masks, options.Rotate = f.Masks, f.RotateEXIF
	d, err := recipe.OpenData(f.Data, options)
	if err != nil {
		return nil, nil, err
	}
	if err := recipe.MatchClasses(m, d); err != nil {
		return nil, nil, err
	}
	train, err := d.Train()
	return m, train, err
}
