package machine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

// freeEnv has this test program print what memory it believes is free, as the
// commands do that it stands for.
const freeEnv = "ROBUSTVIT_TEST_FREE_MEMORY"

func init() {
	if os.Getenv(freeEnv) != "" {
		fmt.Println(data.FreeMemory(), data.CacheSize(0).Bytes())
		os.Exit(0)
	}
}

// freeUnder is what a process finds free that a line of sh limits.
func freeUnder(t *testing.T, line string) (free, cache int) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", line+`; exec "$@"`, "sh", program)
	cmd.Env = append(os.Environ(), freeEnv+"=1")
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if _, err := fmt.Sscan(string(text), &free, &cache); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return free, cache
}

// TestHostMemory: caches and models are held against what the process may have,
// before they are made.
func TestHostMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("limits of Linux")
	}
	all, _ := freeUnder(t, ":")
	catalogue.Case(t, "N5", "the cache under ulimit -v", func(t *testing.T) {
		const limit = 4 << 30
		free, cache := freeUnder(t, fmt.Sprintf("ulimit -v %d", limit>>10))
		if free >= limit || free > all || cache != max(free/4, 64<<20) {
			t.Errorf("%d MiB free of a limit of %d, %d for the cache", free>>20, limit>>20, cache>>20)
		}
	})
	dir := t.TempDir()
	images, model := writeData(t, filepath.Join(dir, "data")), writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil)
	catalogue.Case(t, "N5", "too little address space for a backend", func(t *testing.T) {
		run := filepath.Join(dir, "space")
		cmd := exec.Command("sh", "-c", `ulimit -v 1572864; exec "$@"`, "sh", catalogue.Command(t), "finetune", "--weights", model, "--data", images, "--keep", "all", "--per-class", "4", "--dir", run)
		o := outcomeOf(t, cmd, "GOMLX_BACKEND=go")
		catalogue.CheckRefused(t, o, "1.5 GiB (ulimit -v)", "expected at least")
		absent(t, run)
	})
	for _, c := range []struct{ name, args, words string }{
		{"a model of too great a width", "--width 262144 --heads 4", "e+12 weights"},
		{"a model of too many blocks", "--depth 1000000 --width 1024", "e+13 weights"},
		{"an image of too many patches", "--size 131072 --patch 2 --width 64", "GiB are free"},
	} {
		catalogue.Case(t, "N5", c.name, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			args := append([]string{"pretrain", "--data", images, "--batch", "4", "--out", run}, strings.Fields(c.args)...)
			catalogue.Refused(t, []string{c.words, "at least", "GiB of memory"}, args...)
			absent(t, run)
		})
	}
	catalogue.Case(t, "N5", "a cache of no size", func(t *testing.T) { sameWithout(t, dir, model, images, "--cache", "none") })
	if catalogue.Long() {
		underGroup(t, dir, model, images)
	}
}

// sameWithout trains with and without the flags: the results are the same.
func sameWithout(t *testing.T, dir, model, images string, flags ...string) {
	t.Helper()
	command := []string{"finetune", "--weights", model, "--data", images, "--keep", "all", "--per-class", "4", "--epochs", "3", "--batch", "4", "--watch", "--dir"}
	one, other := filepath.Join(dir, "one"), filepath.Join(dir, "other")
	for _, args := range [][]string{append(command, one), append(append(command[:len(command):len(command)], other), flags...)} {
		if o := catalogue.Run(t, nil, args...); o.Code != 0 {
			t.Fatal(o)
		}
	}
	sameFiles(t, one, other)
}

// outcomeOf runs a command with more environment.
func outcomeOf(t *testing.T, cmd *exec.Cmd, env ...string) catalogue.Outcome {
	t.Helper()
	var out, words strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.Env = append(append(os.Environ(), "NO_COLOR=1"), env...)
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return catalogue.Outcome{Code: cmd.ProcessState.ExitCode(), Out: out.String(), Err: words.String()}
}
