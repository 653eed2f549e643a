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

static size_t row_offset(const icc_png_reader *reader, uint32_t y) {
    return reader->keeps_rows ? (size_t)y * reader->width * 4 : 0;
}

static void draw_row(icc_png_reader *reader, uint32_t y, icc_canvas *canvas) {
    icc_canvas_draw_row(canvas, y, 0, reader->pixels + row_offset(reader, y), reader->width);
    reader->rows_drawn = y + 1;
}

// Draws row by row; but Adam7 gives the rows seven times over, each time with more of their pixels, so all are kept.
ICC_KEEPS_SETJMP static void draw_rows(icc_png_reader *reader, uint32_t width, uint32_t height, icc_canvas *canvas) {
    if (setjmp(reader->failed) != 0) return;
    icc_png_open(reader, width, height);
    png_structp png = reader->png;
    int passes = ask_for_rgba(png, reader->info);
    if (png_get_rowbytes(png, reader->info) != (size_t)width * 4) png_error(png, "libpng gives other rows than asked for");
    reader->keeps_rows = passes > 1;
    reader->pixels = png_calloc(png, (size_t)width * 4 * (passes > 1 ? height : 1));
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < height; y++) {
            png_read_row(png, reader->pixels + row_offset(reader, y), NULL);
            if (pass == passes - 1) draw_row(reader, y, canvas);
        }
}

icc_outcome icc_png_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max, icc_canvas *canvas) {
    icc_png_reader reader = icc_png_reader_of(bytes, count, memory_max);
    draw_rows(&reader, width, height, canvas);
    // Where libpng was stopped behind the last row, it has made the row.
    if (reader.outcome.status == ICC_OK && reader.rows_drawn < height) draw_row(&reader, height - 1, canvas);
    return icc_png_close(&reader);
}
