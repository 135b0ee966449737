//go:build linux && cgo && !noxla

// Blocks of one size in one mapping, the last one given back first: its pages
// are in the processor's cache.

#include "allocator.h"
#ifdef __GLIBC__

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#define BLOCKS 256

static char *volatile first; // of the blocks; NULL before there are any
static int kept[BLOCKS], number; // a stack of those that are not in use
static int failed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// reserve maps the blocks; a page costs memory when it is written. The lock is held.
static void reserve(void) {
  char *p = mmap(NULL, ROBUSTVIT_BLOCK * BLOCKS + ROBUSTVIT_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  failed = p == MAP_FAILED;
  if (failed) return;
  p += -(uintptr_t)p & (ROBUSTVIT_PAGE - 1);
  madvise(p, ROBUSTVIT_BLOCK * BLOCKS, MADV_HUGEPAGE);
  for (number = 0; number < BLOCKS; number++) kept[number] = BLOCKS - 1 - number;
  first = p;
}

void *robustvit_take_block(void) {
  void *p = NULL;
  pthread_mutex_lock(&lock);
  if (!first && !failed) reserve();
  if (number > 0) p = first + ROBUSTVIT_BLOCK * kept[--number];
  pthread_mutex_unlock(&lock);
  return p;
}

int robustvit_block(void *p, int give) {
  size_t offset = (char *)p - first;
  if (!first || offset >= ROBUSTVIT_BLOCK * BLOCKS) return 0;
  if (!give) return 1;
  pthread_mutex_lock(&lock);
  kept[number++] = offset / ROBUSTVIT_BLOCK;
  pthread_mutex_unlock(&lock);
  return 1;
}

#endif
