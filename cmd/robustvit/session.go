package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz"
	"golang.org/x/term"
)

// session is what every subcommand needs: where to print and what to compute on.
type session struct {
	cli      *cli
	out      io.Writer // results
	progress *progress // on standard error
	terminal *os.File  // standard output, for its width
	err      io.Writer
	device   backend.Info
}

func newSession(c *cli, stdout, stderr *os.File) *session {
	return &session{cli: c, out: stdout, terminal: stdout, err: stderr, progress: newProgress(stderr, c.Quiet)}
}

// open opens the chosen backend and says which it is.
func (s *session) open() (compute.Backend, error) {
	b, info, err := backend.Open(backend.Options{Name: s.cli.Backend, Verify: true})
	if err != nil {
		return nil, err
	}
	s.device = info
	s.progress.Note(fmt.Sprintf("backend %s (%s)", info.Name, devices(info)))
	switch {
	case info.Hint != "":
		s.progress.Note(info.Hint + "; nothing is left out for it")
	case info.Slow:
		s.progress.Note("the pure Go backend is correct and many times slower than XLA; nothing is left out for it")
	}
	return b, nil
}

// openDevices is open for a job on n devices; a wrong n is told before any work.
func (s *session) openDevices(n int) (compute.Backend, error) {
	b, err := s.open()
	if err != nil {
		return nil, err
	}
	if err := robustvit.CheckDevices(b, n); err != nil {
		return nil, fmt.Errorf("--devices: %w", err)
	}
	return b, nil
}

// devices names the devices in short: "cpu:0 and 3 more".
func devices(info backend.Info) string {
	if len(info.Devices) == 0 {
		return "no device"
	}
	first, _, _ := strings.Cut(info.Devices[0], " [")
	if more := len(info.Devices) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more", first, more)
	}
	return first
}

// result prints the outcome: one JSON object, or text.
func (s *session) result(value any, text func(w io.Writer) error) error {
	s.progress.End()
	if !s.cli.JSON {
		return text(plainWriter{s.out})
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// textOptions says what the terminal can show.
func (s *session) textOptions() viz.TextOptions {
	fd := int(s.terminal.Fd())
	if !term.IsTerminal(fd) {
		return viz.TextOptions{}
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return viz.TextOptions{Width: width, Color: os.Getenv("NO_COLOR") == ""}
}

// exit prints the error, if there is one, and returns the exit code.
func (s *session) exit(ctx context.Context, err error) int {
	s.progress.End()
	if err == nil {
		return 0
	}
	if cause := context.Cause(ctx); cause != nil {
		if !errors.Is(err, cause) {
			err = cause
		}
		fmt.Fprintln(s.err, "robustvit:", plain(err.Error()))
		return run.ExitCode(cause)
	}
	panicked, isPanic := errors.AsType[*backend.PanicError](err)
	if isPanic {
		fmt.Fprintf(s.err, "robustvit: a fault of the program: %v; --debug shows where\n", plain(err.Error()))
	} else {
		fmt.Fprintln(s.err, "robustvit:", plain(err.Error()))
	}
	if s.cli.Debug {
		fmt.Fprintf(s.err, "%+v\n", err)
		if isPanic {
			s.err.Write(panicked.Stack)
		}
	}
	return exitFault
}
