package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/janpfeifer/must"
	"github.com/robustvit/workbench/tests/catalogue"
)

// workplace is a folder in which the built command runs on the Go backend, which
// every machine has, with a random model of two blocks.
type workplace struct{ dir, program, model string }

func newWorkplace(t *testing.T) workplace {
	t.Helper()
	dir := t.TempDir()
	return workplace{dir, catalogue.Command(t), tinyModels(t, dir)[0]}
}

// command is a program in the workplace.
func (w workplace) command(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), "GOMLX_BACKEND=go", "NO_COLOR=1")
	return cmd
}

// sweep is a sweep on few images below the folder name, published to
// name-results.
func (w workplace) sweep(t *testing.T, name string, epochs int, args ...string) *exec.Cmd {
	t.Helper()
	return w.command(t, w.program, append([]string{"sweep", "--model", w.model, "--preset", "paper", "--protocol", "native", "--per-set", "20", "--train", "300",
		"--per-class", "1", "--draws", "2", "--epochs", fmt.Sprint(epochs), "--sets", "val", "--sets", "imagenet-a", "--dir", name, "--publish", name + "-results"}, args...)...)
}

func mustRun(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, text)
	}
}

// TestPlannedSweep runs a plan's lines out of order and several at a time, each
// line of the choosing stages even twice at once: the results are those of one
// process, to the byte.
func TestPlannedSweep(t *testing.T) {
	if testing.Short() {
		t.Skip("finetunes some forty models for a few steps each")
	}
	w := newWorkplace(t)
	names := []string{"baselines", "table-3"} // one chooses on validation images, the other shares masks without labels
	mustRun(t, w.sweep(t, "one", 1, names...))
	mustRun(t, w.sweep(t, "many", 1, append(names, "--plan", "--lines", "model")...))
	stages := map[string][]string{}
	var order []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(must.M1(os.ReadFile(filepath.Join(w.dir, "many", "plan", "plan.sh"))))), "\n") {
		stage := line[strings.LastIndex(line, " ")+1:]
		if stages[stage] == nil {
			order = append(order, stage)
		}
		stages[stage] = append(stages[stage], line)
	}
	if want := []string{"prepare", "tune", "measure", "tune-chosen", "measure-chosen", "tell"}; !slices.Equal(order, want) {
		t.Fatalf("stages %v, expected %v", order, want)
	}
	for _, stage := range order {
		lines := stages[stage]
		slices.Reverse(lines)
		if strings.HasSuffix(stage, "-chosen") {
			lines = slices.Concat(lines, lines)
		}
		w.run(t, lines)
	}
	w.compare(t, "one", "many", names)
}

// run runs lines of a shell, three at a time.
func (w workplace) run(t *testing.T, lines []string) {
	t.Helper()
	var group sync.WaitGroup
	free := make(chan struct{}, 3)
	for _, line := range lines {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			if text, err := w.command(t, "bash", "-c", line).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", line, err, text)
			}
		})
	}
	if group.Wait(); t.Failed() {
		t.FailNow()
	}
}

// compare holds every result of a sweep, and every record and log of its
// models, to those of another, byte by byte.
func (w workplace) compare(t *testing.T, want, got string, names []string) {
	t.Helper()
	dir := w.dir
	files := must.M1(filepath.Glob(filepath.Join(dir, want+"-results", "*")))
	for _, name := range names {
		files = append(files, must.M1(filepath.Glob(filepath.Join(dir, want, name, "*.csv")))...)
		files = append(files, filepath.Join(dir, want, name, "results.json"))
	}
	for _, pattern := range []string{"records/*.jsonl", "tuned/log.jsonl", "tuned/done.json", "tuned/weights.safetensors"} {
		files = append(files, must.M1(filepath.Glob(filepath.Join(dir, want, "points", "*", pattern)))...)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files to compare", len(files))
	}
	for _, file := range files {
		name := strings.TrimPrefix(must.M1(filepath.Rel(dir, file)), want)
		a, b := must.M1(os.ReadFile(file)), must.M1(os.ReadFile(filepath.Join(dir, got+name)))
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from the sweep of one process", got+name)
		}
	}
	for _, pattern := range []string{"points/*", "points/*/.*.claim"} {
		a, b := must.M1(filepath.Glob(filepath.Join(dir, want, pattern))), must.M1(filepath.Glob(filepath.Join(dir, got, pattern)))
		if len(a) != len(b) {
			t.Errorf("%d of %s, expected %d", len(b), pattern, len(a))
		}
	}
}

// interruptibleEpochs, of two steps each, are a finetuning with one checkpoint at
// step 200, some way before its end.
const interruptibleEpochs = 170

// interruptible are the folders of the models of a sweep that have a checkpoint
// and are not done, with the process that finetunes each.
func (w workplace) interruptible(sweep string) map[string]int {
	all := map[string]int{}
	for _, saved := range must.M1(filepath.Glob(filepath.Join(w.dir, sweep, "points", "*", "tuned", "checkpoints", "step-*"))) {
		folder := filepath.Dir(filepath.Dir(saved))
		var owner struct{ PID int }
		text, _ := os.ReadFile(filepath.Join(folder, "lock"))
		if _, err := os.Stat(filepath.Join(folder, "done.json")); err != nil && json.Unmarshal(text, &owner) == nil {
			all[folder] = owner.PID
		}
	}
	return all
}

// checkStarts: each model's log has each step once, and all were finetuned in one
// go but the interrupted one, which went on from its checkpoint.
func (w workplace) checkStarts(t *testing.T, sweep, interrupted string, steps int) {
	t.Helper()
	tuned := must.M1(filepath.Glob(filepath.Join(w.dir, sweep, "points", "*", "tuned")))
	if len(tuned) < 5 {
		t.Fatalf("only %d finetuned models", len(tuned))
	}
	for _, folder := range tuned {
		if got := numbers(t, filepath.Join(folder, "log.jsonl"), "step"); len(got) != steps || got[0] != 1 || !slices.IsSorted(got) || len(slices.Compact(got)) != steps {
			t.Errorf("%s: its log has the steps %v, expected 1 to %d", folder, got, steps)
		}
		want := 1
		if folder == interrupted {
			want = 2
		}
		if got := len(numbers(t, filepath.Join(folder, "environment.jsonl"), "step")); got != want {
			t.Errorf("%s was started %d times, expected %d", folder, got, want)
		}
	}
}

// numbers are a field of a file's JSON lines.
func numbers(t *testing.T, path, field string) []int {
	t.Helper()
	var all []int
	for line := range strings.SplitSeq(strings.TrimSpace(string(must.M1(os.ReadFile(path)))), "\n") {
		var object map[string]any
		must.M(json.Unmarshal([]byte(line), &object))
		all = append(all, int(object[field].(float64)))
	}
	return all
}

// freePort is a port that nobody listens at, a moment ago.
func freePort() int {
	l := must.M1(net.Listen("tcp", "127.0.0.1:0"))
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
