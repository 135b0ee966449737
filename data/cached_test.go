package data

import (
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
	d := Cached(source, 3*300)
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
