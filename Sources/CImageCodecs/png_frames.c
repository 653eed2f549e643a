#include "png_frames.h"

#include <png.h>
#include <string.h>
#include <zlib.h>

#include "png_chunks.h"

// What may follow the last row of a frame, inflated; then nobody waits for the end of its data.
enum { TAIL_BYTES = 64 * 1024, FILTER_TYPE_MAX = 4 };

typedef struct {
    z_stream zlib;
    int is_open;       // a frame has begun and its data has not ended
    int bits_a_pixel;  // of IHDR, for all frames
    int passes;        // 7 with Adam7, else 1
    // The frame's size, and where in it the next inflated byte belongs.
    uint32_t width, height;
    int pass;
    uint64_t row_bytes;  // of a row of this pass, filter type included
    uint64_t rows_left;  // of this pass, the present row included
    uint64_t row_left;   // bytes of the present row still to come
    uint64_t tail;       // bytes past the last row
} frame_reader;

static int all_rows_read(const frame_reader *frame) {
    return frame->pass == frame->passes;
}

// Goes to the first pass from `pass` on that has pixels (PNG §8.1), or past the last.
static void begin_pass(frame_reader *frame, int pass) {
    for (frame->pass = pass; frame->pass < frame->passes; frame->pass++) {
        uint64_t columns = frame->width, rows = frame->height;
        if (frame->passes == 7) {
            columns = PNG_PASS_COLS(frame->width, frame->pass);
            rows = PNG_PASS_ROWS(frame->height, frame->pass);
        }
        if (columns == 0 || rows == 0) continue;
        frame->row_bytes = 1 + (columns * (uint64_t)frame->bits_a_pixel + 7) / 8;
        frame->row_left = frame->row_bytes;
        frame->rows_left = rows;
        return;
    }
}

// Takes inflated bytes; a reason if they are wrong.
static const char *take(frame_reader *frame, const uint8_t *data, size_t size) {
    while (size > 0) {
        if (all_rows_read(frame)) {
            frame->tail += size;
            return frame->tail > TAIL_BYTES ? "too much data in an animation frame" : NULL;
        }
        if (frame->row_left == frame->row_bytes && data[0] > FILTER_TYPE_MAX)
            return "an unknown filter type in an animation frame";
        size_t part = size < frame->row_left ? size : (size_t)frame->row_left;
        data += part;
        size -= part;
        frame->row_left -= part;
        if (frame->row_left > 0) continue;
        frame->row_left = frame->row_bytes;
        if (--frame->rows_left == 0) begin_pass(frame, frame->pass + 1);
    }
    return NULL;
}

static const char *inflate_data(frame_reader *frame, const uint8_t *data, uint32_t length) {
    uint8_t inflated[32 * 1024];
    frame->zlib.next_in = (Bytef *)data;
    frame->zlib.avail_in = length;
    do {
        frame->zlib.next_out = inflated;
        frame->zlib.avail_out = sizeof inflated;
        int result = inflate(&frame->zlib, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return "the zlib stream of an animation frame is damaged";
        const char *wrong = take(frame, inflated, sizeof inflated - frame->zlib.avail_out);
        if (wrong != NULL) return wrong;
        if (result == Z_STREAM_END) {
            frame->is_open = 0;
            return all_rows_read(frame) ? NULL : "an animation frame has too few rows";
        }
    } while (frame->zlib.avail_in > 0 || frame->zlib.avail_out == 0);
    return NULL;
}

static const char *begin_frame(frame_reader *frame, const uint8_t *control) {
    if (frame->is_open) return "the data of an animation frame ends early";
    if (inflateReset(&frame->zlib) != Z_OK) return "zlib cannot begin an animation frame";
    frame->width = icc_be32(control + 4);
    frame->height = icc_be32(control + 8);
    frame->tail = 0;
    frame->is_open = 1;
    begin_pass(frame, 0);
    return NULL;
}

static const char *read_header(frame_reader *frame, const icc_chunk *chunk) {
    static const int channels[7] = {1, 0, 3, 1, 2, 0, 4};
    if (chunk->length != 13 || chunk->data[9] > 6) return "IHDR is damaged";
    frame->bits_a_pixel = chunk->data[8] * channels[chunk->data[9]];
    frame->passes = chunk->data[12] == 1 ? 7 : 1;
    return NULL;
}

static int has_good_checksum(const icc_chunk *chunk) {
    uLong sum = crc32_z(0, chunk->start + 4, (z_size_t)chunk->length + 4);
    return (uint32_t)sum == icc_be32(chunk->data + chunk->length);
}

static const char *read_chunk(frame_reader *frame, const icc_chunk *chunk, int after_image) {
    switch (chunk->type) {
    case ICC_CHUNK('I', 'H', 'D', 'R'):
        return read_header(frame, chunk);
    case ICC_CHUNK('f', 'c', 'T', 'L'):
        if (!has_good_checksum(chunk)) return "a bad checksum in fcTL";
        if (chunk->length != 26) return "fcTL is damaged";
        // The frame before IDAT has its data there, and libpng has read it.
        return after_image ? begin_frame(frame, chunk->data) : NULL;
    case ICC_CHUNK('f', 'd', 'A', 'T'):
        if (!has_good_checksum(chunk)) return "a bad checksum in fdAT";
        if (chunk->length < 4) return "fdAT is damaged";
        // Data past the end of the frame's zlib stream is ignored, as it is in IDAT.
        return frame->is_open ? inflate_data(frame, chunk->data + 4, chunk->length - 4) : NULL;
    default:
        return NULL;
    }
}

// Whether acTL stands before IDAT, its checksum right or not. Without it fcTL and fdAT are just ancillary chunks.
static int is_animated(const uint8_t *bytes, size_t count, icc_chunk *control) {
    size_t offset = ICC_PNG_SIGNATURE_BYTES;
    while (icc_next_chunk(bytes, count, &offset, control) && control->type != ICC_CHUNK('I', 'D', 'A', 'T'))
        if (control->type == ICC_CHUNK('a', 'c', 'T', 'L')) return 1;
    return 0;
}

icc_outcome icc_png_validate_frames(const uint8_t *bytes, size_t count) {
    icc_chunk control = {0};
    if (!is_animated(bytes, count, &control)) return icc_ok();
    if (!has_good_checksum(&control)) return icc_fail(ICC_CORRUPT, "a bad checksum in acTL");
    frame_reader frame = {0};
    if (inflateInit(&frame.zlib) != Z_OK) return icc_fail(ICC_NO_MEMORY, "zlib has no memory to begin");
    const char *wrong = NULL;
    size_t offset = ICC_PNG_SIGNATURE_BYTES;
    int after_image = 0;
    icc_chunk chunk = {0};
    while (wrong == NULL && chunk.type != ICC_CHUNK('I', 'E', 'N', 'D') &&
           icc_next_chunk(bytes, count, &offset, &chunk)) {
        wrong = read_chunk(&frame, &chunk, after_image);
        if (chunk.type == ICC_CHUNK('I', 'D', 'A', 'T')) after_image = 1;
    }
    if (wrong == NULL && frame.is_open) wrong = "the data of an animation frame ends early";
    inflateEnd(&frame.zlib);
    return wrong == NULL ? icc_ok() : icc_fail(ICC_CORRUPT, wrong);
}
