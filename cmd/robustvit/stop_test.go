package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/squares"
)

// TestStopAndResume stops a finetuning in three ways and resumes it: the
// weights must be those of a run that nobody stopped.
func TestStopAndResume(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	squares.Write(t, at("data"), squares.Options{Classes: 4, Images: 4})
	works(t, "pretrain", "--data", at("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", "5", "--batch", "8", "--out", at("base"))
	start := func(run string) []string {
		return []string{"finetune", "--weights", at("base"), "--data", at("data"), "--per-class", "4", "--keep", "all", "--epochs", "150",
			"--batch", "4", "--save-every", "5", "--dir", run}
	}
	works(t, start(at("whole"))...)
	want := readAll(t, at("whole/weights.safetensors"))
	for _, stop := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGKILL, -1}, {syscall.SIGINT, 130}, {syscall.SIGTERM, 143}} {
		run := at(stop.signal.String())
		cmd := exec.CommandContext(t.Context(), binary, start(run)...)
		cmd.Env = append(os.Environ(), "GOMLX_BACKEND=go")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitForCheckpoint(t, run)
		if err := cmd.Process.Signal(stop.signal); err != nil {
			t.Fatal(err)
		}
		stopped := time.Now()
		cmd.Wait() // its error is the exit code, compared below
		if took := time.Since(stopped); took > 4*time.Second {
			t.Errorf("%v: it took %v to end", stop.signal, took)
		}
		if code := cmd.ProcessState.ExitCode(); code != stop.code {
			t.Errorf("%v: exit code %d, expected %d\n%s", stop.signal, code, stop.code, stderr.String())
		}
		if _, err := os.Stat(filepath.Join(run, "done.json")); err == nil {
			t.Fatalf("%v: the run finished before it was stopped", stop.signal)
		}
		works(t, "finetune", "--resume", "--dir", run)
		if got := readAll(t, filepath.Join(run, "weights.safetensors")); !bytes.Equal(got, want) {
			t.Errorf("%v: the resumed run has other weights", stop.signal)
		}
	}
}

// TestStopAndResumeMasks kills a masks job amid its work: the same command then
// ends with the bytes of a job that nobody stopped.
func TestStopAndResumeMasks(t *testing.T) {
	dir := t.TempDir()
	start := func(out string) []string {
		return []string{"masks", "--method", "tokencut", "--weights", "demo:vit", "--data", "shapes", "--train", "80", "--out", filepath.Join(dir, out)}
	}
	works(t, start("whole")...)
	cmd := exec.CommandContext(t.Context(), binary, start("killed")...)
	cmd.Env = append(os.Environ(), "GOMLX_BACKEND=go")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, filepath.Join(dir, "killed", "records", "*.jsonl"))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its error is that it was killed
	if _, err := os.Stat(filepath.Join(dir, "killed", "masks.jsonl")); err == nil {
		t.Fatal("the job finished before it was killed")
	}
	works(t, start("killed")...)
	for _, pattern := range []string{"masks.json*", "manifest.jsonl", "*/*.png", "parts/*/*.png"} {
		want, err := filepath.Glob(filepath.Join(dir, "whole", pattern))
		if err != nil || len(want) == 0 {
			t.Fatalf("no %s: %v", pattern, err)
		}
		for _, path := range want {
			name, err := filepath.Rel(filepath.Join(dir, "whole"), path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(readAll(t, filepath.Join(dir, "killed", name)), readAll(t, path)) {
				t.Errorf("%s differs from that of the unbroken job", name)
			}
		}
	}
}

func waitForCheckpoint(t *testing.T, run string) {
	t.Helper()
	waitFor(t, filepath.Join(run, "checkpoints", "step-*"))
}

// waitFor returns when a file fits the pattern.
func waitFor(t *testing.T, pattern string) {
	t.Helper()
	for range 1000 {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %s within 10 s", pattern)
}
