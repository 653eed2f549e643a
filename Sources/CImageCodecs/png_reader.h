// libpng over bytes in memory, fed with nothing but the critical chunks.
#ifndef ICC_PNG_READER_H
#define ICC_PNG_READER_H

#include <png.h>
#include <setjmp.h>

#include "outcome.h"
#include "png_chunks.h"

typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t offset;         // of the next chunk to look at
    const uint8_t *piece;  // what libpng reads at present: the signature or one whole chunk
    size_t piece_left;
    int wants_transparency;  // whether tRNS is let through
    size_t data_left;        // how much may still be read; see icc_png_limit_tail

    size_t memory_left;
    jmp_buf failed;
    icc_outcome outcome;
} icc_png_reader;

// Makes a libpng reader whose memory, size and errors are bound to `reader`, or returns NULL.
// Errors end in longjmp(reader->failed) with reader->outcome filled; the caller sets it before any other call.
png_structp icc_png_open(
    icc_png_reader *reader, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max);

// To be called before the last row is read: libpng inflates all that follows the last row, however much, so a small
// file could keep it busy for minutes. What one row can need and a little more is left to it.
void icc_png_limit_tail(icc_png_reader *reader, size_t row_bytes);

#endif
