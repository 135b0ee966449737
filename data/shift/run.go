package shift

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/robustvit/workbench/data"
	"golang.org/x/sync/errgroup"
)

// Job makes shifted copies of a set.
type Job struct {
	Set      data.Dataset // with masks, for the kinds that need them
	Dir      string       // receives KIND/CLASS/FILE.png, KIND_masks, KIND.jsonl, classes.txt and sets.txt
	Kinds    []string     // names; nil = all that the set allows
	Seed     uint64
	Cache    data.CacheSize // memory for decoded images: every kind reads them
	Progress func(done, total int)
}

// Count is what became of the samples for one kind: Used + Skipped = Listed.
type Count struct {
	Set     string         `json:"set"`
	Title   string         `json:"title"`
	Listed  int            `json:"listed"`
	Used    int            `json:"used"`
	Skipped int            `json:"skipped"`
	Masks   int            `json:"masks"`             // of the used ones
	Reasons map[string]int `json:"reasons,omitempty"` // of the skipped ones
}

// Line is one sample of a manifest.
type Line struct {
	ID      string         `json:"id"` // in the shifted set
	Source  string         `json:"source"`
	Class   string         `json:"class"`
	Image   string         `json:"source_sha256,omitempty"` // of the source's decoded pixels
	Mask    string         `json:"mask_sha256,omitempty"`
	Written string         `json:"image_sha256,omitempty"` // of the shifted pixels
	Params  map[string]any `json:"params,omitempty"`
	Skipped string         `json:"skipped,omitempty"` // the reason why there is no shifted copy
}

// Run writes the sets. Run again with the same settings it writes the same
// bytes; a folder of other settings is refused. The first sample that cannot be
// read ends it: none is left out silently.
func Run(ctx context.Context, job Job) ([]Count, error) {
	masked, err := job.masked()
	if err != nil {
		return nil, err
	}
	kinds, err := choose(job.Kinds, len(masked) > 0)
	if err != nil {
		return nil, fmt.Errorf("shift %s: %w", job.Set.Name(), err)
	}
	o, err := claim(job, kinds)
	if err != nil {
		return nil, err
	}
	if err := data.Begin(job.Dir, "robustvit data shift --out "+job.Dir); err != nil {
		return nil, fmt.Errorf("shift: %w", err)
	}
	w := &worker{Job: job, out: o, masked: masked, set: data.Cached(job.Set, job.Cache.Bytes())}
	w.total = len(kinds) * job.Set.Len()
	var counts []Count
	for _, k := range kinds {
		lines, err := w.kind(ctx, k)
		if err != nil {
			return nil, err
		}
		if err := o.manifest(k.Name, lines); err != nil {
			return nil, err
		}
		counts = append(counts, count(k, lines))
	}
	return counts, o.finish(job.Set.Classes(), counts)
}

// masked lists the samples with a mask.
func (job Job) masked() ([]int, error) {
	var indices []int
	for i := range job.Set.Len() {
		has, err := data.HasMask(job.Set, i)
		if err != nil {
			return nil, err
		}
		if has {
			indices = append(indices, i)
		}
	}
	return indices, nil
}

type worker struct {
	Job
	out    output
	masked []int
	set    data.Dataset
	total  int

	mu   sync.Mutex
	done int
}

// step reports one sample more, from one goroutine at a time.
func (w *worker) step() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done++; w.Progress != nil {
		w.Progress(w.done, w.total)
	}
}

// kind shifts every sample, in parallel; the lines keep the order of the set.
func (w *worker) kind(ctx context.Context, k Kind) ([]Line, error) {
	lines := make([]Line, w.set.Len())
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range lines {
		if running.Err() != nil {
			break
		}
		group.Go(func() error {
			var err error
			if lines[i], err = w.one(k, i); err == nil {
				w.step()
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return lines, context.Cause(ctx)
}

// one shifts sample i and writes it.
func (w *worker) one(k Kind, i int) (Line, error) {
	entry := w.set.Entry(i)
	name := entry.ID[strings.LastIndex(entry.ID, "/")+1:]
	line := Line{ID: k.Name + "/" + w.set.Classes()[entry.Class] + "/" + name, Source: entry.ID, Class: w.set.Classes()[entry.Class]}
	if has, err := data.HasMask(w.Set, i); k.Mask && !has {
		line.Skipped = noMask
		return line, err
	}
	sample, err := w.set.Load(i)
	if err != nil {
		return line, err
	}
	t := task{sample: sample, draws: data.NewDraws(fmt.Sprintf("%d %s %s", w.Seed, k.Name, entry.ID)), donor: w.donor(i)}
	shifted, err := k.apply(t)
	if err != nil {
		return line, err
	}
	line.Image, line.Params, line.Skipped = sample.Image.SHA256(), shifted.params, shifted.skip
	if sample.Mask != nil {
		line.Mask = sample.Mask.SHA256()
	}
	if shifted.skip != "" {
		return line, nil
	}
	line.Written = shifted.image.SHA256()
	return line, w.out.sample(k.Name, filepath.Join(line.Class, name+".png"), shifted)
}

// donor draws another sample with a usable mask, of another class where there
// is one; a sample without image where there is none.
func (w *worker) donor(of int) func(d *data.Draws) (data.Sample, error) {
	return func(d *data.Draws) (data.Sample, error) {
		class := w.set.Entry(of).Class
		var others, same []int
		for _, i := range w.masked {
			switch {
			case w.set.Entry(i).Class != class:
				others = append(others, i)
			case i != of:
				same = append(same, i)
			}
		}
		for _, candidates := range [][]int{others, same} {
			for len(candidates) > 0 {
				n := d.Below(len(candidates))
				s, err := w.set.Load(candidates[n])
				if err != nil || usable(s.Mask) == "" {
					return s, err
				}
				candidates = append(candidates[:n], candidates[n+1:]...)
			}
		}
		return data.Sample{}, nil
	}
}

func count(k Kind, lines []Line) Count {
	c := Count{Set: k.Name, Title: k.Title, Listed: len(lines), Reasons: map[string]int{}}
	for _, line := range lines {
		switch {
		case line.Skipped != "":
			c.Skipped++
			c.Reasons[line.Skipped]++
		default:
			c.Used++
			if line.Mask != "" {
				c.Masks++
			}
		}
	}
	return c
}
