package backend

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

// PanicError is a panic that [Guard] turned into an error. Its text is the
// panic's; the stack is kept for debugging only.
type PanicError struct {
	Value any
	Stack []byte
}

// Error is the text of the panic; a Go runtime fault is marked as ours to mend.
func (e *PanicError) Error() string {
	if fault, ok := e.Value.(runtime.Error); ok {
		return "internal fault: " + fault.Error()
	}
	return fmt.Sprint(e.Value)
}

// Unwrap gives the error that was thrown, if it was one.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Guard runs fn, which builds or executes graphs, and returns its panic as an
// error: GoMLX reports mismatched shapes that way. When the device ran out of
// memory the error says so and proposes the next smaller batch; batch is the
// number of images a step, 0 if there is none.
func Guard(batch int, fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{Value: r, Stack: debug.Stack()}
		}
		if err != nil && outOfMemory.MatchString(err.Error()) {
			err = memoryError(batch, err)
		}
	}()
	return fn()
}

var (
	outOfMemory = regexp.MustCompile(`(?i)RESOURCE_EXHAUSTED|out of memory|CUDA_ERROR_OUT_OF_MEMORY`)
	// Sizes as XLA writes them: "allocate 17179869184 bytes", "16.00GiB (17179869184 bytes)".
	memoryBytes = regexp.MustCompile(`(?i)\d+ ?bytes|[\d.]+ ?[KMGT]i?B`)
)

func memoryError(batch int, err error) error {
	size := ""
	if m := memoryBytes.FindString(err.Error()); m != "" {
		size = " asking for " + m
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the device ran out of memory%s", size)
	switch {
	case batch > 1:
		fmt.Fprintf(&b, " at batch size %d: try batch size %d", batch, batch/2)
	case batch == 1:
		b.WriteString(" at batch size 1: use a smaller model or another device")
	}
	return fmt.Errorf("%s: %w", b.String(), err)
}
