#include "png_frames.h"
#include "png_reader.h"

// Reads all rows of all passes into nothing: libpng inflates and unfilters them, nobody keeps them.
static void read_rows(icc_png_reader *reader, png_structp png, png_infop info, uint32_t width, uint32_t height) {
    png_read_info(png, info);
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
        png_error(png, "IHDR is not what the header reader found");
    int passes = png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7 ? 7 : 1;
    uint64_t rows = 0;
    for (int pass = 0; pass < passes; pass++) {
        if (passes == 1)
            rows += height;
        else if (PNG_PASS_COLS(width, pass) > 0)
            rows += PNG_PASS_ROWS(height, pass);
    }
    for (; rows > 1; rows--) png_read_row(png, NULL, NULL);
    icc_png_limit_tail(reader, png_get_rowbytes(png, info));
    png_read_row(png, NULL, NULL);
    png_read_end(png, NULL);
}

static icc_outcome validate_image(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max) {
    icc_png_reader reader;
    png_structp volatile png = NULL;
    png_infop volatile info = NULL;
    if (setjmp(reader.failed) == 0) {
        png = icc_png_open(&reader, bytes, count, width, height, memory_max);
        if (png != NULL) info = png_create_info_struct(png);
        if (info != NULL)
            read_rows(&reader, png, info, width, height);
        else if (reader.outcome.status == ICC_OK)
            reader.outcome = icc_fail(ICC_NO_MEMORY, "libpng has no memory to begin");
    }
    png_structp opened = png;
    png_infop opened_info = info;
    if (opened != NULL) png_destroy_read_struct(&opened, &opened_info, NULL);
    return reader.outcome;
}

icc_outcome icc_png_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max) {
    icc_outcome outcome = validate_image(bytes, count, width, height, memory_max);
    if (outcome.status == ICC_OK) outcome = icc_png_validate_frames(bytes, count);
    return outcome;
}
