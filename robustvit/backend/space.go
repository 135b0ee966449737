package backend

import (
	"fmt"
	"runtime"
)

// leastSpace is the address space that a backend reserves on so many cores
// before it computes: each thread of Go's and XLA's has a stack and an arena of
// its own, which are hardly used. Where it is not there the process ends amid C
// or in Go's runtime, with no error to catch. Seen on 2 cores: 1.6 and 2.8 GiB.
func leastSpace(kind Kind) uint64 {
	least := uint64(1<<30 + runtime.NumCPU()<<29)
	if kind != KindGo {
		least += 1 << 30
	}
	return least
}

// checkSpace says where `ulimit -v` allows less than that.
func checkSpace(kind Kind, limit uint64) error {
	if least := leastSpace(kind); limit < least {
		return fmt.Errorf("the address space of this process is limited to %.1f GiB (ulimit -v), expected at least %.1f GiB, most of it only reserved; "+
			"raise it with ulimit -v, or limit memory by a control group instead", float64(limit)/(1<<30), float64(least)/(1<<30))
	}
	return nil
}
