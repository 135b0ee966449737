#include <features.h>
#include <stddef.h>

#define ROBUSTVIT_PAGE ((size_t)2 << 20) // a huge page
#define ROBUSTVIT_BLOCK ((size_t)128 << 10)

#ifdef __GLIBC__

// A block of ROBUSTVIT_BLOCK bytes, or NULL where none is left.
void *robustvit_take_block(void);
// Whether p is a block; with give it is kept now.
int robustvit_block(void *p, int give);

// A buffer that begins at a huge page, or NULL.
void *robustvit_take_buffer(size_t size);
// The size of the buffer p, or 0 where it is none; with give it is kept now.
size_t robustvit_buffer(void *p, int give);
// Unmaps the buffers that are kept and not in use.
void robustvit_drop_buffers(void);
// Bytes of buffers: in use, and mapped.
void robustvit_buffers(size_t *used, size_t *mapped);

#else // other C libraries keep their own functions

static inline void robustvit_drop_buffers(void) {}
static inline void robustvit_buffers(size_t *used, size_t *mapped) { *used = *mapped = 0; }

#endif
