package data_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/robustvit/workbench/data"
)

// many is a large data set of one-pixel images that counts its loads.
type many struct {
	n      int
	loaded atomic.Int64
}

func (m *many) Name() string           { return "many" }
func (m *many) Classes() []string      { return []string{"one"} }
func (m *many) Len() int               { return m.n }
func (m *many) Entry(i int) data.Entry { return data.Entry{ID: fmt.Sprint(i)} }
func (m *many) Load(i int) (data.Sample, error) {
	m.loaded.Add(1)
	return data.Sample{Entry: m.Entry(i), Image: &data.Image{Width: 1, Height: 1, Pix: []uint8{1, 2, 3}}}, nil
}

// TestLargeSetsAreStreamed: of 50,000 images only the batches ahead are loaded.
func TestLargeSetsAreStreamed(t *testing.T) {
	const batch, ahead = 50, 2
	d := &many{n: 50_000}
	consumed := int64(0)
	plan := data.Plan{BatchSize: batch, Size: 1, Protocol: data.Native(), Ahead: ahead}
	for b, err := range data.Batches(context.Background(), d, plan) {
		if err != nil {
			t.Fatal(err)
		}
		consumed += int64(b.N)
		if waiting := d.loaded.Load() - consumed; waiting > batch*(ahead+1) {
			t.Fatalf("%d images are loaded ahead after %d, expected at most %d batches of %d", waiting, consumed, ahead+1, batch)
		}
	}
	if consumed != 50_000 {
		t.Errorf("%d images", consumed)
	}
}
