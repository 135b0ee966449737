package data

import (
	"errors"
	"sync"
	"sync/atomic"
)

// Budget is the memory that several caches share, in bytes of pixels.
type Budget struct{ left atomic.Int64 }

// NewBudget allows so many bytes.
func NewBudget(bytes int) *Budget {
	b := &Budget{}
	b.left.Store(int64(bytes))
	return b
}

// take reserves bytes, or nothing where they do not fit.
func (b *Budget) take(bytes int) bool {
	for {
		left := b.left.Load()
		if int64(bytes) > left {
			return false
		}
		if b.left.CompareAndSwap(left, left-int64(bytes)) {
			return true
		}
	}
}

// Cached keeps the samples of d in memory once they are loaded, up to maxBytes
// of pixels; what does not fit is loaded again each time.
func Cached(d Dataset, maxBytes int) *Cache { return NewBudget(maxBytes).Cached(d, nil) }

// Cached keeps the samples of d as change makes them (nil = as they are), such
// as resized once for all epochs.
func (b *Budget) Cached(d Dataset, change func(Sample) (Sample, error)) *Cache {
	return &Cache{Dataset: d, budget: b, change: change, kept: map[int]packed{}, loading: map[int]*flight{}}
}

// Cache is a data set that decodes each file once, however many goroutines ask
// for it, as long as its budget lasts. Nothing that is kept is dropped again:
// where a set does not fit, reading it in order would drop each sample just
// before its turn. Callers share the images and must not change them.
type Cache struct {
	Dataset
	budget *Budget
	change func(Sample) (Sample, error)

	mu      sync.Mutex
	kept    map[int]packed
	loading map[int]*flight
	missed  int // loads of samples that did not fit
}

// flight is a load that others wait for.
type flight struct {
	done        chan struct{}
	raw, sample Sample
	err         error
}

// errUnfinished is what waiters get where the decoder panicked in another goroutine.
var errUnfinished = errors.New("another attempt to read this sample failed; run again")

// File is the path of sample i, or its ID where it is no file.
func (c *Cache) File(i int) string { return fileOf(c.Dataset, i) }

// HasMask tells whether sample i has a mask; a sample that cannot be loaded has none.
func (c *Cache) HasMask(i int) bool {
	has, err := HasMask(c.Dataset, i)
	return has && err == nil
}

// Stray is the number of image files that were ignored.
func (c *Cache) Stray() int { return strayOf(c.Dataset) }

// Kept is the number of samples in memory; missed counts the loads that found no room.
func (c *Cache) Kept() (kept, missed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.kept), c.missed
}

// Load returns the kept sample, or loads it.
func (c *Cache) Load(i int) (Sample, error) {
	f := c.load(i)
	return f.sample, f.err
}

// load finds sample i in memory (then without raw), decodes it, or waits for
// the goroutine that is at it.
func (c *Cache) load(i int) *flight {
	c.mu.Lock()
	if p, ok := c.kept[i]; ok {
		c.mu.Unlock()
		return &flight{sample: p.sample()}
	}
	if f, ok := c.loading[i]; ok {
		c.mu.Unlock()
		<-f.done
		return f
	}
	f := &flight{done: make(chan struct{}), err: errUnfinished}
	c.loading[i] = f
	c.mu.Unlock()
	var p packed
	defer func() { // also where a decoder panics: nobody may wait for ever
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.loading, i)
		if p.image != nil {
			c.kept[i] = p
		} else if f.sample.Image != nil {
			c.missed++
		}
		close(f.done)
	}()
	if f.raw, f.err = c.Dataset.Load(i); f.err != nil {
		return f
	}
	f.sample = f.raw
	if c.change != nil {
		if f.sample, f.err = c.change(f.raw); f.err != nil {
			return f
		}
	}
	if kept := pack(f.sample); c.budget.take(kept.bytes()) {
		p = kept
	}
	return f
}

// Source is the data set before the change. Loading from it keeps the changed
// sample, so that a manifest's hashes cost no second decoding.
func (c *Cache) Source() Dataset { return &source{c} }

type source struct{ *Cache }

func (s *source) Load(i int) (Sample, error) {
	if s.change == nil {
		return s.Cache.Load(i)
	}
	f := s.load(i)
	if f.err == nil && f.raw.Image == nil { // it was read before and only its changed form stayed
		return s.Dataset.Load(i)
	}
	return f.raw, f.err
}
