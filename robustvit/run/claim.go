package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Delays between two looks at something that another process holds.
const (
	firstLook = 50 * time.Millisecond
	laterLook = 2 * time.Second
)

// Patiently repeats what fails with [Busy] until it does not, or the context
// ends. Waiting, which may be nil, hears once of each holder.
func Patiently(ctx context.Context, waiting func(*Busy), do func() error) error {
	told := ""
	for delay := firstLook; ; delay = min(2*delay, laterLook) {
		err := do()
		busy, is := errors.AsType[*Busy](err)
		if !is {
			return err
		}
		if waiting != nil && busy.Owner != told && delay > firstLook { // most hold a folder for a moment only
			told = busy.Owner
			waiting(busy)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(delay):
		}
	}
}

// Claim takes the file path for one process at a time, so that of several that
// find a piece of work undone one does it and the others wait. The kernel lets
// go of it when the process dies; release removes the file. While another holds
// it the error is [Busy]. Where the file system has no locks nobody waits: the
// work may then be done twice.
func Claim(path string) (release func(), err error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", path, cause(err))
		}
		switch err := flock(f); {
		case errors.Is(err, errLocked):
			defer f.Close()
			return nil, &Busy{Dir: path, Owner: whoHolds(f)}
		case err != nil && !errors.Is(err, errors.ErrUnsupported):
			f.Close()
			return nil, fmt.Errorf("claim %s: %w", path, err)
		}
		if !isStill(f, path) { // its last holder has just removed it
			f.Close()
			continue
		}
		if _, err := f.WriteAt(ownerLine(), 0); err != nil {
			f.Close()
			return nil, fmt.Errorf("claim %s: %w", path, cause(err))
		}
		return func() { os.Remove(path); f.Close() }, nil
	}
}

// isStill says whether the path names the open file.
func isStill(f *os.File, path string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(open, named)
}
