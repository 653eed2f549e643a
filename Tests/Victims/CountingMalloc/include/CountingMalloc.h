// malloc and its family, counted. Linked into a program, these take the place of glibc's for all of its libraries.
#ifndef COUNTING_MALLOC_H
#define COUNTING_MALLOC_H

#include <stddef.h>

// Forgets the greatest count so far: from now on it is the present one.
void counting_malloc_restart(void);
// The greatest number of bytes that were in use at once since then, beyond those in use at that moment.
size_t counting_malloc_peak(void);

#endif
