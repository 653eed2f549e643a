// Filling an icc_outcome.
#ifndef ICC_OUTCOME_H
#define ICC_OUTCOME_H

#include "CImageCodecs.h"

// For the functions that call setjmp. What they change after it would be undefined after a longjmp (C17 7.13.2.1), so
// they change nothing of their own; all state is their caller's, into which they must not be inlined.
#define ICC_KEEPS_SETJMP __attribute__((noinline))

static inline icc_outcome icc_ok(void) {
    icc_outcome outcome = {.status = ICC_OK};
    return outcome;
}

// Copies as much of `reason` as fits. A library may quote bytes of the file in its message, so only printable ASCII
// goes through.
static inline icc_outcome icc_fail(int32_t status, const char *reason) {
    icc_outcome outcome = {.status = status};
    for (size_t i = 0; reason[i] != 0 && i + 1 < sizeof outcome.reason; i++)
        outcome.reason[i] = reason[i] >= 0x20 && reason[i] < 0x7f ? reason[i] : '?';
    return outcome;
}

#endif
