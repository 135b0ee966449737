//go:build linux && cgo && !noxla

// Buffers, each a mapping of its own, kept for the next one of about its size.

#include "allocator.h"
#ifdef __GLIBC__

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#define MOST 256
#define STEP ((size_t)64 << 10) // sizes are multiples

static struct buffer {
  char *start;
  size_t size;
  int used;
} buffers[MOST];
static size_t used, mapped, peak; // bytes; peak is the most that was in use
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// spare is the smallest kept buffer of at least this size, else the largest, or
// -1 where none is kept: a step's one large buffer is the last to go for a small
// one. The lock is held.
static int spare(size_t size) {
  int best = -1;
  for (int i = 0; i < MOST; i++) {
    if (!buffers[i].start || buffers[i].used) continue;
    size_t now = buffers[i].size, was = best < 0 ? 0 : buffers[best].size;
    if (best < 0 || (was >= size ? now >= size && now < was : now > was)) best = i;
  }
  return best;
}

// drop unmaps kept buffers until no more than limit is mapped. The lock is held.
static void drop(size_t limit) {
  for (int i; mapped > limit && (i = spare(mapped - limit)) >= 0;) {
    munmap(buffers[i].start, buffers[i].size);
    mapped -= buffers[i].size;
    buffers[i] = (struct buffer){0};
  }
}

// map is a mapping that begins at a huge page, or NULL.
static char *map(size_t size) {
  char *p = mmap(NULL, size + ROBUSTVIT_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return NULL;
  size_t before = -(uintptr_t)p & (ROBUSTVIT_PAGE - 1);
  if (before) munmap(p, before);
  p += before;
  munmap(p + size, ROBUSTVIT_PAGE - before);
  madvise(p, size, MADV_HUGEPAGE);
  return p;
}

// fitting is the smallest kept buffer of the size and at most a quarter more, or
// -1. The lock is held.
static int fitting(size_t size) {
  int best = -1;
  for (int i = 0; i < MOST; i++) {
    struct buffer *b = &buffers[i];
    if (b->start && !b->used && b->size >= size && b->size - size <= size / 4 && (best < 0 || b->size < buffers[best].size)) best = i;
  }
  return best;
}

// mapping is a new buffer that is not in use yet, or -1. The lock is held.
static int mapping(size_t size) {
  size_t most = used + size > peak ? used + size : peak;
  drop(most - size);
  for (int i = 0; i < MOST; i++)
    if (!buffers[i].start) {
      char *start = map(size);
      if (!start) return -1;
      buffers[i] = (struct buffer){start, size, 0};
      mapped += size;
      return i;
    }
  return -1;
}

void *robustvit_take_buffer(size_t size) {
  if (size > SIZE_MAX / 2) return NULL;
  size = (size + STEP - 1) & ~(STEP - 1);
  pthread_mutex_lock(&lock);
  int i = fitting(size);
  if (i < 0) i = mapping(size);
  if (i >= 0) {
    buffers[i].used = 1;
    used += buffers[i].size;
    if (used > peak) peak = used;
  }
  pthread_mutex_unlock(&lock);
  return i < 0 ? NULL : buffers[i].start;
}

size_t robustvit_buffer(void *p, int give) {
  if (!p || (uintptr_t)p & (ROBUSTVIT_PAGE - 1)) return 0; // nearly all
  size_t size = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MOST && !size; i++)
    if (buffers[i].start == p && buffers[i].used) {
      size = buffers[i].size;
      buffers[i].used = !give;
      if (give) used -= size;
    }
  pthread_mutex_unlock(&lock);
  return size;
}

void robustvit_drop_buffers(void) {
  pthread_mutex_lock(&lock);
  drop(0);
  peak = used;
  pthread_mutex_unlock(&lock);
}

void robustvit_buffers(size_t *in_use, size_t *all) {
  pthread_mutex_lock(&lock);
  *in_use = used;
  *all = mapped;
  pthread_mutex_unlock(&lock);
}

#endif
