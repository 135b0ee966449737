package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/internal/machines"
	"github.com/robustvit/workbench/robustvit/experiment"
)

// machinesFlags spread a sweep over processes and machines that see one folder.
type machinesFlags struct {
	Plan      bool     `help:"Compute nothing: write the jobs that are left as lines of DIR/plan/plan.jsonl and plan.sh, and say what they cost."`
	Slurm     bool     `help:"As --plan, and write DIR/plan/array.sh and submit.sh for Slurm."`
	Ray       string   `help:"Plan, run the lines on the Ray cluster with its head at HOST:PORT (auto: the one of this machine), and show the results." placeholder:"ADDRESS"`
	Lines     string   `help:"What one line measures: a model on one set, or on all; auto: sets apart unless the models are the embedded ones." enum:"auto,set,model" default:"auto"`
	Cpus      int      `type:"count" help:"CPU cores a line." default:"1"`
	Gpus      float64  `help:"GPUs a line." default:"0"`
	Retries   int      `help:"How often Ray runs a line again whose node or process died." default:"5"`
	Devices   int      `type:"count" help:"Lines at the same time, for the estimate." default:"1"`
	TrainMs   float64  `help:"Milliseconds an image of a finetuning step, for the estimate; robustvit bench measures it." placeholder:"MS"`
	MeasureMs float64  `help:"Milliseconds an image measured." placeholder:"MS"`
	MapMs     float64  `help:"Milliseconds a relevance map." placeholder:"MS"`
	StartS    float64  `help:"Seconds until a line has started and compiled." default:"10"`
	Job       []string `help:"Do this job of a plan alone; a plan's lines have it." placeholder:"NAME" sep:"none"`
	Wait      bool     `help:"Wait for whoever writes the same experiment instead of failing."`
}

// note shows whom a job waits for; an ordinary sweep has bars for what it does.
func (m machinesFlags) note(s *session) func(string) {
	if len(m.Job) == 0 && !m.Wait {
		return nil
	}
	return s.progress.Note
}

// together says whether a model's sets are one line.
func (c sweepCmd) together(sweep *experiment.Sweep) bool {
	return c.Machines.Lines == "model" || c.Machines.Lines == "auto" && sweep.Setting.Bases[0].Embedded
}

// jobs does jobs of a plan.
func (c sweepCmd) jobs(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) error {
	for _, name := range c.Machines.Job {
		s.progress.Phase(name)
		if err := sweep.Do(ctx, chosen, name); err != nil {
			return err
		}
	}
	return s.result(map[string]any{"jobs": c.Machines.Job, "dir": c.Dir}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "done below %s: %s\n", c.Dir, strings.Join(c.Machines.Job, ", "))
		return err
	})
}

// plan writes the plan and says what it costs.
func (c sweepCmd) plan(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) error {
	plan, lines, err := c.written(ctx, s, sweep, chosen)
	if err != nil {
		return err
	}
	if c.Machines.Slurm {
		if err := plan.WriteSlurm(c.each()); err != nil {
			return err
		}
	}
	e := estimate(plan, lines, c.Machines)
	return s.result(e, func(w io.Writer) error {
		if err := e.write(w); err != nil {
			return err
		}
		next := "each line of it is a command that may be run on any machine that sees this folder, and again; a stage needs those before it"
		if c.Machines.Slurm {
			next = "submit it by: " + filepath.Join(plan.Dir, machines.SubmitFile)
		}
		_, err := fmt.Fprintf(w, "Plan: %s; %s\n", filepath.Join(plan.Dir, machines.ShellFile), next)
		return err
	})
}

// onRay runs the plan on a cluster.
func (c sweepCmd) onRay(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) error {
	root, _ := projectRoot() // outside a checkout Ray must be named
	python, err := machines.FindRay(ctx, root)
	if err != nil {
		return err
	}
	plan, _, err := c.written(ctx, s, sweep, chosen)
	if err != nil {
		return err
	}
	s.progress.Phase(fmt.Sprintf("%d lines on Ray at %s", len(plan.Lines), c.Machines.Ray))
	done := 0
	return plan.Ray(ctx, machines.RayOptions{Python: python, Address: c.Machines.Ray, Each: c.each(), Retries: c.Machines.Retries}, func(o machines.Outcome) {
		done++
		s.progress.Count(fmt.Sprintf("lines (%d, %s)", o.Line, o.Stage), done, len(plan.Lines))
	})
}

func (c sweepCmd) each() machines.Resources {
	return machines.Resources{CPUs: c.Machines.Cpus, GPUs: c.Machines.Gpus}
}

// written plans the experiments and writes the lines.
func (c sweepCmd) written(ctx context.Context, s *session, sweep *experiment.Sweep, chosen []experiment.Experiment) (machines.Plan, []experiment.Line, error) {
	lines, err := sweep.Plan(ctx, chosen, c.together(sweep))
	if err != nil {
		return machines.Plan{}, nil, err
	}
	plan := machines.Plan{Dir: filepath.Join(c.Dir, "plan")}
	if plan.Program, err = program(ctx); err != nil {
		return plan, nil, err
	}
	if plan.Folder, err = os.Getwd(); err != nil {
		return plan, nil, fmt.Errorf("plan: %w", err)
	}
	for i, l := range lines {
		plan.Lines = append(plan.Lines, machines.Line{Number: i + 1, Stage: l.Stage.String(), Args: c.lineArgs(s, l), Cost: l.Cost})
	}
	return plan, lines, plan.Write()
}

// program is this program's path; one that `go run` will throw away is built anew.
func program(ctx context.Context) (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("plan: %w", err)
	}
	if !strings.Contains(path, string(filepath.Separator)+"go-build") {
		return path, nil
	}
	root, err := projectRoot()
	if err != nil {
		return "", err
	}
	return lab.Command(ctx, root)
}
