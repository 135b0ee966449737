package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/squares"
)

// kit is what the tests that kill share: tiny data and models, and what the
// commands leave that nobody kills. Each is made once a process.
type kit struct {
	dir string
	mu  sync.Mutex
	all map[string]map[string]string // end states by name
}

var made = kit{all: map[string]map[string]string{}}

// theKit makes data of 16 x 16 pixels, nine shifted sets of them, a model of
// width 16 and one finetuned from it.
func theKit(t *testing.T) *kit {
	t.Helper()
	made.mu.Lock()
	defer made.mu.Unlock()
	if made.dir != "" {
		return &made
	}
	dir, err := os.MkdirTemp("", "robustvit-kit-")
	if err != nil {
		t.Fatal(err)
	}
	made.dir = dir
	squares.Write(t, filepath.Join(dir, "data"), squares.Options{Classes: 4, Images: 4})
	for _, args := range [][]string{
		pretraining(5), append(made.finetuning(6), "--watch"), {"data", "shift", "data/val", "--out", "shifted", "--seed", "1"},
	} {
		works(t, dir, nil, args...)
	}
	if err := os.Rename(filepath.Join(dir, "run"), filepath.Join(dir, "tuned")); err != nil {
		t.Fatal(err)
	}
	return &made
}

// at is the absolute path of a thing of the kit.
func (k *kit) at(name string) string { return filepath.Join(k.dir, name) }

const saveEvery = 3 // steps; two steps are an epoch

// finetuning is the command of a run in the folder run, two steps an epoch.
func (k *kit) finetuning(epochs int) []string {
	return []string{"finetune", "--weights", k.at("base"), "--data", k.at("data"), "--per-class", "4", "--keep", "all",
		"--batch", "4", "--epochs", strconv.Itoa(epochs), "--save-every", strconv.Itoa(saveEvery), "--dir", "run"}
}

// pretraining is the command of a pretraining in the folder base.
func pretraining(steps int) []string {
	return []string{"pretrain", "--data", "data", "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", strconv.Itoa(steps), "--batch", "8", "--out", "base"}
}

// evaluation measures two models on nine sets, with maps where there are masks.
func (k *kit) evaluation(command string) []string {
	return []string{command, "--weights", k.at("base"), "--weights", k.at("tuned"), "--data", k.at("shifted"), "--dir", "run"}
}

// unbroken is the end state of the folder that the command leaves in a new
// folder when nobody kills it.
func (k *kit) unbroken(t *testing.T, folder string, args ...string) map[string]string {
	t.Helper()
	key := folder + " " + strings.Join(args, " ")
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all[key] == nil {
		dir := t.TempDir()
		k.link(t, dir)
		works(t, dir, nil, args...)
		k.all[key] = endState(t, filepath.Join(dir, folder))
	}
	return k.all[key]
}

// place is a new folder to run commands in, with the kit's data as data.
func (k *kit) place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	k.link(t, dir)
	return dir
}

func (k *kit) link(t *testing.T, dir string) {
	t.Helper()
	if err := os.Symlink(k.at("data"), filepath.Join(dir, "data")); err != nil {
		t.Fatal(err)
	}
}

// stopped is a new place with a run of six epochs that was killed when its
// newest checkpoint was that of step 6, an epoch's end, and two steps later.
func (k *kit) stopped(t *testing.T) string {
	t.Helper()
	k.mu.Lock()
	template := k.at("stopped")
	if _, err := os.Stat(template); err != nil {
		if err := os.Mkdir(template, 0o755); err != nil {
			t.Fatal(err)
		}
		killedAt(t, template, "log.jsonl-write:9", k.finetuning(6)...)
	}
	k.mu.Unlock()
	dir := k.place(t)
	if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// works runs a command that must succeed.
func works(t *testing.T, dir string, env []string, args ...string) catalogue.Outcome {
	t.Helper()
	o := catalogue.RunIn(t, dir, env, args...)
	if o.Code != 0 {
		t.Fatalf("robustvit %s: %v", strings.Join(args, " "), o)
	}
	return o
}

// steps are those of a run's log, in its order; an unfinished line is left out.
func steps(t *testing.T, run string) (all []int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(run, "log.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var entry struct{ Step int }
		if bytes.HasSuffix(line, []byte("\n")) {
			if err := json.Unmarshal(line, &entry); err != nil {
				t.Fatalf("log of %s: %v in %q", run, err, line)
			}
			all = append(all, entry.Step)
		}
	}
	return all
}

// everyStepOnce fails unless the log has the steps 1 to n, each once.
func everyStepOnce(t *testing.T, run string, n int) {
	t.Helper()
	all := steps(t, run)
	for i, step := range all {
		if step != i+1 {
			t.Fatalf("line %d of the log is of step %d: %v", i+1, step, all)
		}
	}
	if len(all) != n {
		t.Errorf("the log has %d steps, expected %d", len(all), n)
	}
}

// wentOnFrom is the step that a resumed run says it goes on from, 0 where it began anew.
func wentOnFrom(o catalogue.Outcome) (step int) {
	_, after, ok := strings.Cut(o.Err, "going on from the checkpoint of step ")
	if ok {
		fmt.Sscan(after, &step)
	}
	return step
}
