//go:build linux && cgo && !noxla

package allocator

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "allocator.h"

#ifdef __GLIBC__
enum { is_replaced = 1 };
#else
enum { is_replaced = 0 };
#endif

static void *take(size_t alignment, size_t size) {
	void *p = NULL;
	return posix_memalign(&p, alignment, size) ? NULL : p;
}
*/
import "C"

import "unsafe"

// Drop gives the buffers back that are kept and not in use: before work that
// needs much memory of another kind.
func Drop() { C.robustvit_drop_buffers() }

// Buffers are the bytes of buffers in use and of all that are mapped.
func Buffers() (used, mapped int64) {
	var u, m C.size_t
	C.robustvit_buffers(&u, &m)
	return int64(u), int64(m)
}

// replaced says whether the C library's functions are ours.
func replaced() bool { return C.is_replaced != 0 }

// take, give and move are the C library's posix_memalign, free and realloc as a
// plugin finds them; take is nil where there is no memory.
func take(alignment, size int) unsafe.Pointer { return C.take(C.size_t(alignment), C.size_t(size)) }

func give(p unsafe.Pointer) { C.free(p) }

func move(p unsafe.Pointer, size int) unsafe.Pointer { return C.realloc(p, C.size_t(size)) }
