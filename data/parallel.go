package data

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// forEach calls work for 0 to n-1 with so many workers (0 = number of CPUs).
// After a fault nothing new is started. The error of the lowest number is
// returned: work is started in order, so the text does not depend on timing.
func forEach(ctx context.Context, n, workers int, work func(i int) error) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var group errgroup.Group
	group.SetLimit(workers)
	var failed atomic.Bool
	faults := make([]error, n)
	for i := range n {
		if ctx.Err() != nil || failed.Load() {
			break
		}
		group.Go(func() error {
			defer func() {
				if fault := recover(); fault != nil { // must not end the process from a goroutine
					faults[i] = fmt.Errorf("sample %d: %v; report this fault", i, fault)
				}
				if faults[i] != nil {
					failed.Store(true)
				}
			}()
			faults[i] = work(i)
			return nil
		})
	}
	_ = group.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
