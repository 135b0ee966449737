package notebooks

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/setup"
)

//go:embed testdata/stop_button.py
var stopButton string

// TestStopButton presses the stop button in a cell that listens to it and in
// one that is deep in a computation. Both end by themselves, with a word on how
// to go on, before the kernel kills them after 5 s.
func TestStopButton(t *testing.T) {
	root := labRoot(t)
	const begin = `%%
work := func(ctx context.Context) (int, error) {
	os.WriteFile("begun", nil, 0o644)
`
	for name, cell := range map[string]string{
		"listens":      begin + "\t<-ctx.Done()\n\treturn 0, ctx.Err()\n}\nnotebook.Do(work)",
		"computes":     begin + "\ttime.Sleep(time.Hour)\n\treturn 0, nil\n}\nnotebook.Do(work)",
		"checks alone": "%%\nctx := notebook.Context()\nos.WriteFile(\"begun\", nil, 0o644)\n<-ctx.Done()\nnotebook.Check(context.Cause(ctx))",
	} {
		t.Run(name, func(t *testing.T) {
			seconds, stderr := press(t, root, cell)
			if seconds < 0 || seconds > 4.5 {
				t.Errorf("went on for %.1f s after the stop button, want under 4.5", seconds)
			}
			if !strings.Contains(stderr, "stopped; run this cell again") || strings.Contains(stderr, "killed") || strings.Contains(stderr, "goroutine") {
				t.Errorf("stderr is %q", stderr)
			}
		})
	}
}

func press(t *testing.T, root, cell string) (seconds float64, stderr string) {
	t.Helper()
	imports := "import (\n\t\"context\"\n\t\"os\"\n\t\"time\"\n\n\t\"github.com/robustvit/workbench/viz/notebook\"\n)"
	var result struct {
		Seconds float64 `json:"seconds"`
		Stderr  string  `json:"stderr"`
	}
	inKernel(t, root, stopButton, map[string]any{"folder": t.TempDir(), "marker": "begun", "cells": []string{firstCell, imports, cell}}, &result)
	return result.Seconds, result.Stderr
}

// inKernel runs a Python script that talks to a kernel, with the request on its
// standard input, and decodes its answer.
func inKernel(t *testing.T, root, script string, request, answer any) {
	t.Helper()
	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), setup.Venv{Root: root}.Python(), "-c", script)
	cmd.Env = append(os.Environ(), "JUPYTER_PREFER_ENV_PATH=1", "JUPYTER_RUNTIME_DIR="+t.TempDir(), "JUPYTER_DATA_DIR="+t.TempDir(), "TMPDIR="+t.TempDir())
	cmd.Stdin = bytes.NewReader(input)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, answer)
	}
	if err != nil {
		t.Fatalf("%v: %s%s", err, text, complaint.String())
	}
}
