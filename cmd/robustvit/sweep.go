package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz/report"
)

type sweepCmd struct {
	Names     []string       `arg:"" optional:"" name:"name" help:"Experiments, or all; --list shows them."`
	List      bool           `help:"List the experiments: question, table or figure, cost."`
	Model     []string       `help:"Pretrained model; give it again for more. Default the embedded demo:vit, demo:augreg and demo:deit." placeholder:"FILE" sep:"none"`
	Data      string         `help:"shapes, ImageNet's published layouts, or a folder with train, train_masks, val and other sets." default:"shapes"`
	Dir       string         `help:"Folder of the experiments and of the models that they share. Running again reuses what is done." default:"runs/sweep"`
	Sets      []string       `help:"Evaluation sets; default all." placeholder:"SET"`
	Preset    string         `help:"Of the finetuning: auto, paper or embedded." enum:"auto,paper,embedded" default:"auto"`
	Protocol  string         `help:"How images are prepared and scored: native, paper, timm; default the preset's." enum:"native,paper,timm," default:"" placeholder:"NAME"`
	PerClass  int            `type:"count" help:"Images a class to finetune on." placeholder:"N"`
	Epochs    int            `type:"count" help:"Epochs." placeholder:"N"`
	Draws     int            `type:"count" help:"Draws of classes in the studies over several." default:"3"`
	Seed      uint64         `help:"First draw of the classes and images." placeholder:"N"`
	Train     int            `type:"count" help:"Training images to choose from (shapes)." default:"2000"`
	PerSet    int            `type:"count" help:"Images of each evaluation set (shapes)." default:"500"`
	MaskModel string         `help:"Model whose keys TokenCut takes, such as DINO's; default each model its own." placeholder:"FILE"`
	MaskDir   string         `help:"Folder CLASS/NAME.png of masks without labels, made elsewhere." placeholder:"DIR"`
	Parallel  uint64         `help:"Models at the same time; 0 = one for a large model or a GPU, else by cores." placeholder:"N"`
	Cache     data.CacheSize `help:"Memory for decoded images, such as 2GiB; default a quarter of what is free." placeholder:"SIZE"`
	Publish   string         `help:"Also copy results and tables there, small enough for git." placeholder:"DIR"`
	Offline   bool           `help:"Install nothing."`

	Machines machinesFlags `embed:"" group:"More machines"`
}

// Help is the example of `robustvit sweep --help`.
func (sweepCmd) Help() string {
	return "Finetunes and measures the models that an experiment compares, each once for all experiments, and writes its tables, plots and claims beside the paper's numbers. It may be stopped at any moment; the same command goes on.\n\nExample:\n\n    robustvit sweep --list\n    robustvit sweep tables-1-2\n    robustvit sweep all\n    robustvit sweep ablation --model vit.safetensors --data imagenet --dir runs/imagenet\n    robustvit sweep all --plan --train-ms 20 --measure-ms 1 --devices 8\n    robustvit sweep all --slurm\n    robustvit sweep all --ray 10.0.0.1:6379"
}

// Run runs the experiments.
func (c sweepCmd) Run(ctx context.Context, s *session) error {
	if c.List {
		return listExperiments(s)
	}
	chosen, err := c.experiments()
	if err != nil {
		return err
	}
	setting, err := experiment.Open(experiment.Options{
		Models: c.Model, Data: c.Data, Preset: c.Preset, Protocol: c.Protocol, Sets: c.Sets, Seed: c.Seed, Draws: c.Draws, PerSet: c.PerSet, Train: c.Train,
		PerClass: c.PerClass, Epochs: c.Epochs, MaskModel: c.MaskModel, MaskDir: c.MaskDir,
	})
	if err != nil {
		return err
	}
	if err := s.provide(ctx, c.Offline); err != nil {
		return err
	}
	if published, ok := setting.Bases[0].Data.(*imagenet.Collection); ok && len(published.Absent) > 0 {
		s.progress.Note("not there, left out: " + strings.Join(published.Absent, ", "))
	}
	sweep := &experiment.Sweep{Dir: c.Dir, Setting: setting, Cache: c.Cache, Commit: experiment.Commit(ctx, "."), Listen: s.sweepListener()}
	if sweep.Backend, err = s.open(); err != nil {
		return err
	}
	sweep.Device, sweep.Parallel, sweep.Wait, sweep.Note = s.device, int(c.Parallel), c.Machines.Wait, c.Machines.note(s)
	if err := sweep.Open(); err != nil {
		return err
	}
	defer sweep.Close()
	return c.do(ctx, s, sweep, chosen)
}

// do runs the experiments here, or those of their jobs that are named, or has
// other machines run them.
func (c sweepCmd) do(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) error {
	switch m := c.Machines; {
	case len(m.Job) > 0:
		return c.jobs(ctx, s, sweep, chosen)
	case m.Ray != "":
		if err := c.onRay(ctx, s, sweep, chosen); err != nil {
			return err
		}
	case m.Plan || m.Slurm:
		return c.plan(ctx, s, sweep, chosen)
	}
	return c.run(ctx, s, sweep, chosen)
}

// run runs one experiment after another and writes its page as soon as it is done.
func (c sweepCmd) run(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) error {
	var outcomes []sweepOutcome
	for _, e := range chosen {
		results, err := sweep.Run(ctx, e)
		if err != nil {
			return err
		}
		dir := filepath.Join(c.Dir, e.Name)
		page, err := report.Write(dir)
		if err != nil {
			return err
		}
		if c.Publish != "" {
			if err := results.Publish(c.Publish); err != nil {
				return err
			}
		}
		outcomes = append(outcomes, sweepOutcome{results, results.Seconds, dir, page})
		s.progress.Note(fmt.Sprintf("%s: %.0f s, %s", e.Name, results.Seconds, page))
	}
	index, err := report.Write(c.Dir)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"experiments": outcomes, "index": index}, func(w io.Writer) error { return printSweep(w, outcomes, index, s.textOptions()) })
}

// experiments are those named.
func (c sweepCmd) experiments() ([]experiment.Experiment, error) {
	if len(c.Names) == 0 {
		return nil, fmt.Errorf("no experiment named; there are %s, and all", strings.Join(experiment.Names(), ", "))
	}
	var chosen []experiment.Experiment
	for _, name := range c.Names {
		if name == "all" {
			return experiment.All(), nil
		}
		e, err := experiment.Find(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

// sweepListener shows the progress over the grid.
func (s *session) sweepListener() experiment.Listener {
	return experiment.Listener{
		Phase:  s.progress.Phase,
		Points: func(done, total int, last string) { s.progress.Count("models ("+last+")", done, total) },
		Count:  s.progress.Count,
	}
}
