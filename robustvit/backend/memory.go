package backend

import (
	"fmt"
	"regexp"
	"strings"
)

// MemoryError says that the device had too little memory for a computation.
type MemoryError struct {
	Doing string // what was computed: "training step 3"; "" where that is not known
	Asked string // bytes that were not there, as the device writes them; "" where it does not say
	Batch int    // images at a time; 0 where that is not known
	Next  string // what to do; "" proposes the next smaller batch
	Err   error  // as the device puts it
}

func (e *MemoryError) Error() string {
	var b strings.Builder
	if e.Doing != "" {
		b.WriteString(e.Doing + ": ")
	}
	b.WriteString("the device ran out of memory")
	if e.Asked != "" {
		b.WriteString(" asking for " + e.Asked)
	}
	if e.Batch > 0 {
		fmt.Fprintf(&b, " at batch size %d", e.Batch)
	}
	next := e.Next
	switch {
	case next != "":
	case e.Batch > 1:
		next = fmt.Sprintf("try batch size %d", e.Batch/2)
	default:
		next = "use a smaller model or another device"
	}
	return b.String() + "; " + next
}

// Unwrap gives the device's own error.
func (e *MemoryError) Unwrap() error { return e.Err }

var (
	outOfMemory = regexp.MustCompile(`(?i)RESOURCE_EXHAUSTED|out of memory|CUDA_ERROR_OUT_OF_MEMORY`)
	// Sizes as XLA writes them: "allocate 17179869184 bytes", "16.00GiB (17179869184 bytes)".
	memoryBytes = regexp.MustCompile(`(?i)\d+ ?bytes|[\d.]+ ?[KMGT]i?B`)
)

func newMemoryError(batch int, err error) *MemoryError {
	e := &MemoryError{Batch: batch, Err: err, Asked: memoryBytes.FindString(err.Error())}
	// GoMLX and go-xla each add a line about their graphs behind what was done.
	if doing, _, found := strings.Cut(err.Error(), ": failed to execute"); found {
		e.Doing = doing
	}
	return e
}
