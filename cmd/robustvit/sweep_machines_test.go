package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/robustvit/experiment"
)

// parsed is the sweep of a command line.
func parsed(t *testing.T, args []string) *cli {
	t.Helper()
	c := &cli{}
	parser, err := kong.New(c, kong.Name("robustvit"), kong.Vars(maskDefaults()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return c
}

// TestLinesKeepTheSettings: a plan's line is the sweep that was planned, but for
// its jobs.
func TestLinesKeepTheSettings(t *testing.T) {
	for _, args := range [][]string{
		{"sweep", "all"},
		{"sweep", "ablation", "--backend", "go", "--model", "a, b.safetensors", "--model", "-c", "--data", "my data", "--dir", "d", "--sets", "val", "--sets", "sketch",
			"--preset", "paper", "--protocol", "timm", "--per-class", "4", "--epochs", "5", "--draws", "0", "--seed", "18446744073709551615", "--train", "0", "--per-set", "7",
			"--mask-model", "m", "--mask-dir", "n", "--parallel", "2", "--cache", "3GiB", "--publish", "p", "--offline"},
		{"sweep", "ablation", "--cache", "none"},
	} {
		if i := slices.Index(args, "-c"); i > 0 { // as a shell user must write it
			args = slices.Concat(args[:i-1], []string{"--model=-c"}, args[i+1:])
		}
		want := parsed(t, args)
		for _, l := range []experiment.Line{
			{Stage: experiment.Score, Experiments: []string{"one", "two"}, Jobs: []string{"records:a:val", "maps:a:masks"}},
			{Stage: experiment.Tell, Experiments: []string{"one"}},
		} {
			got := parsed(t, want.Sweep.lineArgs(&session{cli: want}, l))
			if !slices.Equal(got.Sweep.Names, l.Experiments) || !slices.Equal(got.Sweep.Machines.Job, l.Jobs) {
				t.Errorf("experiments %v and jobs %v, expected %v and %v", got.Sweep.Names, got.Sweep.Machines.Job, l.Experiments, l.Jobs)
			}
			tell := l.Stage == experiment.Tell
			if got.Sweep.Machines.Wait != tell || (got.Sweep.Publish != "") != (tell && want.Sweep.Publish != "") {
				t.Errorf("stage %s waits %v and publishes to %q", l.Stage, got.Sweep.Machines.Wait, got.Sweep.Publish)
			}
			got.Sweep.Names, got.Sweep.Machines, got.Sweep.Publish = want.Sweep.Names, want.Sweep.Machines, want.Sweep.Publish
			if d := cmp.Diff(want.Sweep, got.Sweep); d != "" || got.Backend != want.Backend {
				t.Errorf("%q became another sweep (backend %q): %s", args, got.Backend, d)
			}
		}
	}
}

// TestPlanCosts: the totals are those of the lines, and the hours follow the formula.
func TestPlanCosts(t *testing.T) {
	dir := t.TempDir()
	args := slices.Concat(sweepArgs(filepath.Join(dir, "sweep"), ""), []string{"--slurm", "--lines", "set", "--devices", "4", "--train-ms", "100", "--measure-ms", "10", "--start-s", "5"})
	args = slices.DeleteFunc(args, func(arg string) bool { return arg == "--publish" || arg == "" })
	got := works(t, args...)
	stages := got["stages"].([]any)
	if len(stages) != 4 || got["lines"] != 1.+9+20+1 {
		t.Fatalf("%v lines in stages %v", got["lines"], stages)
	}
	tune := stages[1].(map[string]any)
	// 9 models, 10 classes of an image each in 2 batches of 8.
	if tune["steps"] != 18. || tune["trained"] != 144. {
		t.Errorf("finetuning: %v", tune)
	}
	if want := (9*5 + 144*0.1) / 3600; !near(tune["device_hours"].(float64), want) || !near(tune["hours"].(float64), want/4) {
		t.Errorf("finetuning takes %v device hours, %v on 4 devices, expected %g and %g", tune["device_hours"], tune["hours"], want, want/4)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "sweep", "*")); len(files) != 1 {
		t.Errorf("planning wrote %v, expected the plan alone", files)
	}
	for _, file := range []string{"plan.jsonl", "plan.sh", "array.sh", "submit.sh"} {
		if _, err := os.Stat(filepath.Join(dir, "sweep", "plan", file)); err != nil {
			t.Error(err)
		}
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

// TestRayFaults: without Ray, and without a cluster, the error says at once what
// to do.
func TestRayFaults(t *testing.T) {
	finds := filepath.Join(t.TempDir(), "python") // whatever it is asked for
	if err := os.WriteFile(finds, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	args := append(sweepArgs(filepath.Join(t.TempDir(), "sweep"), "x"), "--ray", "127.0.0.1:1")
	for python, want := range map[string]string{"/nowhere/python": "ROBUSTVIT_RAY_PYTHON names /nowhere/python", finds: "no Ray cluster at 127.0.0.1:1"} {
		t.Setenv("ROBUSTVIT_RAY_PYTHON", python)
		if got := command(t, args...); got.code != exitFault || !strings.Contains(got.stderr, want) {
			t.Errorf("exit code %d, expected %q in\n%s", got.code, want, got.stderr)
		}
	}
}
