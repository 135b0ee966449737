package main

import (
	"fmt"
	"io"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
)

type stopCmd struct {
	Dir string `arg:"" help:"Run folder that a process writes."`
}

// Help is the example of `robustvit stop --help`.
func (stopCmd) Help() string {
	return "Asks the process that writes a run folder to end, as Ctrl-C would, and waits for it. What was saved is whole.\n\nExample:\n\n    robustvit stop runs/ours"
}

// Run stops whoever writes the folder.
func (c stopCmd) Run(s *session) error {
	owner, err := run.Stop(c.Dir, 15*time.Second)
	if err != nil {
		return err
	}
	return s.result(map[string]any{"dir": c.Dir, "stopped": owner}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "stopped %s; a finetuning goes on by: robustvit finetune --resume --dir %s\n", owner, c.Dir)
		return err
	})
}
