package notebook

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// Sweep is where the notebooks on experiments work and on what: in dir, the
// folder of `robustvit sweep all`, on the embedded default; small, on few images
// for few steps, in the folder small beside it.
func Sweep(dir string, small bool) (string, experiment.Options) {
	if small {
		return filepath.Join(filepath.Dir(filepath.Clean(dir)), "small"), experiment.Small()
	}
	return dir, experiment.Defaults()
}

// RunExperiments runs the named experiments below dir with a live view and
// prints where they are. What is done already costs a second; the stop button
// ends it, and the cell run again goes on. A failure ends the cell with one line.
func RunExperiments(dir string, o experiment.Options, names ...string) {
	start := time.Now()
	s := &experiment.Sweep{Dir: dir, Setting: Must(experiment.Open(o)), Commit: experiment.Commit(Context(), ".")}
	var chosen []experiment.Experiment
	for _, name := range names {
		chosen = append(chosen, Must(experiment.Find(name)))
	}
	device, info := Must2(backend.Open(backend.Options{}))
	progress := NewProgress(strings.Join(names, ", ") + " on " + info.Name)
	s.Backend, s.Device = device, info
	s.Listen = experiment.Listener{Phase: progress.Phase, Points: func(done, total int, last string) {
		progress.Count(fmt.Sprintf("models (%s)", last), done, total)
	}}
	Check(s.Open())
	defer s.Close()
	for _, e := range chosen {
		Do(func(ctx context.Context) (*experiment.Results, error) { return s.Run(ctx, e) })
		page := Must(report.Write(filepath.Join(dir, e.Name)))
		fmt.Println("page:", page)
	}
	progress.End(fmt.Sprintf("finished, %.0f s", time.Since(start).Seconds()))
}

// ShowExperiment shows the sections of an experiment whose titles begin with one
// of the words, unfolded; without words its claims and all sections. It only reads
// the folder.
func ShowExperiment(dir, name string, titles ...string) {
	page := Must(report.Experiment(filepath.Join(dir, name)))
	if len(titles) == 0 {
		Show(lead(page)...)
	}
	shown, known := false, []string{}
	for _, s := range page.Sections {
		known = append(known, s.Title)
		if !begins(s.Title, titles) {
			continue
		}
		shown = true
		if s.Lead != "" {
			Show(viz.Prose{s.Lead})
		}
		Show(unfolded(s.Fragments, titles)...)
	}
	if !shown { // a small run may have no picture of a kind
		Show(viz.Prose{fmt.Sprintf("%s has no section %q here; it has %s.", name, strings.Join(titles, " or "), strings.Join(known, "; "))})
	}
}

// ShowClaims shows an experiment's question and what of the paper's claims held.
func ShowClaims(dir, name string) {
	Show(lead(Must(report.Experiment(filepath.Join(dir, name))))...)
}

// lead begins with the title: a cell may show several experiments.
func lead(page viz.Report) []viz.Fragment {
	return append([]viz.Fragment{viz.Prose{page.Title, page.Subtitle}}, page.Lead...)
}

// unfolded opens what a section hides until it is asked for: here it was, by name.
func unfolded(fragments []viz.Fragment, titles []string) []viz.Fragment {
	if len(titles) > 0 && len(fragments) == 1 {
		if hidden, ok := fragments[0].(viz.Details); ok {
			return hidden.Fragments
		}
	}
	return fragments
}

func begins(title string, words []string) bool {
	for _, word := range words {
		if strings.HasPrefix(title, word) {
			return true
		}
	}
	return len(words) == 0
}
