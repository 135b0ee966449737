package notebook

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// Progress is the live view of one job, in one output block that is replaced in
// place: phase, bar, time left and the curves of the loss terms. In a plain
// terminal it prints a line now and then. Its methods fit the listeners of the
// jobs and may be called from several goroutines.
type Progress struct {
	mu     sync.Mutex
	screen screen
	id     string
	view   viz.Progress
	start  time.Time
	begin  time.Time // of the phase
	first  stepAt    // of the phase: it compiles, so that time left is told by the others
	steps  int       // of the last training
	now    func() time.Time
	drawn  time.Time
	terms  map[string]int // place of a term in view.Terms
	said   string         // last line printed
	fresh  bool           // a phase began, its first step has not come
	every  time.Duration
	maps   maps
}

// stepAt is a step with its time.
type stepAt struct {
	step int
	at   time.Time
}

// maps are the heatmaps of a watched run, read again now and then.
type maps struct {
	dir  string // of the run; "" for none
	read time.Time
	html string
}

const (
	liveEvery  = 300 * time.Millisecond // a notebook redraws without flicker
	plainEvery = 10 * time.Second
	maxPoints  = 200 // of a curve; more cannot be seen and would grow the page
)

// NewProgress begins a live view.
func NewProgress(title string) *Progress {
	return newProgress(title, theScreen(), gonbui.UniqueID(), time.Now)
}

func newProgress(title string, s screen, id string, now func() time.Time) *Progress {
	p := &Progress{screen: s, id: id, now: now, start: now(), begin: now(), terms: map[string]int{}, every: plainEvery}
	if s.live {
		p.every = liveEvery
	}
	p.view.Title = title
	return p
}

// Phase begins a part of the job.
func (p *Progress) Phase(title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin = p.now()
	p.view.Status, p.view.Done, p.view.Total, p.view.Left = title, 0, 0, 0
	p.fresh = true
	p.draw(true)
}

// Term is the value of one loss term in one step.
type Term struct {
	Name  string
	Value float64
}

// Step follows a training: done of total steps, and the terms of this one.
func (p *Progress) Step(done, total int, terms ...Term) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view.Done, p.view.Total, p.steps, p.view.Left = done, total, total, -1
	if p.fresh || p.first.step == 0 { // curves stay through an evaluation, until the next training
		p.view.Terms, p.terms, p.fresh = nil, map[string]int{}, false
		p.first = stepAt{done, p.now()}
	}
	if n := done - p.first.step; n > 0 {
		p.view.Left = p.now().Sub(p.first.at) / time.Duration(n) * time.Duration(total-done)
	}
	for _, t := range terms {
		i, known := p.terms[t.Name]
		if !known {
			i = len(p.view.Terms)
			p.terms[t.Name] = i
			p.view.Terms = append(p.view.Terms, viz.Term{Name: t.Name})
		}
		p.view.Terms[i].History = append(p.view.Terms[i].History, t.Value)
	}
	p.draw(done == total)
}

// Count follows something without loss terms, such as images evaluated.
func (p *Progress) Count(what string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if what != "" && p.view.Status != what {
		p.view.Status, p.begin = what, p.now()
	}
	p.view.Done, p.view.Total, p.view.Left = done, total, 0
	p.draw(done == total)
}

// Note says something the user should know, below the bar.
func (p *Progress) Note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view.Note = text
	if !p.screen.live {
		fmt.Fprintln(p.screen.out, text)
	}
	p.draw(true)
}

// Maps shows the heatmaps of the watched run in dir ([finetune.Watch]) below
// the bar, before and now.
func (p *Progress) Maps(dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.maps = maps{dir: dir}
}

// refresh reads the maps where some time has passed, or at the end.
func (m *maps) refresh(now time.Time, end bool) string {
	if m.dir == "" || !end && now.Sub(m.read) < 2*time.Second {
		return m.html
	}
	m.read = now
	if table, _, err := report.Watched(m.dir); err == nil && table != nil {
		if html, err := viz.HTML(*table); err == nil {
			m.html = html
		}
	}
	return m.html
}

// End leaves the view with a last word: the curves and maps of the last training
// and the time of the whole job; where there was nothing to do, one line.
func (p *Progress) End(status string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.view.Total == 0 {
		p.view.Total = p.steps
	}
	p.view.Status, p.view.Done, p.view.Left, p.begin = status, p.view.Total, 0, p.start
	if p.view.Total == 0 && p.screen.live {
		if p.view.Note != "" {
			status = p.view.Note // such as: it was done before
		}
		if html, err := viz.HTML(viz.Prose{p.view.Title + ": " + status}); err == nil {
			p.screen.update(p.id, html)
		}
	} else {
		p.draw(true)
	}
	p.screen.sync()
}

// draw sends the view; in between two drawings it is only kept. The lock is held.
func (p *Progress) draw(force bool) {
	now := p.now()
	if !force && now.Sub(p.drawn) < p.every {
		return
	}
	p.drawn = now
	p.view.Elapsed = now.Sub(p.begin)
	if p.screen.live {
		view := p.view
		view.Terms = nil
		for _, t := range p.view.Terms { // the whole curve, thinned each time
			t.History = thin(t.History)
			view.Terms = append(view.Terms, t)
		}
		if html, err := viz.HTML(view); err == nil { // a view that fails must not end the job
			p.screen.update(p.id, html+p.maps.refresh(now, force))
		}
		return
	}
	line := p.view.Title
	if p.view.Status != "" {
		line += ": " + p.view.Status
	}
	if p.view.Total > 0 {
		line += fmt.Sprintf(", %d of %d", p.view.Done, p.view.Total)
	}
	for _, t := range p.view.Terms {
		if p.fresh {
			break // they belong to the phase before
		}
		line += fmt.Sprintf(", %s %.4g", t.Name, t.History[len(t.History)-1])
	}
	if line = strings.TrimSpace(line); line != p.said {
		p.said = line
		fmt.Fprintln(p.screen.out, line)
	}
}

// thin keeps evenly spaced points of a long curve; the last one, which is the
// value shown, always stays.
func thin(history []float64) []float64 {
	n := len(history)
	if n <= maxPoints {
		return history
	}
	kept := make([]float64, maxPoints)
	for i := range kept {
		kept[i] = history[i*(n-1)/(maxPoints-1)]
	}
	return kept
}
