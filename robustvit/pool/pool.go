package pool

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
)

// Pool makes and measures models below Dir. Its methods may be called from
// several goroutines, and several processes may work below one Dir: what two of
// them ask for is made once.
type Pool struct {
	Dir     string
	Backend compute.Backend
	Device  backend.Info
	Cache   data.CacheSize // memory for decoded images: every model sees the same
	Listen  Listener

	mu         sync.Mutex
	bases      map[string]*Base
	busy       map[string]*sync.Mutex // by folder or file
	budget     *data.Budget
	sets       map[setKey]evaluate.Test
	predictors map[string][]*loaded // compiled and idle, by geometry
}

// Listener hears what a pool does; its functions may be nil.
type Listener struct {
	Step  func(s Spec, e finetune.Event)
	Count func(what string, done, total int)
	Note  func(text string)
}

// Open prepares a pool; nothing is computed yet.
func Open(dir string, b compute.Backend, device backend.Info, cache data.CacheSize, listen Listener) *Pool {
	return &Pool{
		Dir: dir, Backend: b, Device: device, Cache: cache, Listen: listen,
		bases: map[string]*Base{}, busy: map[string]*sync.Mutex{}, budget: data.NewBudget(cache.Bytes()),
		sets: map[setKey]evaluate.Test{}, predictors: map[string][]*loaded{},
	}
}

// Add makes a base known, so that specs can name it. Two bases of one name must
// be the same model, data and classes.
func (p *Pool) Add(b *Base) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.bases[b.Name]
	if known == nil {
		p.bases[b.Name] = b
		return nil
	}
	if known.Before().SHA256() != b.Before().SHA256() {
		return fmt.Errorf("two models are called %s: %s and %s; give them files or folders of different names", b.Name, known.Model.Source, b.Model.Source)
	}
	return nil
}

// Base finds a base by name.
func (p *Pool) Base(name string) (*Base, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.bases[name]; b != nil {
		return b, nil
	}
	return nil, fmt.Errorf("no pretrained model is called %s here", name)
}

// Close frees the compiled graphs.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, idle := range p.predictors {
		for _, l := range idle {
			l.close()
		}
	}
	p.predictors = map[string][]*loaded{}
}

// Path is the folder of a model.
func (p *Pool) Path(s Spec) string { return filepath.Join(p.Dir, s.Folder()) }

// open opens the model's folder for one goroutine and process at a time; others
// wait. done closes it.
func (p *Pool) open(ctx context.Context, s Spec) (r *run.Run, done func(), err error) {
	unlock := p.hold(s.Folder())
	err = run.Patiently(ctx, p.waits, func() (err error) {
		r, err = run.Create(p.Path(s), s)
		return err
	})
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return r, func() { r.Close(); unlock() }, nil
}

// waits notes whom the pool waits for.
func (p *Pool) waits(b *run.Busy) {
	if p.Listen.Note != nil {
		p.Listen.Note(fmt.Sprintf("waits for %s, which writes %s", b.Owner, b.Dir))
	}
}

// hold keeps other goroutines from a folder, or a file in it, until the lock is
// given back.
func (p *Pool) hold(folder string) (unlock func()) {
	p.mu.Lock()
	lock := p.busy[folder]
	if lock == nil {
		lock = &sync.Mutex{}
		p.busy[folder] = lock
	}
	p.mu.Unlock()
	lock.Lock()
	return lock.Unlock
}

// count reports images.
func (p *Pool) count(what string) evaluate.Progress {
	if p.Listen.Count == nil {
		return nil
	}
	return func(_ string, done, total int) { p.Listen.Count(what, done, total) }
}

// stopped is the reason why the context ended.
func stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
