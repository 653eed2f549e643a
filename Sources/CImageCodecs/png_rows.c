#include "png_rows.h"

#include <png.h>

// What is looked at after the last row, inflated. Nobody shows it, but the checksum stands at its end. A stream that goes
// on for longer is left alone there, as browsers do at once: its pixels are whole, and it must not keep us busy.
enum { TAIL_BYTES = 512 * 1024, FILTER_TYPE_MAX = 4 };

const char *icc_png_rows_init(icc_png_rows *rows, const uint8_t ihdr[13]) {
    static const int channels[7] = {1, 0, 3, 1, 2, 0, 4};
    if (ihdr[9] > 6) return "IHDR is damaged";
    rows->bits_a_pixel = ihdr[8] * channels[ihdr[9]];
    rows->passes = ihdr[12] == 1 ? 7 : 1;
    // The largest window: some encoders say that they use less than they do, and every browser takes it.
    return inflateInit2(&rows->zlib, MAX_WBITS) == Z_OK ? NULL : "zlib has no memory to begin";
}

void icc_png_rows_end(icc_png_rows *rows) {
    inflateEnd(&rows->zlib);
}

static int all_rows_read(const icc_png_rows *rows) {
    return rows->pass == rows->passes;
}

// Goes to the first pass from `pass` on that has pixels (PNG §8.1), or past the last.
static void begin_pass(icc_png_rows *rows, int pass) {
    for (rows->pass = pass; rows->pass < rows->passes; rows->pass++) {
        uint64_t columns = rows->width, count = rows->height;
        if (rows->passes == 7) {
            columns = PNG_PASS_COLS(rows->width, rows->pass);
            count = PNG_PASS_ROWS(rows->height, rows->pass);
        }
        if (columns == 0 || count == 0) continue;
        rows->row_bytes = 1 + (columns * (uint64_t)rows->bits_a_pixel + 7) / 8;
        rows->row_left = rows->row_bytes;
        rows->rows_left = count;
        return;
    }
}

const char *icc_png_rows_begin(icc_png_rows *rows, uint32_t width, uint32_t height) {
    if (inflateReset(&rows->zlib) != Z_OK) return "zlib cannot begin";
    rows->width = width;
    rows->height = height;
    rows->tail = 0;
    rows->is_open = 1;
    begin_pass(rows, 0);
    return NULL;
}

// Takes inflated bytes.
static const char *take(icc_png_rows *rows, const uint8_t *data, size_t size) {
    while (size > 0) {
        if (all_rows_read(rows)) {
            rows->tail += size;
            return NULL;
        }
        if (rows->row_left == rows->row_bytes && data[0] > FILTER_TYPE_MAX) return "an unknown filter type";
        size_t part = size < rows->row_left ? size : (size_t)rows->row_left;
        data += part;
        size -= part;
        rows->row_left -= part;
        if (rows->row_left > 0) continue;
        rows->row_left = rows->row_bytes;
        if (--rows->rows_left == 0) begin_pass(rows, rows->pass + 1);
    }
    return NULL;
}

const char *icc_png_rows_inflate(icc_png_rows *rows, const uint8_t *data, uint32_t length) {
    if (!rows->is_open) return NULL;
    uint8_t inflated[32 * 1024];
    rows->zlib.next_in = (Bytef *)data;
    rows->zlib.avail_in = length;
    do {
        rows->zlib.next_out = inflated;
        rows->zlib.avail_out = sizeof inflated;
        int result = inflate(&rows->zlib, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return rows->zlib.msg != NULL ? rows->zlib.msg : "the zlib stream is damaged";
        const char *wrong = take(rows, inflated, sizeof inflated - rows->zlib.avail_out);
        if (wrong != NULL) return wrong;
        if (result == Z_STREAM_END) {
            rows->is_open = 0;
            return all_rows_read(rows) ? NULL : "the data has too few rows";
        }
        if (rows->tail > TAIL_BYTES) {
            rows->is_open = 0;
            return NULL;
        }
    } while (rows->zlib.avail_in > 0 || rows->zlib.avail_out == 0);
    return NULL;
}

const char *icc_png_rows_finish(const icc_png_rows *rows) {
    return rows->is_open ? "the data ends early" : NULL;
}
