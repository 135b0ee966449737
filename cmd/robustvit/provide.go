package main

import (
	"context"
	"os"
	"strings"

	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit/backend"
)

// provide does what setup would, unless the user wants no XLA or no download.
// Where something is missing it says what that costs and goes on.
func (s *session) provide(ctx context.Context, offline bool) error {
	asked := os.Getenv("GOMLX_BACKEND")
	if asked == "" {
		asked = s.cli.Backend
	}
	if offline || asked == backend.Go || strings.HasPrefix(asked, backend.Go+":") {
		return nil
	}
	root, err := projectRoot()
	if err != nil {
		s.progress.Note("outside a checkout of the project nothing is installed: " + err.Error())
		return nil
	}
	s.progress.Phase("set up")
	_, err = setup.Ensure(ctx, root, s.progress, setup.Options{})
	return err
}
