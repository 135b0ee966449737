package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/robustvit/workbench/internal/machines"
	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit/backend"
)

type setupCmd struct {
	Ray bool `help:"Install Ray too, into .venv-ray, for sweeps over several machines."`
}

// Help is the example of `robustvit setup --help`.
func (setupCmd) Help() string {
	return "Makes .venv in the project folder and installs the pinned XLA plugin for the CPU, its hash checked. Needs Python 3.10 or later with venv; nothing outside the project folder is written.\n\nExample:\n\n    robustvit setup"
}

// Run installs what is missing.
func (c setupCmd) Run(ctx context.Context, s *session) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	result, err := setup.Ensure(ctx, root, s.progress, setup.Options{})
	if err != nil {
		return err
	}
	if c.Ray {
		if _, err := machines.EnsureRay(ctx, root, s.progress); err != nil {
			return err
		}
	}
	return s.result(result, func(w io.Writer) error {
		if !result.Ready {
			_, err := fmt.Fprintf(w, "Not everything could be installed; the Go backend is there. `robustvit doctor` shows the rest.\n")
			return err
		}
		_, err := fmt.Fprintf(w, "The XLA plugin is ready: %s\n", result.Plugin)
		return err
	})
}

// projectRoot is the checkout around the working folder or the program.
func projectRoot() (string, error) {
	if root := backend.ProjectRoot(); root != "" {
		return root, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project folder: %w", err)
	}
	return setup.ProjectRoot(dir)
}
