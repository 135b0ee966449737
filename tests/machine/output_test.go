package machine

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// outputs are what a command may find in place of a terminal, as a shell makes
// it: the command is its "$@".
var outputs = []struct {
	name, shell string
	code        int
	says        string // on standard error, where that is left
}{
	{"standard output closed", `exec "$@" >&-`, 0, ""},
	{"standard output full", `exec "$@" >/dev/full`, 1, "no space left on device"},
	{"standard output full, JSON", `exec "$@" --json >/dev/full`, 1, "print the result"},
	{"standard error closed", `exec "$@" 2>&-`, 0, ""},
	{"standard error full", `exec "$@" 2>/dev/full`, 0, ""},
	{"both closed", `exec "$@" >&- 2>&-`, 0, ""},
	{"standard input closed", `exec "$@" <&-`, 0, ""},
}

// finetuning is a short training, whose folder is the last argument.
func finetuning(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	return []string{"finetune", "--weights", writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil), "--data", writeData(t, filepath.Join(dir, "data")),
		"--keep", "all", "--per-class", "4", "--epochs", "6", "--batch", "4", "--save-every", "5", "--watch", "--dir"}
}

// TestOutputs: the training is the one that a terminal would have seen, its log
// is whole, and the exit code says whether the result could be told.
func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	start := finetuning(t)
	command := func(run string) []string { return append(append([]string{}, start...), run) }
	whole := filepath.Join(dir, "whole")
	if o := catalogue.Run(t, nil, command(whole)...); o.Code != 0 {
		t.Fatal(o)
	}
	for _, out := range outputs {
		catalogue.Case(t, "N6", out.name, func(t *testing.T) {
			run := filepath.Join(dir, strings.ReplaceAll(out.name, " ", "-"))
			code, said := shell(t, out.shell, command(run))
			if code != out.code || !strings.Contains(said, out.says) {
				t.Errorf("exit code %d, expected %d and %q: %s", code, out.code, out.says, said)
			}
			sameFiles(t, whole, run)
		})
	}
	catalogue.Case(t, "N6", "the reader of standard output is gone", func(t *testing.T) {
		run := filepath.Join(dir, "unread")
		code, said := piped(t, command(run), syscall.Stdout)
		if code != 141 || strings.Contains(said, "robustvit: ") { // as a shell expects of a writer in a pipe
			t.Errorf("exit code %d, expected 141 and no error: %s", code, said)
		}
		sameFiles(t, whole, run)
	})
	catalogue.Case(t, "N6", "the reader of standard error is gone", func(t *testing.T) {
		run := filepath.Join(dir, "deaf")
		if code, said := piped(t, command(run), syscall.Stderr); code != 0 {
			t.Errorf("exit code %d, expected 0: %s", code, said)
		}
		sameFiles(t, whole, run)
	})
	catalogue.Case(t, "N6", "help on a full device", func(t *testing.T) {
		if code, said := shell(t, `exec "$@" >/dev/full`, []string{"--help"}); code != 1 || !strings.Contains(said, "no space left") {
			t.Errorf("exit code %d: %s", code, said)
		}
	})
}

// shell runs the command in a line of sh and returns its exit code and words.
func shell(t *testing.T, line string, args []string) (code int, stderr string) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", line, "sh", catalogue.Command(t)}, args...)...)
	return finished(t, cmd)
}

// piped runs the command with a pipe at the descriptor that nobody reads.
func piped(t *testing.T, args []string, descriptor int) (code int, other string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command(catalogue.Command(t), args...)
	if descriptor == syscall.Stdout {
		cmd.Stdout = w
	} else {
		cmd.Stderr = w
	}
	return finished(t, cmd)
}

func finished(t *testing.T, cmd *exec.Cmd) (code int, text string) {
	t.Helper()
	var words bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &words
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &words
	}
	cmd.Env = append(os.Environ(), "GOMLX_BACKEND=go", "NO_COLOR=1")
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), words.String()
}

// sameFiles holds what a run left to another's, byte by byte.
func sameFiles(t *testing.T, want, got string) {
	t.Helper()
	for _, name := range []string{"log.jsonl", "weights.safetensors", "done.json", "manifest.jsonl", filepath.Join("watch", "index.json")} {
		a, err := os.ReadFile(filepath.Join(want, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(got, name))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %d bytes, expected %d (%v)", name, len(b), len(a), err)
		}
	}
}
