package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// Watch follows a finetuning that another process writes into the run folder
// dir, in one output block: bar, time left, loss curves and, where the run is
// watched ([finetune.Watch]), its heatmaps before and now. It reads nothing but
// the folder and ends when the run is done or has stopped, or with the stop
// button, which leaves the run be. What was shown last stays as static HTML.
func Watch(dir string) {
	s := theScreen()
	s.check(watch(Context(), s, dir, gonbui.UniqueID(), watchEvery))
}

const (
	watchEvery = time.Second
	sureAfter  = 3 // looks in a row without a writer: it has stopped, and is not just starting
)

// watch looks at the folder again and again.
func watch(ctx context.Context, s screen, dir, id string, every time.Duration) error {
	w := &watched{dir: dir, now: time.Now}
	plain, quiet := time.Time{}, 0
	for {
		state, err := w.look()
		if err != nil {
			return err
		}
		if state == idle {
			quiet++
		} else {
			quiet = 0
		}
		if quiet == sureAfter {
			w.stopped()
		}
		over := state == done || quiet == sureAfter
		if over || s.live || time.Since(plain) >= plainEvery {
			plain = time.Now()
			w.show(s, id)
		}
		if over {
			s.sync()
			return w.failed
		}
		select {
		case <-ctx.Done():
			w.view.Note = "You stopped watching; the run goes on. Run this cell again to watch, or stop it by: robustvit stop " + dir
			w.show(s, id)
			s.sync()
			return nil
		case <-time.After(every):
		}
	}
}

type state int

const (
	idle state = iota // nobody writes the folder
	live
	done
)

// watched is what is known of a run that is followed.
type watched struct {
	dir       string
	now       func() time.Time
	view      viz.Progress
	table     *viz.PictureTable
	begin     time.Time // of the first look that found a step
	beginStep int
	html      string // shown last
	failed    error
}

// look reads the folder.
func (w *watched) look() (state, error) {
	writer, err := run.Writer(w.dir)
	if err != nil {
		return idle, err
	}
	w.view.Title = "Run " + filepath.Clean(w.dir)
	r, err := run.Open(w.dir)
	if err != nil { // not begun, or not a run
		return w.beforeTheRun(writer, err)
	}
	if err := w.read(r); err != nil {
		return idle, err
	}
	switch {
	case r.IsDone():
		w.view.Status, w.view.Note, w.view.Left = "finished", "", 0
		w.view.Done = max(w.view.Done, w.view.Total)
		return done, nil
	case writer == nil:
		return idle, nil
	}
	w.view.Elapsed = writer.Since()
	w.estimate()
	return live, nil
}

// beforeTheRun is what can be said while there is no config.
func (w *watched) beforeTheRun(writer *run.Owner, cause error) (state, error) {
	said := run.LastOutput(w.dir)
	if writer != nil {
		w.view.Status, w.view.Note, w.view.Elapsed = "starting", said, writer.Since()
		return live, nil
	}
	if _, err := os.Stat(filepath.Join(w.dir, run.OutputFile)); err != nil {
		return idle, fmt.Errorf("nothing to watch: %w; start a run there first, such as by notebook.Detach", cause)
	}
	w.failed = errors.New("the run ended before it began: " + strings.TrimPrefix(said, "robustvit: "))
	return idle, nil
}

// read takes phase, losses and maps from the run folder.
func (w *watched) read(r *run.Run) error {
	w.failed = nil
	var config finetune.Config
	if err := r.Config(&config); err != nil {
		return err
	}
	w.view.Status, w.view.Note = "starting", run.LastOutput(w.dir)
	lines, err := run.ReadLines[finetune.LogLine](r, run.LogFile)
	if err != nil && r.Has(run.LogFile) {
		return err
	}
	if samples, err := run.ReadLines[struct{}](r, run.ManifestFile); err == nil && config.Batch > 0 {
		w.view.Total = config.Epochs * ((len(samples) + config.Batch - 1) / config.Batch)
	}
	if n := len(lines); n > 0 {
		last := lines[n-1]
		w.view.Done, w.view.Note = last.Step, ""
		w.view.Status = fmt.Sprintf("finetuning, epoch %d of %d", last.Epoch+1, config.Epochs)
		w.view.Terms = curves(lines)
	}
	if w.table, _, err = report.Watched(w.dir); err != nil {
		return err
	}
	return nil
}

// curves are the loss terms over the steps.
func curves(lines []finetune.LogLine) []viz.Term {
	var all []viz.Term
	for i, line := range lines {
		for j, t := range terms(line.Losses) {
			if i == 0 {
				all = append(all, viz.Term{Name: t.Name})
			}
			if j < len(all) {
				all[j].History = append(all[j].History, t.Value)
			}
		}
	}
	for i := range all {
		all[i].History = thin(all[i].History)
	}
	return all
}

// estimate is the time left by the steps since the first look.
func (w *watched) estimate() {
	switch {
	case w.view.Done == 0:
	case w.begin.IsZero():
		w.begin, w.beginStep = w.now(), w.view.Done
	case w.view.Done > w.beginStep && w.view.Total > w.view.Done:
		each := w.now().Sub(w.begin) / time.Duration(w.view.Done-w.beginStep)
		w.view.Left = each * time.Duration(w.view.Total-w.view.Done)
	}
}

// stopped says how a run that nobody writes goes on.
func (w *watched) stopped() {
	w.view.Left = 0
	w.view.Status = fmt.Sprintf("stopped after step %d", w.view.Done)
	w.view.Note = "It goes on by: robustvit finetune --resume --dir " + w.dir
	if said := run.LastOutput(w.dir); strings.HasPrefix(said, "robustvit: ") {
		w.view.Note += ". It said: " + strings.TrimPrefix(said, "robustvit: ")
	}
}

// show sends the view, if it has changed.
func (w *watched) show(s screen, id string) {
	if !s.live {
		fmt.Fprintf(s.out, "%s: %s, %d of %d\n", w.view.Title, w.view.Status, w.view.Done, w.view.Total)
		if w.view.Note != "" {
			fmt.Fprintln(s.out, w.view.Note)
		}
		return
	}
	html, err := viz.HTML(w.view)
	if err == nil && w.table != nil {
		var maps string
		maps, err = viz.HTML(*w.table)
		html += maps
	}
	if err == nil && html != w.html { // a view that fails must not end the watching
		w.html = html
		s.update(id, html)
	}
}
