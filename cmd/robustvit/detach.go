package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
)

// atOnce is how long a detached command is given to fail on what it was told.
const atOnce = 2 * time.Second

// detach starts this program again, without --detach, in a session of its own.
func (s *session) detach(dir string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("detach: %w", err)
	}
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(arg string) bool { return arg == "--detach" || arg == "--detach=true" })
	d, err := run.Detach(dir, exec.Command(program, args...))
	if err == nil {
		err = d.Began(atOnce)
	}
	if err != nil {
		return err
	}
	return s.result(map[string]any{"dir": dir, "pid": d.PID, "output": d.Output}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "process %d runs on by itself and writes %s\nwatch it: notebook.Watch(%q) in a cell, or tail -f %s\nstop it: robustvit stop %s\n", d.PID, dir, dir, d.Output, dir)
		return err
	})
}
