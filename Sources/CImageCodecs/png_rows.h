// The rows of one picture of a PNG, as they come out of zlib: those of IDAT, or those of an animation frame (fdAT).
#ifndef ICC_PNG_ROWS_H
#define ICC_PNG_ROWS_H

#include <stdint.h>
#include <zlib.h>

typedef struct {
    z_stream zlib;
    int is_open;       // a picture has begun and its data has not ended, or is still looked at
    int bits_a_pixel;  // of IHDR, for all pictures of the file
    int passes;        // 7 with Adam7, else 1
    // The picture's size, and where in it the next inflated byte belongs.
    uint32_t width, height;
    int pass;
    uint64_t row_bytes;  // of a row of this pass, filter type included
    uint64_t rows_left;  // of this pass, the present row included
    uint64_t row_left;   // bytes of the present row still to come
    uint64_t tail;       // bytes past the last row
} icc_png_rows;

// Each returns NULL, or what is wrong.

// Reads what IHDR (PNG §11.2.1) says of rows. icc_png_rows_end is to be called in any case.
const char *icc_png_rows_init(icc_png_rows *rows, const uint8_t ihdr[13]);
// Begins a picture.
const char *icc_png_rows_begin(icc_png_rows *rows, uint32_t width, uint32_t height);
// Inflates some of the picture's data, and throws it away. What follows the end of the zlib stream is ignored.
const char *icc_png_rows_inflate(icc_png_rows *rows, const uint8_t *data, uint32_t length);
// Whether the picture has been whole.
const char *icc_png_rows_finish(const icc_png_rows *rows);
void icc_png_rows_end(icc_png_rows *rows);

#endif
