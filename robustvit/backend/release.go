package backend

import (
	"runtime/debug"

	"github.com/robustvit/workbench/internal/allocator"
)

// Release gives back to the system what building and compiling graphs has left
// behind, in Go's heap and in the C library's. Called between compiling and the
// first step it lowers the peak of a large model's training by a quarter:
// otherwise the step's buffers find no room between the leftovers.
func Release() {
	debug.FreeOSMemory()
	allocator.Drop()
	trimC()
}

// DropBuffers gives back what XLA:CPU keeps for its next execution, before work
// that needs as much memory outside the graphs. The next execution takes it anew.
func DropBuffers() { allocator.Drop() }
