package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows what a job does: a line a phase, and below it a bar in a
// terminal or now and then a line where the output goes to a file. It keeps the
// time of each phase.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	width    int
	phases   []phase
	bar      *progressbar.ProgressBar
	barName  string
	spoke    time.Time
}

type phase struct {
	title   string
	begin   time.Time
	seconds float64
}

const (
	barWidth = 14
	barRest  = 40 // columns for counts, percent and times beside the description
	sparse   = 15 * time.Second
)

func newProgress(stderr *os.File, quiet bool) *progress {
	if quiet {
		return &progress{w: io.Discard}
	}
	p := &progress{w: stderr, terminal: term.IsTerminal(int(stderr.Fd()))}
	if width, _, err := term.GetSize(int(stderr.Fd())); err == nil {
		p.width = width
	}
	return p
}

// Phase begins a part of the job.
func (p *progress) Phase(title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endPhase()
	p.phases = append(p.phases, phase{title: title, begin: time.Now()})
	p.spoke = time.Now()
	fmt.Fprintln(p.w, "==", plain(title))
}

func (p *progress) endPhase() {
	p.clear()
	if n := len(p.phases); n > 0 && p.phases[n-1].seconds == 0 {
		p.phases[n-1].seconds = time.Since(p.phases[n-1].begin).Seconds()
	}
}

func (p *progress) clear() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar, p.barName = nil, ""
	}
}

// Note says something the user should know.
func (p *progress) Note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.w, "  ", plain(text))
}

// Write lets packages that print lines do it between bars.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(text)
}

// Step shows a training step.
func (p *progress) Step(e finetune.Event) {
	terms := fmt.Sprintf("loss %.3f", e.Losses.Total)
	if e.Losses.Relevance != 0 {
		terms = fmt.Sprintf("loss %.3f (bg %.3f, fg %.3f, class %.3f)", e.Losses.Total, e.Losses.Background, e.Losses.Foreground, e.Losses.Class)
	}
	left := ""
	if e.Left > 0 {
		left = ", " + e.Left.Round(time.Second).String() + " left"
	}
	p.show("step", terms, e.Step, e.Steps, left)
}

// Count shows how much of something is done.
func (p *progress) Count(what string, done, total int) { p.show(what, what, done, total, "") }

// Done shows how much of one thing is done.
func (p *progress) Done(what string) func(done, total int) {
	return func(done, total int) { p.Count(what, done, total) }
}

func (p *progress) show(name, text string, done, total int, left string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal {
		p.draw(name, text, done, total)
		return
	}
	if time.Since(p.spoke) >= sparse {
		p.spoke = time.Now()
		fmt.Fprintf(p.w, "   %d of %d, %s%s\n", done, total, text, left)
	}
}

func (p *progress) draw(name, text string, done, total int) {
	if p.bar == nil || p.barName != name || p.bar.GetMax() != total {
		p.clear()
		p.barName = name
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetWidth(barWidth),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(true))
	}
	if most := p.width - barWidth - barRest; len(text) > most && most > 0 {
		text = strings.TrimRight(text[:most], " ,(")
	}
	// An error here is of the terminal: the job goes on without its bar.
	p.bar.Describe("   " + text)
	_ = p.bar.Set(done)
}

// End closes the last phase; it may be called again.
func (p *progress) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endPhase()
}

// Seconds adds up the phases whose title begins with one of the words.
func (p *progress) Seconds(words ...string) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := 0.0
	for _, phase := range p.phases {
		for _, word := range words {
			if strings.HasPrefix(phase.title, word) {
				seconds := phase.seconds
				if seconds == 0 {
					seconds = time.Since(phase.begin).Seconds()
				}
				sum += seconds
			}
		}
	}
	return sum
}
