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
    size_t tail_left;  // how much may still be read after the last row
    size_t memory_left;
    png_structp png;
    png_infop info;
    uint32_t width, height;  // 0 until the rows begin
    png_bytep pixels;        // of libpng's memory: a row, or all of them
    int keeps_rows;
    uint32_t rows_drawn;
    jmp_buf failed;
    icc_outcome outcome;
} icc_png_reader;

// A reader of these bytes, still closed: all NULL.
icc_png_reader icc_png_reader_of(const uint8_t *bytes, size_t count, size_t memory_max);

// Opens libpng and reads everything before IDAT. The size is what the caller expects to find. Errors, here and in every
// call of libpng later, end in longjmp(reader->failed) with reader->outcome filled. What goes wrong once all rows are read
// ends there too, but is no failure: libpng inflates all that follows the last row, however much, so it is stopped soon.
// The function that calls setjmp must
// not be the one that owns the reader: what a longjmp leaves in variables of the former is undefined.
void icc_png_open(icc_png_reader *reader, uint32_t width, uint32_t height);

// Frees all; how it went.
icc_outcome icc_png_close(icc_png_reader *reader);

#endif
