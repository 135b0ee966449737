package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Many ask for one piece of work: never two at a time, and no file is left.
func TestClaimsExcludeEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".val.claim")
	var holders, turns atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			err := Patiently(context.Background(), nil, func() error {
				release, err := Claim(path)
				if err != nil {
					return err
				}
				defer release()
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d hold the claim at once", n)
				}
				time.Sleep(time.Millisecond)
				holders.Add(-1)
				turns.Add(1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if turns.Load() != 8 {
		t.Errorf("%d had their turn, expected 8", turns.Load())
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the claim's file is still there: %v", err)
	}
}

// Whoever waits says for whom, and stops when told to.
func TestPatienceEndsWithTheContext(t *testing.T) {
	dir := t.TempDir()
	mustCreate(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	err := Patiently(ctx, func(b *Busy) {
		if told++; b.Dir != dir || b.Owner == "" {
			t.Errorf("waits for %+v, expected the writer of %s", b, dir)
		}
		cancel()
	}, func() error {
		r, err := Create(dir, testSettings(), "epochs")
		if err == nil {
			r.Close()
		}
		return err
	})
	if !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("ended with %v after %d notes, expected the context's end after one", err, told)
	}
}
