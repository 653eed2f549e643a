// libpng over bytes in memory, fed with nothing but the chunks that make pixels.
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
    size_t data_left;  // how much may still be read; see icc_png_limit_tail
    size_t memory_left;
    png_structp png;
    png_infop info;
    png_bytep pixels;  // of libpng's memory, for whoever needs some
    jmp_buf failed;
    icc_outcome outcome;
} icc_png_reader;

// A reader of these bytes, still closed: all NULL.
icc_png_reader icc_png_reader_of(const uint8_t *bytes, size_t count, size_t memory_max);

// Opens libpng and reads everything before IDAT. The size is what the caller expects to find. Errors, here and in every
// call of libpng later, end in longjmp(reader->failed) with reader->outcome filled. The function that calls setjmp must
// not be the one that owns the reader: what a longjmp leaves in variables of the former is undefined.
void icc_png_open(icc_png_reader *reader, uint32_t width, uint32_t height);

// To be called before the last row is read: libpng inflates all that follows the last row, however much, so a small
// file could keep it busy for minutes. What one row can need and a little more is left to it.
void icc_png_limit_tail(icc_png_reader *reader, size_t row_bytes);

// Frees all; how it went.
icc_outcome icc_png_close(icc_png_reader *reader);

#endif
