package data

import (
	"fmt"
	"math"
	"os"
	"syscall"
)

// addressSpace is the limit of this process and what it has, in bytes; 0 without
// a limit.
func addressSpace() (limit, used int) {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &r) != nil || uint64(r.Cur) > math.MaxInt {
		return 0, 0
	}
	pages := 0
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(string(text), &pages)
	}
	return int(r.Cur), pages * os.Getpagesize()
}
