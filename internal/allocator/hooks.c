//go:build linux && cgo && !noxla

// The C library's functions, for sizes that a plugin takes again and again.
// Those that a program defines are used by every library that it loads.

#define _GNU_SOURCE
#include "allocator.h"
#ifdef __GLIBC__

#include <dlfcn.h>
#include <string.h>

#define SMALL ((size_t)16 << 10)
#define BLOCK_ALIGNMENT ((size_t)4096)
#define LARGE ((size_t)2 << 20)

// The functions behind these: the C library's, or those of an allocator that the
// user has preloaded.
static struct {
  int (*posix_memalign)(void **, size_t, size_t);
  void *(*realloc)(void *, size_t);
  void (*free)(void *);
} next;

// Before main, and before that by whoever comes first: to look twice does no harm.
__attribute__((constructor)) static void look(void) {
  next.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  next.realloc = dlsym(RTLD_NEXT, "realloc");
  next.free = dlsym(RTLD_NEXT, "free");
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  void *p = NULL;
  if (alignment && !(alignment & (alignment - 1)) && alignment % sizeof(void *) == 0) {
    if (size >= LARGE && alignment <= ROBUSTVIT_PAGE)
      p = robustvit_take_buffer(size);
    else if (size >= SMALL && size <= ROBUSTVIT_BLOCK && alignment <= BLOCK_ALIGNMENT)
      p = robustvit_take_block();
  }
  if (p) {
    *out = p;
    return 0;
  }
  if (!next.posix_memalign) look();
  return next.posix_memalign(out, alignment, size);
}

void free(void *p) {
  if (!p || robustvit_block(p, 1) || robustvit_buffer(p, 1)) return;
  if (!next.free) look();
  next.free(p);
}

// room is the size of what is ours, else 0.
static size_t room(void *p) { return robustvit_block(p, 0) ? ROBUSTVIT_BLOCK : robustvit_buffer(p, 0); }

void *realloc(void *p, size_t size) {
  size_t before = room(p);
  if (!next.realloc) look();
  if (!before) return next.realloc(p, size);
  void *moved = next.realloc(NULL, size);
  if (moved) {
    memcpy(moved, p, size < before ? size : before);
    free(p);
  }
  return moved;
}

#endif
