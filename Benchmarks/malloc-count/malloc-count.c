/* Counts what a process asks the allocator for. LD_PRELOAD it; at the end of the process one line goes to the file
 * that MALLOC_COUNT_FILE names: "allocations frees bytes loop-allocations", the last one those of event loops, threads
 * whose names begin with "loop-".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static atomic_ulong allocations, frees, bytes, by_loops;

/* Asked each time, for a thread may get its name late: a loop is meant to allocate nothing, so it is asked seldom. */
static int is_loop(void) {
  char name[16];
  return prctl(PR_GET_NAME, name) == 0 && strncmp(name, "loop-", 5) == 0;
}

static void count(size_t size) {
  atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
  if (is_loop()) atomic_fetch_add_explicit(&by_loops, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(size);
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

void free(void *block) {
  if (block) atomic_fetch_add_explicit(&frees, 1, memory_order_relaxed);
  __libc_free(block);
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("MALLOC_COUNT_FILE");
  if (!path) return;
  unsigned long seen[] = {atomic_load(&allocations), atomic_load(&frees), atomic_load(&bytes), atomic_load(&by_loops)};
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%lu %lu %lu %lu\n", seen[0], seen[1], seen[2], seen[3]);
  fclose(file);
}
