#include "png_frames.h"
#include "png_reader.h"

// Reads all rows of all passes into nothing: libpng inflates and unfilters them, nobody keeps them.
ICC_KEEPS_SETJMP static void read_rows(icc_png_reader *reader, uint32_t width, uint32_t height) {
    if (setjmp(reader->failed) != 0) return;
    icc_png_open(reader, width, height);
    int passes = png_get_interlace_type(reader->png, reader->info) == PNG_INTERLACE_ADAM7 ? 7 : 1;
    uint64_t rows = 0;
    for (int pass = 0; pass < passes; pass++) {
        if (passes == 1)
            rows += height;
        else if (PNG_PASS_COLS(width, pass) > 0)
            rows += PNG_PASS_ROWS(height, pass);
    }
    while (rows-- > 1) png_read_row(reader->png, NULL, NULL);
    icc_png_limit_tail(reader, png_get_rowbytes(reader->png, reader->info));
    png_read_row(reader->png, NULL, NULL);
    png_read_end(reader->png, NULL);
}

icc_outcome icc_png_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max) {
    icc_png_reader reader = icc_png_reader_of(bytes, count, memory_max);
    read_rows(&reader, width, height);
    icc_outcome outcome = icc_png_close(&reader);
    return outcome.status == ICC_OK ? icc_png_validate_frames(bytes, count) : outcome;
}
