package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/robustvit/workbench/internal/lab"
)

type notebookCmd struct {
	Run notebookRunCmd `cmd:"" help:"Execute notebooks in the real kernel, without a browser."`
}

type notebookRunCmd struct {
	Name    string        `arg:"" help:"A notebook's path, the beginning of its name (00), or all."`
	Out     string        `help:"Folder for the executed notebook and its HTML; default runs/notebooks." placeholder:"DIR"`
	Timeout time.Duration `help:"Longest time for one cell." default:"30m"`
}

// Help is the example of `robustvit notebook run --help`.
func (notebookRunCmd) Help() string {
	return "The notebook itself is not changed. Exit code 1 where a cell fails.\n\nExample:\n\n    robustvit notebook run 00"
}

// Run executes the notebooks one after another.
func (c notebookRunCmd) Run(ctx context.Context, s *session) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	paths, err := c.paths(root)
	if err != nil {
		return err
	}
	if err := lab.EnsureLab(ctx, root, s.progress); err != nil {
		return err
	}
	var done []lab.Executed
	for _, path := range paths {
		s.progress.Phase("notebook " + filepath.Base(path))
		executed, err := lab.RunNotebook(ctx, root, path, lab.RunOptions{Out: c.Out, CellTimeout: c.Timeout, Progress: s.progress})
		if err != nil {
			return err
		}
		done = append(done, executed)
	}
	return s.result(map[string]any{"notebooks": done}, func(w io.Writer) error {
		for _, e := range done {
			fmt.Fprintf(w, "ran %d cells in %.0f s: wrote %s and %s\n", len(e.Cells), e.Seconds, e.Notebook, e.HTML)
		}
		return nil
	})
}

// paths finds the notebooks that the name means.
func (c notebookRunCmd) paths(root string) ([]string, error) {
	if _, err := os.Stat(c.Name); err == nil {
		return []string{c.Name}, nil
	}
	pattern := c.Name + "*.ipynb"
	if c.Name == "all" {
		pattern = "*.ipynb"
	}
	found, err := filepath.Glob(filepath.Join(root, "notebooks", pattern))
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("notebook %q: no file of that name, and none in notebooks begins with it; name one of notebooks/*.ipynb or all", c.Name)
	}
	return found, nil
}
