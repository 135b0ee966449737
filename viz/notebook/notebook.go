// Package notebook is how a cell of a GoNB notebook shows things and fails: it
// displays the fragments of package viz, keeps one live view of a running job,
// and turns errors into one clear line. It is the only package that talks to
// GoNB. The same program in a plain terminal prints text instead.
package notebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/robustvit/workbench/internal/foreign"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz"
)

// screen is where a cell's output goes.
type screen struct {
	live   bool // a notebook listens
	show   func(html string)
	update func(id, html string)
	sync   func()
	out    io.Writer
	err    io.Writer
	exit   func(code int)
	room   *room
}

func theScreen() screen {
	return screen{
		live: gonbui.IsNotebook, show: gonbui.DisplayHTML, update: gonbui.UpdateHTML, sync: gonbui.Sync,
		out: os.Stdout, err: os.Stderr, exit: os.Exit, room: &cellRoom,
	}
}

// Show displays the fragments below the cell, one under the other. In a plain
// terminal tables come as text and everything else as a line that names it.
func Show(fragments ...viz.Fragment) { theScreen().showAll(fragments) }

func (s screen) showAll(fragments []viz.Fragment) {
	for _, f := range fragments {
		if f == nil {
			continue
		}
		if s.live {
			s.check(s.display(f))
			continue
		}
		s.check(s.print(f))
	}
	s.sync() // what is still in the pipe when a cell's process ends may be lost
}

func (s screen) print(f viz.Fragment) error {
	if table, ok := f.(viz.Table); ok {
		return table.WriteText(s.out, viz.TextOptions{})
	}
	name := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", f), "viz."))
	_, err := fmt.Fprintf(s.out, "(%s: open the notebook or the report to see it)\n", name)
	return err
}

// Check ends the cell when err is not nil: one line on stderr, no stack, exit
// status 1; 130 and a word on how to go on when the stop button was pressed.
func Check(err error) { theScreen().check(err) }

func (s screen) check(err error) {
	if err == nil {
		return
	}
	s.sync() // what was shown so far must not be lost with the process
	var stopped *run.Stopped
	if errors.As(err, &stopped) || errors.Is(err, context.Canceled) {
		fmt.Fprintln(s.err, stoppedText)
		s.exit(130)
		return
	}
	fmt.Fprintln(s.err, "error: "+foreign.Text(strings.Join(strings.Fields(err.Error()), " ")))
	s.exit(1)
}

// Must returns v, or ends the cell as [Check] does.
func Must[T any](v T, err error) T {
	Check(err)
	return v
}

// Must2 is [Must] for two values.
func Must2[A, B any](a A, b B, err error) (A, B) {
	Check(err)
	return a, b
}

// Do runs work that takes longer than a second and returns its result. The
// stop button and Ctrl-C cancel its context. An error ends the cell as [Check]
// does, and so does a panic: graphs report wrong shapes that way.
func Do[T any](work func(context.Context) (T, error)) T {
	return do(theScreen(), Context(), work)
}

// patience is how long a step may go on after the stop button: the kernel
// kills a cell after 5 s, without a word. A run folder survives both.
const patience = 2 * time.Second

const stoppedText = "stopped; run this cell again to go on from the last save"

func do[T any](s screen, ctx context.Context, work func(context.Context) (T, error)) (result T) {
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-finished:
			return
		case <-ctx.Done():
		}
		select {
		case <-finished:
		case <-time.After(patience): // amid a compilation, which does not listen
			s.check(context.Cause(ctx))
		}
	}()
	err := func() (err error) {
		defer func() {
			if fault := recover(); fault != nil {
				err = fmt.Errorf("%v", fault)
			}
		}()
		result, err = work(ctx)
		return err
	}()
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // why it was stopped, not where
	}
	s.check(err)
	return result
}

// Context returns a context that the stop button and Ctrl-C cancel, for what
// takes longer than a second, and the end of the kernel: a restarted one must
// not find the run folder locked by what nobody sees any more. The kernel kills
// a cell that goes on for 5 s.
func Context() context.Context {
	ctx, _ := run.Context(context.Background()) // until the cell's process ends
	if !gonbui.IsNotebook {
		return ctx
	}
	return whileParent(ctx, os.Getppid, time.Second, func() {
		time.Sleep(patience)
		os.Exit(130) // showing a last word would wait for the kernel for ever
	})
}

// whileParent ends the context, and calls gone, when another process becomes the
// parent: the one that was has ended. It looks on after the stop button: a
// kernel that is restarted presses it and does not wait.
func whileParent(ctx context.Context, parent func() int, every time.Duration, gone func()) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	kernel := parent()
	go func() {
		for parent() == kernel {
			time.Sleep(every)
		}
		cancel(&run.Stopped{})
		gone()
	}()
	return ctx
}
