// Command robustvit finetunes Vision Transformers so that their relevance maps
// sit on the object, and measures what that does to their robustness.
//
//	go run ./cmd/robustvit demo
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
)

// Exit codes beside those of signals (run.ExitCode).
const (
	exitFault = 1
	exitUsage = 2
	exitPipe  = 128 + int(syscall.SIGPIPE) // the work is done, but the reader of its result is gone
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOTRACEBACK") == "" && !slices.Contains(os.Args, "--debug") {
		debug.SetTraceback("none") // what nothing can catch, such as no memory, in a line or two
	}
	// A reader that goes away must not end a training: the write fails instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
}

// garbagePercent lets less garbage wait than Go's 100: the heap is a few large
// arrays without pointers, so that collecting early costs little, and a large
// model's weights and checkpoints would otherwise stand there twice.
const garbagePercent = 25

// execute is the whole program but for the process around it.
func execute(args []string, stdout, stderr *os.File) int {
	c := &cli{}
	helped := false
	options := append(slices.Clone(numbers), kong.Name("robustvit"), kong.Description(description), kong.Writers(stdout, stderr), kong.Vars(maskDefaults()),
		kong.Exit(func(int) { helped = true }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
	parser, err := kong.New(c, options...)
	if err != nil {
		fmt.Fprintln(stderr, "robustvit:", err)
		return exitFault
	}
	lost := len(args) == 0
	if lost {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped && lost:
		fmt.Fprintln(stderr, "\nrobustvit: no command named; begin with: robustvit demo")
		return exitUsage
	case helped:
		return 0
	case err != nil && isWriteFault(err): // of the help
		fmt.Fprintln(stderr, "robustvit:", err)
		return exitFault
	case err != nil:
		return usage(err, stderr)
	}
	if name, _, _ := strings.Cut(parsed.Command(), " "); slices.Contains(computing, name) {
		hugePages()
	}
	ctx, stop := run.Context(context.Background())
	defer stop()
	s := newSession(c, stdout, stderr)
	parsed.Bind(s)
	parsed.BindTo(ctx, (*context.Context)(nil))
	finished := make(chan struct{})
	defer close(finished)
	go endSoon(ctx, finished, stderr)
	if !c.Sweep.List { // which writes nothing
		err = writable(parsed)
	}
	if err == nil {
		// Guard: graphs report wrong shapes by panic, and no panic reaches the user.
		err = backend.Guard(0, func() error { return parsed.Run() })
	}
	return s.exit(ctx, err)
}

// usage reports a command line that makes no sense.
func usage(err error, stderr io.Writer) int {
	command := ""
	if fault, ok := errors.AsType[*kong.ParseError](err); ok && fault.Context != nil && fault.Context.Selected() != nil {
		command = " " + fault.Context.Selected().Path()
		command = strings.TrimPrefix(command, " robustvit")
	}
	fmt.Fprintf(stderr, "robustvit: %v; see robustvit%s --help\n", err, command)
	return exitUsage
}

// computing are the commands that open a backend. That of bench does so in
// processes of its own.
var computing = []string{"demo", "pretrain", "finetune", "evaluate", "segment", "explain", "masks", "sweep", "export", "verify"}

func isWriteFault(err error) bool {
	fault, ok := errors.AsType[*fs.PathError](err)
	return ok && fault.Op == "write"
}

// patience is how long a step may go on after Ctrl-C. A run folder survives
// any kill, so ending amid a step loses at most one save interval.
const patience = 1800 * time.Millisecond

// endSoon ends the program when it was stopped and the device does not yield.
func endSoon(ctx context.Context, finished <-chan struct{}, stderr io.Writer) {
	select {
	case <-finished:
		return
	case <-ctx.Done():
	}
	select {
	case <-finished:
	case <-time.After(patience):
		cause := context.Cause(ctx)
		fmt.Fprintf(stderr, "\nrobustvit: %v amid a computation; what was saved is whole, the same command goes on from there\n", cause)
		os.Exit(run.ExitCode(cause))
	}
}
