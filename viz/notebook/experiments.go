package notebook

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// RunExperiments runs the named experiments below dir with a live view and
// prints where they are. What is done already costs a second; the stop button
// ends it, and the cell run again goes on. A failure ends the cell with one line.
func RunExperiments(dir string, o experiment.Options, names ...string) {
	start := time.Now()
	s := &experiment.Sweep{Dir: dir, Setting: Must(experiment.Open(o))}
	var chosen []experiment.Experiment
	for _, name := range names {
		chosen = append(chosen, Must(experiment.Find(name)))
	}
	device, info := Must2(backend.Open(backend.Options{}))
	progress := NewProgress(strings.Join(names, ", ") + " on " + info.Name)
	s.Backend, s.Device, s.Parallel = device, info, min(runtime.NumCPU(), 4)
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

// ShowExperiment shows an experiment's claims and the sections whose titles
// begin with one of the words; without words all of them. It only reads the folder.
func ShowExperiment(dir, name string, titles ...string) {
	page := Must(report.Experiment(filepath.Join(dir, name)))
	if len(titles) == 0 {
		Show(page.Lead...)
	}
	for _, s := range page.Sections {
		if !begins(s.Title, titles) {
			continue
		}
		if s.Lead != "" {
			Show(viz.Prose{s.Lead})
		}
		Show(s.Fragments...)
	}
}

// ShowClaims shows what of the paper's claims held.
func ShowClaims(dir, name string) {
	page := Must(report.Experiment(filepath.Join(dir, name)))
	Show(page.Lead...)
}

func begins(title string, words []string) bool {
	for _, word := range words {
		if strings.HasPrefix(title, word) {
			return true
		}
	}
	return len(words) == 0
}
