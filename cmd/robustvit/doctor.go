package main

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit/backend"
)

type doctorCmd struct{}

// Help is the example of `robustvit doctor --help`.
func (doctorCmd) Help() string {
	return "Looks at Go, cgo, Python, the XLA plugin, devices, kernel and versions, changes nothing, and names the command that mends each thing missing.\n\nExample:\n\n    robustvit doctor"
}

// Run prints the table. What is missing is a finding, not a failure.
func (doctorCmd) Run(ctx context.Context, s *session) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	report := setup.Doctor(ctx, root, s.probeBackend)
	if s.cli.JSON {
		return report.WriteJSON(s.out)
	}
	return report.WriteText(s.out)
}

// probeBackend opens the backend that a job would compute on.
func (s *session) probeBackend(context.Context) setup.Row {
	row := setup.Row{Name: "Backend", State: setup.OK}
	b, info, err := backend.Open(backend.Options{Name: s.cli.Backend})
	if err != nil {
		row.State, row.Found, row.Mend = setup.Fault, err.Error(), "GOMLX_BACKEND=go computes without it"
		return row
	}
	defer b.Finalize()
	row.Found = fmt.Sprintf("%s %s, %s, chosen by %s", info.Name, info.Version, devices(info), info.Chosen)
	return row
}
