package machine

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// senseless are settings by command: what is added to it, and words of the error.
// The command line itself refuses what no model or data could make right (exit
// code 2), the command the rest (1).
var senseless = []struct {
	command string
	code    int
	args    string
	words   []string
}{
	{"finetune", 1, "--temperature 0", []string{"temperature 0"}},
	{"finetune", 1, "--temperature=-1", []string{"temperature -1"}},
	{"finetune", 1, "--temperature NaN", []string{"temperature NaN"}},
	{"finetune", 1, "--temperature 1e-60", []string{"temperature 1e-60"}},
	{"finetune", 1, "--lambda-relevance=-0.1", []string{"lambda relevance -0.1"}},
	{"finetune", 1, "--lambda-confidence NaN", []string{"lambda confidence NaN"}},
	{"finetune", 1, "--lambda-background Inf", []string{"lambda background +Inf"}},
	{"finetune", 1, "--lambda-foreground 1e39", []string{"lambda foreground 1e+39"}},
	{"finetune", 1, "--lambda-relevance 0 --lambda-confidence 0", []string{"nothing would be trained"}},
	{"finetune", 1, "--rate 0", []string{"learning rate 0"}},
	{"finetune", 1, "--rate=-1e-5", []string{"learning rate -1e-05"}},
	{"finetune", 1, "--rate NaN", []string{"learning rate NaN"}},
	{"finetune", 1, "--rate 1e39", []string{"learning rate 1e+39"}},
	{"finetune", 1, "--rate 1e-60", []string{"learning rate 1e-60"}},
	{"finetune", 1, "--rate fast", []string{"fast", "auto"}},
	{"finetune", 2, "--decay 0", []string{"--decay", "above 0"}},
	{"finetune", 1, "--decay 1.5", []string{"decay 1.5"}},
	{"finetune", 2, "--batch 0", []string{"--batch", "at least 1"}},
	{"finetune", 2, "--batch=-4", []string{"--batch", "at least 1"}},
	{"finetune", 1, "--batch 8 --micro-batch 3", []string{"3 images at a time", "batch of 8"}},
	{"finetune", 2, "--micro-batch 0", []string{"--micro-batch"}},
	{"finetune", 2, "--epochs 0", []string{"--epochs", "at least 1"}},
	{"finetune", 2, "--epochs 2.5", []string{"--epochs", "whole number"}},
	{"finetune", 2, "--save-every 0", []string{"--save-every"}},
	{"finetune", 2, "--per-class 0", []string{"--per-class"}},
	{"finetune", 1, "--per-class 99", []string{"99"}},
	{"finetune", 2, "--classes-fraction 0", []string{"--classes-fraction"}},
	{"finetune", 1, "--classes-fraction 1.5", []string{"fraction of classes 1.5"}},
	{"finetune", 1, "--classes class9", []string{"class9", "class0"}},
	{"finetune", 1, "--classes 4", []string{`"4"`, "0 to 3"}},
	{"finetune", 1, "--classes class1 --class-term confidence-finetuned", []string{"at least 2"}},
	{"finetune", 1, "--start-layer 1", []string{"start layer 1", "0 to 0"}},
	{"finetune", 1, "--start-layer=-1", []string{"start layer -1"}},
	{"finetune", 1, "--start-layer 1 --method rrr", []string{"start layer 1", "rrr"}},
	{"finetune", 2, "--devices 0", []string{"--devices", "at least 1"}},
	{"finetune", 1, "--devices 99", []string{"--devices", "99", "ask for 1"}},
	{"finetune", 2, "--seed=-1", []string{"--seed"}},
	{"finetune", 2, "--seed 18446744073709551616", []string{"--seed"}},
	{"finetune", 2, "--cache=-1", []string{"--cache", "-1"}},
	{"finetune", 1, "--class-term other", []string{"other", "confidence-all"}},
	{"finetune", 1, "--method lime", []string{"lime", "gradmask"}},

	{"pretrain", 2, "--batch 0", []string{"--batch"}},
	{"pretrain", 1, "--batch 640", []string{"640"}},
	{"pretrain", 2, "--rate 0", []string{"--rate"}},
	{"pretrain", 2, "--rate NaN", []string{"--rate"}},
	{"pretrain", 1, "--rate 1e39", []string{"1e+39"}},
	{"pretrain", 2, "--steps 0", []string{"--steps"}},
	{"pretrain", 1, "--size 30 --patch 7", []string{"30", "7"}},
	{"pretrain", 1, "--width 30 --heads 4", []string{"width 30", "heads 4"}},
	{"pretrain", 2, "--heads 0", []string{"--heads"}},
	{"pretrain", 2, "--width 99999999999999999999", []string{"--width"}},
	{"pretrain", 1, "--depth 2000000", []string{"depth 2000000"}},

	{"evaluate", 2, "--devices 0", []string{"--devices"}},
	{"evaluate", 1, "--devices 99", []string{"--devices", "99", "ask for 1"}},
	{"evaluate", 2, "--per-set 0", []string{"--per-set"}},
	{"evaluate", 1, "--sets none", []string{"none", "val"}},
	{"segment", 2, "--devices=-1", []string{"--devices"}},

	{"masks", 2, "--max-tokens 0", []string{"--max-tokens"}},
	{"masks", 1, "--max-tokens 1", []string{"1 patches"}},
	{"masks", 1, "--method tokencut --tau 1", []string{"tau 1"}},
	{"masks", 1, "--method tokencut --tau NaN", []string{"tau NaN"}},
	{"masks", 1, "--keep-mass 1", []string{"share 1"}},
	{"masks", 1, "--method tokencut --keep-mass 0.6", []string{"attention"}},
	{"masks", 1, "--solver on --sigma-spatial 0", []string{"sigma 0"}},
	{"masks", 1, "--min-area 0.9 --max-area 0.1", []string{"0.9", "0.1"}},
	{"masks", 1, "--min-separation NaN", []string{"separation NaN"}},
	{"masks", 1, "--max-sides=-1", []string{"-1 sides"}},

	{"sweep", 2, "--epochs 0", []string{"--epochs"}},
	{"sweep", 2, "--draws 0", []string{"--draws"}},
	{"sweep", 2, "--per-class=-1", []string{"--per-class"}},
	{"sweep", 1, "--per-class 99", []string{"99"}},
	{"sweep", 2, "--parallel=-1", []string{"--parallel"}},
	{"sweep", 1, "--sets none", []string{"none", "val"}},

	{"demo", 2, "--rate 0", []string{"--rate"}},
	{"demo", 2, "--epochs=-3", []string{"--epochs"}},
	{"demo", 1, "--per-class 99", []string{"99"}},
	{"demo", 1, "--rate 1e39", []string{"1e+39"}},

	{"bench", 2, "--batch 0", []string{"--batch"}},
	{"bench", 2, "--rounds 0", []string{"--rounds"}},
	{"bench", 1, "--seconds=-1", []string{"-1 seconds"}},
	{"bench", 1, "--seconds NaN", []string{"NaN seconds"}},
	{"bench", 1, "--cases fwd", []string{"fwd", "forward, relevance"}},
	{"bench", 1, "--models huge", []string{"huge", "tiny"}},

	{"explain", 1, "--class horse", []string{"horse"}},
	{"explain", 1, "--class 4", []string{"class 4", "0 to 3"}},
	{"explain", 1, "--class=-1", []string{"class -1", "0 to 3"}},
	{"explain", 2, "--protocol none", []string{"--protocol", "native"}},
}

// TestSenselessSettings: an error before anything is computed, and no folder.
func TestSenselessSettings(t *testing.T) {
	dir := t.TempDir()
	data, model := writeData(t, filepath.Join(dir, "data")), writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil)
	commands := map[string][]string{
		"finetune": {"--weights", model, "--data", data, "--per-class", "4", "--dir"},
		"pretrain": {"--data", data, "--out"},
		"evaluate": {"--weights", model, "--data", data, "--dir"},
		"segment":  {"--weights", model, "--data", data, "--dir"},
		"masks":    {"--weights", model, "--data", data, "--out"},
		"sweep":    {"tables-1-2", "--offline", "--per-class", "4", "--model", model, "--data", data, "--dir"},
		"demo":     {"--offline", "--model", model, "--data", data, "--dir"},
		"bench":    {"--out"},
		"explain":  {"--weights", model, filepath.Join(data, "val"), "--out"},
	}
	for _, s := range senseless {
		catalogue.Case(t, "N2", s.command+" "+s.args, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			args := append(append([]string{s.command}, commands[s.command]...), append([]string{out}, strings.Fields(s.args)...)...)
			if s.code == 1 {
				unbegun(t, catalogue.Refused(t, s.words, args...))
			} else {
				usage(t, catalogue.Run(t, nil, args...), append(s.words, "robustvit "+s.command+" --help")...)
			}
			absent(t, out)
		})
	}
}

// unbegun demands that the command did not set about its work.
func unbegun(t *testing.T, o catalogue.Outcome) {
	t.Helper()
	for _, phase := range []string{"choose", "evaluate", "finetune", "pretrain", "set up", "segmentation"} {
		if strings.Contains(o.Err, "== "+phase) {
			t.Errorf("it began before it refused:\n%s", o.Err)
		}
	}
}

// usage demands the form of an error of the command line.
func usage(t *testing.T, o catalogue.Outcome, words ...string) {
	t.Helper()
	if o.Code != 2 {
		t.Errorf("exit code %d, expected 2\n%s", o.Code, o)
	}
	for _, word := range words {
		if !strings.Contains(o.Err, word) {
			t.Errorf("the error lacks %q:\n%s", word, o.Err)
		}
	}
}
