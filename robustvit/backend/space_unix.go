//go:build linux || darwin

package backend

import (
	"math"
	"syscall"
)

func spaceLimit() uint64 {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &r) != nil {
		return math.MaxUint64
	}
	return uint64(r.Cur)
}
