//go:build !unix

package setup

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Lock is held by the one command that writes the environment. There is no
// advisory lock on this system: it holds nobody off.
type Lock struct{}

// Release does nothing here.
func (l *Lock) Release() {}

func (l *Lock) files() []*os.File { return nil }

// Lock makes the environment's folder.
func (v Venv) Lock(_ context.Context, _ io.Writer) (*Lock, error) {
	if err := os.MkdirAll(v.Dir(), 0o755); err != nil {
		return nil, fmt.Errorf("make %q: %w", v.Dir(), err)
	}
	return &Lock{}, nil
}
