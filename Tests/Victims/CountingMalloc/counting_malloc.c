#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>

#include "CountingMalloc.h"

// What glibc's own functions are called beside their public names.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static atomic_size_t used, peak;
static size_t start;

static void *count_in(void *block) {
    if (block == NULL) return NULL;
    size_t bytes = malloc_usable_size(block);
    size_t now = atomic_fetch_add(&used, bytes) + bytes;
    size_t before = atomic_load(&peak);
    while (now > before && !atomic_compare_exchange_weak(&peak, &before, now)) {
    }
    return block;
}

static void count_out(void *block) {
    if (block != NULL) atomic_fetch_sub(&used, malloc_usable_size(block));
}

void *malloc(size_t size) {
    return count_in(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return count_in(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
    // While a block grows, glibc may hold the old one and the new one: they count together.
    size_t old = block == NULL ? 0 : malloc_usable_size(block);
    void *grown = __libc_realloc(block, size);
    if (grown == NULL) {
        if (size == 0) atomic_fetch_sub(&used, old);
        return NULL;
    }
    count_in(grown);
    atomic_fetch_sub(&used, old);
    return grown;
}

void free(void *block) {
    count_out(block);
    __libc_free(block);
}

void *memalign(size_t alignment, size_t size) {
    return count_in(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    *block = memalign(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

void counting_malloc_restart(void) {
    start = atomic_load(&used);
    atomic_store(&peak, start);
}

size_t counting_malloc_peak(void) {
    return atomic_load(&peak) - start;
}
