#include "png_reader.h"

// Asks libpng for eight bits of red, green, blue and alpha, whatever the file has. Returns the passes.
static int ask_for_rgba(png_structp png, png_infop info) {
    png_set_scale_16(png);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return passes;
}

// Draws row by row; but Adam7 gives the rows seven times over, each time with more of their pixels, so all are kept.
ICC_KEEPS_SETJMP static void draw_rows(icc_png_reader *reader, uint32_t width, uint32_t height, icc_canvas *canvas) {
    if (setjmp(reader->failed) != 0) return;
    icc_png_open(reader, width, height);
    png_structp png = reader->png;
    int passes = ask_for_rgba(png, reader->info);
    size_t row_bytes = png_get_rowbytes(png, reader->info);
    if (row_bytes != (size_t)width * 4) png_error(png, "libpng gives other rows than asked for");
    reader->pixels = png_calloc(png, row_bytes * (passes > 1 ? height : 1));
    for (int pass = 1; pass < passes; pass++)
        for (uint32_t y = 0; y < height; y++) png_read_row(png, reader->pixels + y * row_bytes, NULL);
    for (uint32_t y = 0; y < height; y++) {
        // In the last pass of Adam7 every other row is empty. The file may have twice as many bytes a row.
        if (y + 2 >= height) icc_png_limit_tail(reader, row_bytes * 4);
        png_bytep row = reader->pixels + (passes > 1 ? y * row_bytes : 0);
        png_read_row(png, row, NULL);
        icc_canvas_draw_row(canvas, y, 0, row, width);
    }
}

icc_outcome icc_png_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max, icc_canvas *canvas) {
    icc_png_reader reader = icc_png_reader_of(bytes, count, memory_max);
    draw_rows(&reader, width, height, canvas);
    return icc_png_close(&reader);
}
