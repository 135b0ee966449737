package run

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Stopped is the cause of a context that a signal cancelled.
type Stopped struct{ Signal syscall.Signal }

// Error says which signal it was.
func (s *Stopped) Error() string { return "stopped by " + signalName(s.Signal) }

func signalName(s syscall.Signal) string {
	switch s {
	case syscall.SIGINT:
		return "interrupt (Ctrl-C)"
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGHUP:
		return "SIGHUP (terminal closed)"
	}
	return s.String()
}

// Context returns a context that SIGINT, SIGTERM and SIGHUP cancel; a second
// SIGINT ends the program at once with status 130. A signal that was ignored
// when the program started (nohup) stays ignored. Return context.Cause(ctx)
// from the loop: [ExitCode] knows it. Call stop when done.
func Context(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 4)
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	done := make(chan struct{})
	go func() {
		interrupted := false
		for {
			select {
			case <-done:
				return
			case s := <-signals:
				if s == syscall.SIGINT && interrupted {
					os.Exit(130)
				}
				interrupted = interrupted || s == syscall.SIGINT
				cancel(&Stopped{s.(syscall.Signal)})
			}
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		cancel(nil)
		close(done)
	})
}

// ExitCode is the program's exit status for err: 0 for nil, 128 + the signal's
// number for a run that a signal stopped (130, 143, 129), else 1.
func ExitCode(err error) int {
	var s *Stopped
	switch {
	case err == nil:
		return 0
	case errors.As(err, &s):
		return 128 + int(s.Signal)
	case errors.Is(err, context.Canceled):
		return 128 + int(syscall.SIGINT)
	}
	return 1
}
