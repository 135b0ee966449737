package machine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/weights"
)

// spoilt is a run that comes upon NaN or infinity.
type spoilt struct {
	name string
	long bool // only before a release
	args []string
	step string // the step that the error names
	last string // newest checkpoint that stays; "" = none
	says string // beside step, rate and images
}

// diverging trains with a rate that throws the weights far away in its first
// step, which is finite; the second is not.
var diverging = []spoilt{
	{"a huge rate, each step saved", false, []string{"--rate", "1e30", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"a huge rate, saved later", false, []string{"--rate", "1e30", "--save-every", "3"}, "2", "", "rate 1e+30"},
	{"weights overflow in a step that is saved", false, []string{"--rate", "3.4e38", "--save-every", "1"}, "1", "", "NaN or infinite"},
	{"lambda at the limit", false, []string{"--lambda-relevance", "3e38", "--lambda-background", "3e38", "--save-every", "1"}, "1", "", "not finite"},
	{"temperature at the limit", false, []string{"--temperature", "1e-38", "--class-term", "true-class-all", "--lambda-confidence", "1e30", "--save-every", "1"}, "1", "", "not finite"},
	{"parts of the batch", false, []string{"--rate", "1e30", "--micro-batch", "2", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"maps that are watched", false, []string{"--rate", "1e30", "--watch", "--save-every", "1"}, "1", "", "spoilt model"},
	{"held to the original", true, []string{"--rate", "1e30", "--class-term", "kl-original", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"cross-entropy alone", true, []string{"--rate", "1e30", "--class-term", "true-class-all", "--lambda-relevance", "0", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"second order", true, []string{"--rate", "1e30", "--order", "second-order", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"GradMask", true, []string{"--rate", "1e30", "--method", "gradmask", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"RRR", true, []string{"--rate", "1e30", "--method", "rrr", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
	{"recomputed blocks", true, []string{"--rate", "1e30", "--rematerialise", "--save-every", "1"}, "2", "step-00000001", "rate 1e+30"},
}

// TestDiverging: no step that is not finite is saved, and the error has what
// one needs to find out why.
func TestDiverging(t *testing.T) {
	dir := t.TempDir()
	data, model := writeData(t, filepath.Join(dir, "data")), writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil)
	for _, s := range diverging {
		if s.long && !catalogue.Long() {
			continue
		}
		catalogue.Case(t, "N1", s.name, func(t *testing.T) { s.run(t, model, data, filepath.Join(t.TempDir(), "run")) })
	}
}

func (s spoilt) run(t *testing.T, model, data, run string) {
	command := slices.Concat([]string{"finetune", "--weights", model, "--data", data, "--keep", "all", "--per-class", "4", "--epochs", "4", "--batch", "4", "--dir", run}, s.args)
	for range 2 { // the same command again meets the same fault
		o := catalogue.Run(t, nil, command...)
		catalogue.CheckRefused(t, o, "training step "+s.step+" ", "learning rate", filepath.Join(data, "train", "class"), ".png", s.says)
		s.check(t, run)
	}
}

// check demands the sound checkpoint that was there, and no result.
func (s spoilt) check(t *testing.T, run string) {
	t.Helper()
	var there []string
	entries, _ := os.ReadDir(filepath.Join(run, "checkpoints"))
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			there = append(there, e.Name())
		}
	}
	if len(there) == 0 && s.last != "" || len(there) > 0 && there[len(there)-1] != s.last {
		t.Errorf("checkpoints %v, expected the last to be %q", there, s.last)
	}
	for _, name := range there {
		state, err := weights.Read(filepath.Join(run, "checkpoints", name, "state.safetensors"))
		if err == nil {
			err = state.CheckFinite()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	absent(t, filepath.Join(run, "weights.safetensors"))
	absent(t, filepath.Join(run, "done.json"))
}

// TestInputs: finite weights near the limit of float32, and pixels that the
// weights' own normalisation takes there.
func TestInputs(t *testing.T) {
	dir := t.TempDir()
	data := writeData(t, filepath.Join(dir, "data"))
	large := func(name string, value float32) func(map[string][]float32) {
		return func(values map[string][]float32) {
			for i := range values[name] {
				values[name][i] = value
			}
		}
	}
	positions := writeModel(t, filepath.Join(dir, "positions.safetensors"), tiny, large("pos_embed", 3e38), nil)
	queries := writeModel(t, filepath.Join(dir, "queries.safetensors"), tiny, large("blocks.0.attn.qkv.weight", 1e30), nil)
	pixels := writeModel(t, filepath.Join(dir, "pixels.safetensors"), tiny, nil, map[string]string{weights.MetadataMean: "-3e38"})
	for _, s := range []spoilt{
		{"positions near the limit", false, []string{positions}, "1", "", "not finite"},
		{"queries near the limit", true, []string{queries}, "1", "", "not finite"},
		{"pixels near the limit", true, []string{pixels}, "1", "", "not finite"},
	} {
		if s.long && !catalogue.Long() {
			continue
		}
		catalogue.Case(t, "N1", s.name, func(t *testing.T) {
			model := s.args[0]
			s.args = []string{"--save-every", "1"}
			s.run(t, model, data, filepath.Join(t.TempDir(), "run"))
		})
	}
	catalogue.Case(t, "N1", "evaluated", func(t *testing.T) {
		run := filepath.Join(t.TempDir(), "run")
		o := catalogue.Run(t, nil, "evaluate", "--weights", positions, "--data", data, "--dir", run)
		catalogue.CheckRefused(t, o, "evaluate val", "val/class0/val0", "NaN")
		absent(t, filepath.Join(run, "results.json"))
	})
	catalogue.Case(t, "N1", "explained", func(t *testing.T) {
		page := filepath.Join(t.TempDir(), "page")
		o := catalogue.Run(t, nil, "explain", "--weights", positions, filepath.Join(data, "val", "class0"), "--out", page)
		catalogue.CheckRefused(t, o, "val0.png", "NaN")
		absent(t, filepath.Join(page, "explain.json"))
	})
}

// TestPretrainingDiverges: the other command that trains.
func TestPretrainingDiverges(t *testing.T) {
	catalogue.Case(t, "N1", "pretraining", func(t *testing.T) {
		dir := t.TempDir()
		data, run := writeData(t, filepath.Join(dir, "data")), filepath.Join(dir, "run")
		o := catalogue.Run(t, nil, "pretrain", "--data", data, "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
			"--steps", "9", "--batch", "4", "--rate", "1e30", "--out", run)
		catalogue.CheckRefused(t, o, "training step 2 ", "rate 9.69846e+29", filepath.Join(data, "train", "class"))
		spoilt{}.check(t, run)
	})
}
