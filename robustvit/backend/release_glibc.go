//go:build cgo && linux && !noxla

package backend

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void trim(void) { malloc_trim(0); }
#else
static void trim(void) {}
#endif
*/
import "C"

// trimC returns the C heap's free pages, which XLA's compiler has used.
func trimC() { C.trim() }
