// Package allocator keeps the memory that XLA's CPU plugin takes for every
// execution and gives back after it: one buffer of most of a step's memory,
// some hundred of a few MiB, and tens of thousands of about 100 KiB in which
// matrices are packed. The C library maps the large ones anew each time, and
// the system clears their pages; it searches long for the small ones. Where the
// program is linked with the GNU C library its posix_memalign, free and realloc
// are the ones here, for the plugin too: blocks.c has the small ones, buffers.c
// the large ones, hooks.c tells them apart. Nothing else is changed.
//
// What is kept never adds to the peak: a buffer is mapped only when those kept
// beside it fit into what was in use at some moment.
package allocator
