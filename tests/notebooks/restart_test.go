package notebooks

import (
	_ "embed"
	"runtime"
	"testing"
)

//go:embed testdata/restart.py
var restart string

// TestRestart ends the kernel while a cell works: by the restart button, at once,
// and killed. The cell's program ends with it, so that the run folder is free,
// and the same cell works again.
func TestRestart(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("looks for the cell's process in /proc")
	}
	root := labRoot(t)
	const imports = "import (\n\t\"context\"\n\t\"fmt\"\n\t\"os\"\n\n\t\"github.com/robustvit/workbench/viz/notebook\"\n)"
	const work = `%%
notebook.Do(func(ctx context.Context) (int, error) {
	os.WriteFile("begun", fmt.Append(nil, os.Getpid()), 0o644)
	<-ctx.Done()
	return 0, context.Cause(ctx)
})`
	for _, how := range []string{"button", "at once", "killed"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			var got struct {
				Processes []int   `json:"processes"`
				Gone      float64 `json:"gone"`
			}
			inKernel(t, root, restart, map[string]any{"folder": t.TempDir(), "marker": "begun", "how": how, "cells": []string{firstCell, imports, work}}, &got)
			if got.Gone < 0 {
				t.Errorf("the cell's program still runs 20 s after its kernel has ended")
			}
			if len(got.Processes) != 2 || got.Processes[0] == got.Processes[1] {
				t.Errorf("processes %v, want one before and another after the restart", got.Processes)
			}
			t.Logf("gone after %.1f s", got.Gone)
		})
	}
}
