package data

import (
	"errors"
	same "reflect"
	"sync"
	"sync/atomic"
	"testing"
)

// counted is a data set of n pictures of 10 x 10 that counts its loads.
type counted struct {
	n     int
	loads atomic.Int64
}

func (c *counted) Name() string      { return "counted" }
func (c *counted) Classes() []string { return []string{"only"} }
func (c *counted) Len() int          { return c.n }
func (c *counted) Entry(int) Entry   { return Entry{} }
func (c *counted) Load(i int) (Sample, error) {
	c.loads.Add(1)
	return Sample{Image: &Image{Width: 10, Height: 10, Pix: make([]uint8, 300)}}, nil
}

func TestCachedKeepsWhatFits(t *testing.T) {
	source := &counted{n: 5}
	d := Cached(source, 3*(300+256))
	for range 2 {
		for i := range d.Len() {
			if _, err := d.Load(i); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := source.loads.Load(); got != 5+2 {
		t.Errorf("%d loads of 5 samples read twice with room for 3, want 7", got)
	}
}

// slow holds every load until all goroutines have asked.
type slow struct {
	counted
	open chan struct{}
}

func (s *slow) Load(i int) (Sample, error) {
	<-s.open
	return s.counted.Load(i)
}

func TestCachedDecodesOnceForManyGoroutines(t *testing.T) {
	for range 300 { // some come while it is decoded, some just after
		source := &slow{counted{n: 1}, make(chan struct{})}
		d := Cached(source, 1<<20)
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				if s, err := d.Load(0); err != nil || s.Image == nil {
					t.Errorf("%v, %v", s, err)
				}
			})
		}
		close(source.open)
		wait.Wait()
		if got := source.loads.Load(); got != 1 {
			t.Fatalf("%d loads, want 1", got)
		}
	}
}

// failing cannot be loaded.
type failing struct{ counted }

func (f *failing) Load(int) (Sample, error) {
	f.loads.Add(1)
	return Sample{}, errors.New("broken")
}

func TestCachedKeepsNoError(t *testing.T) {
	source := &failing{counted{n: 1}}
	d := Cached(source, 1<<20)
	for range 2 {
		if _, err := d.Load(0); err == nil || err.Error() != "broken" {
			t.Error(err)
		}
	}
	if kept, missed := d.Kept(); source.loads.Load() != 2 || kept != 0 || missed != 0 {
		t.Errorf("%d loads, kept %d, missed %d", source.loads.Load(), kept, missed)
	}
}

func TestPackedMasksAreExactAndSmall(t *testing.T) {
	img := &Image{Width: 16, Height: 16, Pix: make([]uint8, 768)}
	steps, fractions := &Mask{16, 16, make([]float32, 256)}, &Mask{16, 16, make([]float32, 256)}
	for i := range steps.Pix {
		steps.Pix[i], fractions.Pix[i] = float32(i)/255, float32(i)/257
	}
	for name, test := range map[string]struct {
		mask  *Mask
		bytes int
	}{"none": {nil, 768}, "levels": {steps, 768 + 256}, "fractions": {fractions, 768 + 4*256}} {
		p := pack(Sample{Image: img, Mask: test.mask})
		if got := p.bytes() - pack(Sample{Image: img}).bytes() + 768; got != test.bytes {
			t.Errorf("%s: %d bytes, want %d", name, got, test.bytes)
		}
		if got := p.sample().Mask; !same.DeepEqual(got, test.mask) {
			t.Errorf("%s: mask changed", name)
		}
	}
}

// Source hashes and cache share one decoding.
func TestSourceFillsTheCache(t *testing.T) {
	source := &counted{n: 2}
	d := NewBudget(1<<20).Cached(source, func(s Sample) (Sample, error) { return Prepared(s, Native(), 5, Strict) })
	for i := range 2 {
		raw, err := d.Source().Load(i)
		if err != nil || raw.Image.Width != 10 {
			t.Fatal(raw, err)
		}
		changed, err := d.Load(i)
		if err != nil || changed.Image.Width != 5 {
			t.Fatal(changed, err)
		}
	}
	if got := source.loads.Load(); got != 2 {
		t.Errorf("%d loads, want 2", got)
	}
}

func TestCacheSize(t *testing.T) {
	for text, want := range map[string]int{"2GiB": 2 << 30, "500MB": 500e6, "64 MiB": 64 << 20, "1.5kB": 1500, "77": 77, "9B": 9, "none": 0, "0": 0} {
		var s CacheSize
		if err := s.UnmarshalText([]byte(text)); err != nil || s.Bytes() != want {
			t.Errorf("%q: %d, %v; want %d", text, s.Bytes(), err, want)
		}
		again, _ := s.MarshalText()
		var back CacheSize
		if err := back.UnmarshalText(again); err != nil || back != s {
			t.Errorf("%q becomes %q, read as %d, %v", text, again, back, err)
		}
	}
	for _, text := range []string{"-1", "much", "GiB", "1e30GiB", "NaN"} {
		if err := new(CacheSize).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q accepted", text)
		}
	}
	if auto := CacheSize(0).Bytes(); auto < leastCache {
		t.Errorf("automatic size %d", auto)
	}
}
