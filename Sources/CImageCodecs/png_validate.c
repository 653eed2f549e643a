// Whether a PNG decodes whole, checked chunk by chunk. zlib inflates every row, and no row is unfiltered: filters turn any
// bytes into pixels, so that nothing can be wrong there, and libpng would spend a third of its time on it.
#include <stdio.h>

#include "outcome.h"
#include "png_chunks.h"
#include "png_rows.h"

typedef struct {
    icc_png_rows rows;
    uint32_t width, height;
    int has_header;
    int has_data;      // IDAT has begun
    bool is_animated;  // otherwise fcTL and fdAT are just ancillary chunks
} validation;

// The chunks that are looked at: those that make pixels. An upload is not judged by its text and profiles.
static int counts(const validation *png, uint32_t type) {
    switch (type) {
    case ICC_CHUNK('I', 'H', 'D', 'R'):
    case ICC_CHUNK('P', 'L', 'T', 'E'):
    case ICC_CHUNK('I', 'D', 'A', 'T'):
    case ICC_CHUNK('I', 'E', 'N', 'D'):
        return 1;
    case ICC_CHUNK('a', 'c', 'T', 'L'):
        return png->is_animated && !png->has_data;
    case ICC_CHUNK('f', 'c', 'T', 'L'):
    case ICC_CHUNK('f', 'd', 'A', 'T'):
        return png->is_animated;
    default:
        return 0;
    }
}

static const char *read_header(validation *png, const icc_chunk *chunk) {
    if (chunk->length != 13 || png->has_header) return "IHDR is damaged";
    if (icc_be32(chunk->data) != png->width || icc_be32(chunk->data + 4) != png->height)
        return "IHDR is not what the header reader found";
    png->has_header = 1;
    const char *wrong = icc_png_rows_init(&png->rows, chunk->data);
    return wrong != NULL ? wrong : icc_png_rows_begin(&png->rows, png->width, png->height);
}

// fcTL: the frame before IDAT has its data there.
static const char *begin_frame(validation *png, const icc_chunk *chunk) {
    if (chunk->length != 26) return "fcTL is damaged";
    if (!png->has_data) return NULL;
    const char *wrong = icc_png_rows_finish(&png->rows);
    return wrong != NULL ? wrong : icc_png_rows_begin(&png->rows, icc_be32(chunk->data + 4), icc_be32(chunk->data + 8));
}

static const char *read_chunk(validation *png, const icc_chunk *chunk) {
    if (!png->has_header && chunk->type != ICC_CHUNK('I', 'H', 'D', 'R')) return "IHDR is not the first chunk";
    switch (chunk->type) {
    case ICC_CHUNK('I', 'H', 'D', 'R'):
        return read_header(png, chunk);
    case ICC_CHUNK('P', 'L', 'T', 'E'):
    case ICC_CHUNK('a', 'c', 'T', 'L'):
        return NULL;
    case ICC_CHUNK('I', 'D', 'A', 'T'):
        png->has_data = 1;
        return icc_png_rows_inflate(&png->rows, chunk->data, chunk->length);
    case ICC_CHUNK('f', 'c', 'T', 'L'):
        return begin_frame(png, chunk);
    case ICC_CHUNK('f', 'd', 'A', 'T'):
        if (chunk->length < 4) return "fdAT is damaged";
        return icc_png_rows_inflate(&png->rows, chunk->data + 4, chunk->length - 4);
    default:
        return icc_png_rows_finish(&png->rows);
    }
}

static int has_good_checksum(const icc_chunk *chunk) {
    uLong sum = crc32_z(0, chunk->start + 4, (z_size_t)chunk->length + 4);
    return (uint32_t)sum == icc_be32(chunk->data + chunk->length);
}

static icc_outcome fail_in(const icc_chunk *chunk, const char *wrong) {
    char reason[sizeof((icc_outcome *)NULL)->reason];
    snprintf(reason, sizeof reason, "%s in %.4s", wrong, (const char *)chunk->start + 4);
    return icc_fail(ICC_CORRUPT, reason);
}

icc_outcome icc_png_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, bool is_animated) {
    validation png = {.width = width, .height = height, .is_animated = is_animated};
    icc_outcome outcome = icc_ok();
    size_t offset = ICC_PNG_SIGNATURE_BYTES;
    icc_chunk chunk = {0};
    while (outcome.status == ICC_OK && chunk.type != ICC_CHUNK('I', 'E', 'N', 'D')) {
        if (!icc_next_chunk(bytes, count, &offset, &chunk)) {
            outcome = icc_fail(ICC_CORRUPT, "the file is truncated");
        } else if (counts(&png, chunk.type)) {
            const char *wrong = has_good_checksum(&chunk) ? read_chunk(&png, &chunk) : "a bad CRC checksum";
            if (wrong != NULL) outcome = fail_in(&chunk, wrong);
        }
    }
    icc_png_rows_end(&png.rows);
    return outcome;
}
