package bench

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// TestMedianOfRatios: a machine that slows down for some rounds slows both
// sides; the ratio of the medians would not say so.
func TestMedianOfRatios(t *testing.T) {
	r := Result{Rounds: []Round{{Ours: 10, Peer: 20}, {Ours: 100, Peer: 200}, {Ours: 12, Peer: 10}, {Ours: 90, Peer: 100}, {Ours: 4, Peer: 10}}}
	r.summarise()
	want := Result{OursMS: 12, PeerMS: 20, Ratio: 0.5, Low: 0.4, High: 1.2, Rounds: r.Rounds}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got %+v, want %+v", r, want)
	}
	alone := Result{Rounds: []Round{{Ours: 3}, {Ours: 5}}}
	alone.summarise()
	if alone.OursMS != 4 || alone.Ratio != 0 || alone.PeerMS != 0 {
		t.Errorf("without a peer: %+v, want 4 ms and no ratio", alone)
	}
	if got := median(nil); got != 0 {
		t.Errorf("median of nothing: %g", got)
	}
}

func TestSidesTakeTurns(t *testing.T) {
	var order string
	side := func(name string, ms float64) func() (float64, error) {
		return func() (float64, error) { order += name; return ms, nil }
	}
	rounds, err := alternate(3, side("o", 1), side("p", 2))
	if err != nil || order != "oppoop" {
		t.Errorf("order %q, %v; want oppoop: who went last begins", order, err)
	}
	for i, r := range rounds {
		if r != (Round{1, 2}) {
			t.Errorf("round %d: %+v", i, r)
		}
	}
	fault := errors.New("gone")
	if _, err := alternate(2, side("o", 1), func() (float64, error) { return 0, fault }); err != fault {
		t.Errorf("a side's error: %v", err)
	}
}

// TestTimed repeats short work until a round is long enough.
func TestTimed(t *testing.T) {
	for _, test := range []struct {
		each   time.Duration // what a call takes on the clock
		images int
	}{{100 * time.Millisecond, 5 * 8}, {2 * time.Second, 8}, {300 * time.Millisecond, 2 * 8}} {
		t.Run(fmt.Sprint(test.each), func(t *testing.T) {
			clock := time.Unix(0, 0)
			w := &work{units: 8, call: func(context.Context) error { clock = clock.Add(test.each); return nil }}
			got, err := timed(t.Context(), func() time.Time { return clock }, 0.5, w)
			if err != nil {
				t.Fatal(err)
			}
			if calls := test.images / 8; got.Images != test.images || got.Seconds != (time.Duration(calls)*test.each).Seconds() {
				t.Errorf("got %d images in %g s, want %d in %d calls", got.Images, got.Seconds, test.images, calls)
			}
		})
	}
}
