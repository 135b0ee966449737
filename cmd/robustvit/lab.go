package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/internal/lab"
)

type labCmd struct {
	Setup bool `help:"Install JupyterLab and the Go kernel into .venv and stop."`
	Port  int  `help:"First port to try." default:"8888"`
}

// Help is the example of `robustvit lab --help`.
func (labCmd) Help() string {
	return "Installs JupyterLab with the GoNB kernel into .venv where it is missing and starts it on this machine alone, with a token. Ctrl-C stops it.\n\nExample:\n\n    robustvit lab"
}

// Run provides and starts JupyterLab.
func (c labCmd) Run(ctx context.Context, s *session) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	if err := lab.EnsureLab(ctx, root, s.progress); err != nil {
		return err
	}
	if c.Setup {
		return s.result(map[string]any{"root": root, "ready": true}, func(w io.Writer) error {
			_, err := fmt.Fprintln(w, "JupyterLab and the Go kernel are ready in .venv; start them with: robustvit lab")
			return err
		})
	}
	return lab.Start(ctx, root, lab.ServerOptions{Port: c.Port, Out: s.out})
}
