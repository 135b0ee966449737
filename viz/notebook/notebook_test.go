package notebook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz"
)

// fake records what a cell sends.
type fake struct {
	shown, updated, ids []string
	synced              int
	code                int
	out, err            bytes.Buffer
}

func (f *fake) screen(live bool) screen {
	return screen{
		live: live, out: &f.out, err: &f.err,
		show:   func(html string) { f.shown = append(f.shown, html) },
		update: func(id, html string) { f.ids = append(f.ids, id); f.updated = append(f.updated, html) },
		sync:   func() { f.synced++ },
		exit:   func(code int) { f.code = code },
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		err  error
		text string
		code int
	}{
		{"none", nil, "", 0},
		{"fault on one line", fmt.Errorf("load weights %q:\n\tfound 3 tensors", "a.safetensors"), "error: load weights \"a.safetensors\": found 3 tensors\n", 1},
		{"stop button", fmt.Errorf("finetune: %w", &run.Stopped{}), stoppedText + "\n", 130},
		{"cancelled", fmt.Errorf("finetune: %w", context.Canceled), stoppedText + "\n", 130},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var f fake
			f.screen(true).check(test.err)
			if f.err.String() != test.text || f.code != test.code {
				t.Errorf("got %q and status %d, want %q and %d", &f.err, f.code, test.text, test.code)
			}
			if (f.synced > 0) != (test.err != nil) {
				t.Errorf("output flushed %d times", f.synced)
			}
		})
	}
}

func TestMust(t *testing.T) {
	if got := Must(3, error(nil)); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}

func TestShow(t *testing.T) {
	table := viz.Table{Columns: []viz.Column{{Name: "set"}, {Name: "top-1"}},
		Rows: []viz.TableRow{{Cells: []viz.Cell{viz.Text("<val>"), viz.Number(81.2, 1)}}}}
	var live, plain fake
	live.screen(true).showAll([]viz.Fragment{table, nil, viz.Prose{"a"}})
	if live.synced != 1 {
		t.Errorf("flushed %d times: a cell that ends now could lose its output", live.synced)
	}
	if len(live.shown) != 2 || !strings.Contains(live.shown[0], "&lt;val&gt;") || live.out.Len() != 0 {
		t.Errorf("notebook: shown %q, printed %q", live.shown, &live.out)
	}
	plain.screen(false).showAll([]viz.Fragment{table, viz.Curves{}})
	if text := plain.out.String(); len(plain.shown) != 0 || !strings.Contains(text, "81.2") || !strings.Contains(text, "(curves:") {
		t.Errorf("terminal: shown %q, printed %q", plain.shown, text)
	}
	// What cannot be drawn fails the cell, with the reason.
	var bad fake
	bad.screen(true).showAll([]viz.Fragment{viz.Table{Rows: []viz.TableRow{{Cells: []viz.Cell{viz.Text("x"), viz.Text("y")}}}}})
	if bad.code != 1 || !strings.HasPrefix(bad.err.String(), "error: viz: ") {
		t.Errorf("bad table: status %d, %q", bad.code, &bad.err)
	}
}

// TestShowIsBounded shows heatmaps one by one: all of them together stay within
// what a cell may hold, and one line counts the rest.
func TestShowIsBounded(t *testing.T) {
	const side, all = 128, 400
	picture := viz.Picture{Width: side, Height: side, Pix: make([]uint8, 3*side*side)}
	relevance := viz.Map{Width: side, Height: side, Pix: make([]float32, side*side)}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range picture.Pix { // noise takes the most bytes
		picture.Pix[i] = uint8(rng.Uint32())
	}
	one := viz.Gallery{Items: []viz.GalleryItem{{Picture: picture, Views: []viz.View{{Name: "map", Relevance: &relevance}}}}}
	var f fake
	s := f.screen(true)
	s.room = &room{}
	for range all {
		s.showAll([]viz.Fragment{one})
	}
	bytes := 0
	for _, html := range f.shown {
		bytes += len(html)
	}
	if bytes > viz.CellBytes || bytes < viz.CellBytes*8/10 {
		t.Errorf("%d heatmaps in %d bytes, expected at most %d and not much less", len(f.shown), bytes, viz.CellBytes)
	}
	want := fmt.Sprintf("Left out to bound the size of the notebook: %d more.", all-len(f.shown))
	if n := len(f.updated); n == 0 || !strings.Contains(f.updated[n-1], want) || f.ids[0] != f.ids[n-1] {
		t.Errorf("%d updates, the last %q, expected %q in one block", n, f.updated[max(n-1, 0):], want)
	}
}

// clock is a hand-driven time.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestProgress(t *testing.T) {
	var f fake
	c := &clock{time.Unix(0, 0)}
	p := newProgress("Finetune", f.screen(true), "id7", c.now)
	p.Phase("finetuning")
	for i := 1; i <= 1000; i++ { // 10 s of steps
		c.t = c.t.Add(10 * time.Millisecond)
		p.Step(i, 1000, Term{"background", 1 / float64(i)}, Term{"class", 2})
	}
	p.Note("runs/x")
	p.End("finished")
	if n := len(f.updated); n < 30 || n > 40 {
		t.Errorf("%d updates in 10 s, want about 3 a second", n)
	}
	last := f.updated[len(f.updated)-1]
	for _, want := range []string{"Finetune", "finished", "step 1000 of 1000", "background", "runs/x", "0.001"} {
		if !strings.Contains(last, want) {
			t.Errorf("the view lacks %q", want)
		}
	}
	if len(last) > 40_000 {
		t.Errorf("the view has %d bytes: it grows with the run", len(last))
	}
	for _, id := range f.ids {
		if id != "id7" {
			t.Fatalf("updates go to %q and %q, want one block", id, "id7")
		}
	}
	if f.synced == 0 || f.out.Len() != 0 {
		t.Errorf("synced %d times, printed %q", f.synced, &f.out)
	}
}

// A job whose last phase has no steps still ends with what its training showed.
func TestProgressKeepsTheTraining(t *testing.T) {
	var f fake
	c := &clock{time.Unix(0, 0)}
	p := newProgress("Main job", f.screen(true), "id", c.now)
	p.Phase("finetune: Ours")
	c.t = c.t.Add(20 * time.Second) // compiling
	p.Step(1, 3, Term{"background", 0.5})
	if first := f.updated[len(f.updated)-1]; strings.Contains(first, "left") {
		t.Errorf("time left is told from the step that compiles: %s", first)
	}
	c.t = c.t.Add(time.Second)
	p.Step(2, 3, Term{"background", 0.25})
	if second := f.updated[len(f.updated)-1]; !strings.Contains(second, "0:01 left") {
		t.Errorf("a second a step, one to go, and not 0:01 left: %s", second)
	}
	p.Step(3, 3, Term{"background", 0.125})
	p.Phase("gallery")
	c.t = c.t.Add(39 * time.Second)
	p.End("finished")
	last := f.updated[len(f.updated)-1]
	for _, want := range []string{"finished", "step 3 of 3", ">background<", "0.125", "1:00 elapsed"} {
		if !strings.Contains(last, want) {
			t.Errorf("the view lacks %q", want)
		}
	}
}

func TestProgressOfJobDoneBefore(t *testing.T) {
	var f fake
	p := newProgress("Main job", f.screen(true), "id", (&clock{time.Unix(0, 0)}).now)
	p.Note("runs/demo is done already")
	p.End("finished")
	if last := f.updated[len(f.updated)-1]; strings.Contains(last, "step 0") || !strings.Contains(last, "runs/demo is done already") {
		t.Errorf("a job that had nothing to do shows an empty bar: %s", last)
	}
}

func TestProgressInTerminal(t *testing.T) {
	var f fake
	c := &clock{time.Unix(0, 0)}
	p := newProgress("Main job", f.screen(false), "", c.now)
	p.Phase("finetuning")
	for i := 1; i <= 100; i++ {
		c.t = c.t.Add(time.Second)
		p.Step(i, 100, Term{"loss", 0.5})
	}
	p.Count("evaluating", 1, 2)
	p.End("finished")
	lines := strings.Split(strings.TrimSpace(f.out.String()), "\n")
	if len(lines) < 10 || len(lines) > 15 || len(f.updated) != 0 {
		t.Errorf("%d lines, %d updates:\n%s", len(lines), len(f.updated), &f.out)
	}
	if want := "Main job: finetuning, 100 of 100, loss 0.5"; !strings.Contains(f.out.String(), want) {
		t.Errorf("lacks %q:\n%s", want, &f.out)
	}
}

func TestThin(t *testing.T) {
	long := make([]float64, 12345)
	for i := range long {
		long[i] = float64(i)
	}
	got := thin(long)
	if len(got) != maxPoints || got[0] != 0 || got[maxPoints-1] != 12344 {
		t.Errorf("%d points from %g to %g", len(got), got[0], got[len(got)-1])
	}
	if short := thin(long[:5]); len(short) != 5 {
		t.Errorf("a short curve lost points: %d", len(short))
	}
}

func TestDo(t *testing.T) {
	stopped, cancel := context.WithCancelCause(t.Context())
	cancel(&run.Stopped{})
	tests := []struct {
		name string
		ctx  context.Context
		work func(context.Context) (int, error)
		text string
		code int
	}{
		{"good", t.Context(), func(context.Context) (int, error) { return 7, nil }, "", 0},
		{"error", t.Context(), func(context.Context) (int, error) { return 0, fmt.Errorf("no mask") }, "error: no mask\n", 1},
		{"panic", t.Context(), func(context.Context) (int, error) { panic("shape [2, 3]\nwanted [2, 4]") }, "error: shape [2, 3] wanted [2, 4]\n", 1},
		{"stop button", stopped, func(ctx context.Context) (int, error) { return 0, fmt.Errorf("load: %w", ctx.Err()) },
			stoppedText + "\n", 130},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var f fake
			got := do(f.screen(true), test.ctx, test.work)
			if f.err.String() != test.text || f.code != test.code || (test.code == 0) != (got == 7) {
				t.Errorf("got %d, %q, status %d; want %q and %d", got, &f.err, f.code, test.text, test.code)
			}
		})
	}
}

// TestDoAmidComputation stops work that does not listen.
func TestDoAmidComputation(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(&run.Stopped{})
	var f fake
	s := f.screen(true)
	exited := make(chan int)
	s.exit = func(code int) { exited <- code }
	release := make(chan struct{})
	go do(s, ctx, func(context.Context) (int, error) { <-release; return 1, nil })
	start := time.Now()
	if code := <-exited; code != 130 || time.Since(start) > 4*time.Second {
		t.Errorf("status %d after %v, want 130 well before the kernel's 5 s", code, time.Since(start))
	}
	close(release)
}

func TestWhileParent(t *testing.T) {
	var kernel atomic.Int64
	kernel.Store(7)
	parent := func() int { return int(kernel.Load()) }
	gone := make(chan struct{})
	ctx := whileParent(t.Context(), parent, time.Millisecond, func() { close(gone) })
	time.Sleep(20 * time.Millisecond)
	if ctx.Err() != nil {
		t.Fatal("ended while the kernel lives")
	}
	kernel.Store(1)
	<-ctx.Done()
	var stopped *run.Stopped
	if !errors.As(context.Cause(ctx), &stopped) {
		t.Errorf("ended by %v, want a stop that can be resumed", context.Cause(ctx))
	}
	<-gone
}

func TestListener(t *testing.T) {
	var f fake
	p := newProgress("Main job", f.screen(true), "id", (&clock{time.Unix(0, 0)}).now)
	listener := p.MainListener(mainjob.Main{})
	listener.Phase("finetune: Control")
	listener.Step("control", finetune.Event{Step: 1, Steps: 1, Losses: robustvit.Losses{Total: 2, Class: 2}})
	if last := f.updated[len(f.updated)-1]; strings.Contains(last, ">background<") || !strings.Contains(last, ">classification<") {
		t.Error("a control without relevance term shows a relevance loss")
	}
	listener.Phase("evaluate: Control")
	listener.Count("val", 1, 2)
	if last := f.updated[len(f.updated)-1]; !strings.Contains(last, ">classification<") {
		t.Error("the curves are gone during the evaluation")
	}
	listener.Phase("finetune: Ours")
	p.TrainingListener().Step(finetune.Event{Step: 1, Steps: 1, Losses: robustvit.Losses{Total: 2, Relevance: 1, Background: 0.25}})
	if last := f.updated[len(f.updated)-1]; !strings.Contains(last, ">background<") || !strings.Contains(last, "0.25") {
		t.Error("the background loss is not shown")
	}
}
