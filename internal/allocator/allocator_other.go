//go:build !(linux && cgo && !noxla)

package allocator

// Drop does nothing: the C library's own functions are used.
func Drop() {}

// Buffers are none.
func Buffers() (used, mapped int64) { return 0, 0 }
