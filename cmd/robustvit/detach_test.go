package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/squares"
)

// TestDetachAndStop: a detached run goes on after its command returned, refuses
// a second one, stops when asked, and resumes to the weights of a whole run.
func TestDetachAndStop(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("GOMLX_BACKEND", "go")
	squares.Write(t, at("data"), squares.Options{Classes: 4, Images: 4})
	works(t, "pretrain", "--data", at("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", "5", "--batch", "8", "--out", at("base"))
	start := func(run string, more ...string) []string {
		return append([]string{"finetune", "--weights", at("base"), "--data", at("data"), "--per-class", "4", "--keep", "all", "--epochs", "1200",
			"--batch", "4", "--save-every", "5", "--watch", "--dir", run}, more...)
	}
	works(t, start(at("whole"))...)
	if got := works(t, start(at("run"), "--detach")...); got["pid"] == nil {
		t.Errorf("got %v, want the process", got)
	}
	defer command(t, "stop", at("run"))
	waitForCheckpoint(t, at("run"))
	if got := command(t, start(at("run"), "--detach")...); got.code != 1 || !strings.Contains(got.stderr, "is being written by process") {
		t.Errorf("a second one: exit code %d, %s", got.code, got.stderr)
	}
	works(t, "stop", at("run"))
	if _, err := os.Stat(at("run/done.json")); err == nil {
		t.Fatal("the run finished before it was stopped")
	}
	if got := command(t, "stop", at("run")); got.code != 1 || !strings.Contains(got.stderr, "nothing to stop") {
		t.Errorf("stopped twice: exit code %d, %s", got.code, got.stderr)
	}
	works(t, "finetune", "--resume", "--dir", at("run"))
	for _, name := range []string{"weights.safetensors", "watch/index.json", "watch/step-00002400/00.png"} {
		if !bytes.Equal(readAll(t, at("run/"+name)), readAll(t, at("whole/"+name))) {
			t.Errorf("%s of the resumed run differs", name)
		}
	}
	if got := command(t, "finetune", "--weights", at("none"), "--data", at("data"), "--dir", at("bad"), "--detach"); got.code != 1 || !strings.Contains(got.stderr, at("none")) {
		t.Errorf("weights that are not there: exit code %d, %s", got.code, got.stderr)
	}
}
