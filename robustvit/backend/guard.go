package backend

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
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
// memory the error is a [MemoryError]; batch is the number of images that are on
// it at a time, 0 if there is none.
func Guard(batch int, fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{Value: r, Stack: debug.Stack()}
		}
		if _, told := errors.AsType[*MemoryError](err); err != nil && !told && outOfMemory.MatchString(err.Error()) {
			err = newMemoryError(batch, err)
		}
	}()
	return fn()
}
