#include "png_reader.h"

#include <stdlib.h>
#include <string.h>

// Room for bytes that follow the last row: checksum, and the rest of what sloppy encoders write.
enum { TAIL_BYTES = 16 * 1024, ADAM7_PASSES = 7 };

// Whether libpng has made all rows.
static int is_in_tail(const icc_png_reader *reader) {
    if (reader->height == 0) return 0;
    return png_get_current_pass_number(reader->png) >= ADAM7_PASSES ||
           png_get_current_row_number(reader->png) >= reader->height;
}

static void fail(png_structp png, png_const_charp message) {
    icc_png_reader *reader = png_get_error_ptr(png);
    if (reader->outcome.status == ICC_OK && !is_in_tail(reader)) reader->outcome = icc_fail(ICC_CORRUPT, message);
    longjmp(reader->failed, 1);
}

// What an image is worth was found out when it came in: here it is drawn, as well as it goes.
static void warn(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

// Every block carries its size in front, so that what is freed can be given back to the budget.
typedef union {
    size_t bytes;
    max_align_t alignment;
} block_header;

static png_voidp allocate(png_structp png, png_alloc_size_t bytes) {
    icc_png_reader *reader = png_get_mem_ptr(png);
    block_header *block = NULL;
    if (bytes <= reader->memory_left) block = malloc(sizeof *block + bytes);
    if (block == NULL) {
        reader->outcome = icc_fail(ICC_NO_MEMORY, "libpng asks for more memory than is allowed");
        return NULL;
    }
    block->bytes = bytes;
    reader->memory_left -= bytes;
    return block + 1;
}

static void release(png_structp png, png_voidp memory) {
    if (memory == NULL) return;
    icc_png_reader *reader = png_get_mem_ptr(png);
    block_header *block = (block_header *)memory - 1;
    reader->memory_left += block->bytes;
    free(block);
}

static int is_fed(uint32_t type) {
    switch (type) {
    case ICC_CHUNK('I', 'H', 'D', 'R'):
    case ICC_CHUNK('P', 'L', 'T', 'E'):
    case ICC_CHUNK('I', 'D', 'A', 'T'):
    case ICC_CHUNK('t', 'R', 'N', 'S'):
    case ICC_CHUNK('I', 'E', 'N', 'D'):
        return 1;
    default:
        return 0;
    }
}

// Only chunks that make pixels reach libpng: text, profiles and the rest are where its allocations and its errors of
// the past are.
static void feed(png_structp png, png_bytep out, size_t wanted) {
    icc_png_reader *reader = png_get_io_ptr(png);
    while (wanted > 0) {
        if (reader->piece_left == 0) {
            icc_chunk chunk;
            do {
                if (!icc_next_chunk(reader->bytes, reader->count, &reader->offset, &chunk))
                    png_error(png, "the file is truncated");
            } while (!is_fed(chunk.type));
            reader->piece = chunk.start;
            reader->piece_left = (size_t)chunk.length + ICC_CHUNK_FRAME_BYTES;
        }
        size_t part = wanted < reader->piece_left ? wanted : reader->piece_left;
        if (is_in_tail(reader)) {
            if (part > reader->tail_left) png_error(png, "too much data after the last row");
            reader->tail_left -= part;
        }
        memcpy(out, reader->piece, part);
        reader->piece += part;
        reader->piece_left -= part;
        out += part;
        wanted -= part;
    }
}

icc_png_reader icc_png_reader_of(const uint8_t *bytes, size_t count, size_t memory_max) {
    icc_png_reader reader = {
        .bytes = bytes,
        .count = count,
        .offset = ICC_PNG_SIGNATURE_BYTES,
        .piece = bytes,
        .piece_left = ICC_PNG_SIGNATURE_BYTES,
        .tail_left = TAIL_BYTES,
        .memory_left = memory_max,
        .outcome = icc_ok(),
    };
    return reader;
}

static void stop(icc_png_reader *reader, int32_t status, const char *reason) {
    if (reader->outcome.status == ICC_OK) reader->outcome = icc_fail(status, reason);
    longjmp(reader->failed, 1);
}

void icc_png_open(icc_png_reader *reader, uint32_t width, uint32_t height) {
    if (reader->count < ICC_PNG_SIGNATURE_BYTES) stop(reader, ICC_CORRUPT, "the file is truncated");
    reader->png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, fail, warn, reader, allocate, release);
    if (reader->png == NULL) stop(reader, ICC_NO_MEMORY, "libpng has no memory to begin");
    png_structp png = reader->png;
    reader->info = png_create_info_struct(png);
    if (reader->info == NULL) stop(reader, ICC_NO_MEMORY, "libpng has no memory to begin");
    png_set_user_limits(png, width, height);
    png_set_chunk_cache_max(png, 1);
    png_set_chunk_malloc_max(png, 64 * 1024);
    // A palette that nobody asked for, and a window said to be smaller than it is.
    png_set_benign_errors(png, 1);
    png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
    // Palette indices past the palette are shown as black everywhere.
    png_set_check_for_invalid_index(png, -1);
    png_set_read_fn(png, reader, feed);
    png_read_info(png, reader->info);
    if (png_get_image_width(png, reader->info) != width || png_get_image_height(png, reader->info) != height)
        png_error(png, "IHDR is not what the header reader found");
    reader->width = width;
    reader->height = height;
}

icc_outcome icc_png_close(icc_png_reader *reader) {
    if (reader->png != NULL) {
        png_free(reader->png, reader->pixels);
        png_destroy_read_struct(&reader->png, &reader->info, NULL);
    }
    return reader->outcome;
}
