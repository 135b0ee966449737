//go:build unix

package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// Lock is held by the one command that writes the environment.
type Lock struct{ file *os.File }

// Release gives the lock to the next one. A kill releases it as well.
func (l *Lock) Release() { l.file.Close() }

func (l *Lock) files() []*os.File { return []*os.File{l.file} }

// Lock waits until no other command writes the environment, saying so on out.
func (v Venv) Lock(ctx context.Context, out io.Writer) (*Lock, error) {
	if err := os.MkdirAll(v.Dir(), 0o755); err != nil {
		return nil, fmt.Errorf("make %q: %w", v.Dir(), err)
	}
	file, err := os.OpenFile(v.Path("robustvit.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock %q: %w", v.Dir(), err)
	}
	for said := false; ; said = true {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return &Lock{file}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			file.Close()
			return nil, fmt.Errorf("lock %q: %w", v.Dir(), err)
		}
		if !said {
			fmt.Fprintf(out, "setup: another command is setting up %s, waiting for it\n", v.name())
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
