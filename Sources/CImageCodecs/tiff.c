#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "outcome.h"

#if TIFFLIB_VERSION < 20221213
#error "libtiff 4.5 or later is needed: before it, error handlers were shared by all threads"
#endif

typedef struct {
    const uint8_t *bytes;
    size_t count;
    uint64_t offset;
    int reads_pixels;  // from then on a warning means that pixels are made up
    icc_outcome outcome;
} source;

static int note_error(TIFF *tiff, void *user, const char *module, const char *format, va_list values) {
    (void)tiff;
    (void)module;
    source *from = user;
    char message[sizeof from->outcome.reason];
    vsnprintf(message, sizeof message, format, values);
    if (from->outcome.status == ICC_OK) from->outcome = icc_fail(ICC_CORRUPT, message);
    return 1;
}

static int note_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list values) {
    source *from = user;
    return from->reads_pixels ? note_error(tiff, user, module, format, values) : 1;
}

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t wanted) {
    source *from = handle;
    if (wanted < 0 || from->offset >= from->count) return 0;
    size_t left = from->count - (size_t)from->offset;
    size_t part = (size_t)wanted < left ? (size_t)wanted : left;
    memcpy(out, from->bytes + from->offset, part);
    from->offset += part;
    return (tmsize_t)part;
}

static tmsize_t write_bytes(thandle_t handle, void *data, tmsize_t size) {
    (void)handle;
    (void)data;
    (void)size;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    source *from = handle;
    uint64_t base = whence == SEEK_CUR ? from->offset : whence == SEEK_END ? from->count : 0;
    from->offset = base + offset;
    return from->offset;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) {
    return ((source *)handle)->count;
}

// libtiff reads straight from the bytes, so that it reserves nothing for what the file only claims to hold.
static int map(thandle_t handle, void **base, toff_t *size) {
    source *from = handle;
    *base = (void *)from->bytes;
    *size = from->count;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

static TIFF *open_tiff(source *from, size_t memory_max) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)memory_max);
    TIFFOpenOptionsSetErrorHandlerExtR(options, note_error, from);
    TIFFOpenOptionsSetWarningHandlerExtR(options, note_warning, from);
    // 'h': the directory is chosen by the caller, not the first one.
    TIFF *tiff = TIFFClientOpenExt(
        "upload", "rh", from, read_bytes, write_bytes, seek, close_nothing, size_of, map, unmap, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

static const char *read_rows(TIFF *tiff, uint32_t height, uint16_t planes, size_t memory_max) {
    tmsize_t size = TIFFScanlineSize(tiff);
    if (size <= 0 || (size_t)size > memory_max) return "a row of no or of absurd length";
    void *row = malloc((size_t)size);
    if (row == NULL) return "no memory for a row";
    const char *wrong = NULL;
    for (uint16_t plane = 0; plane < planes && wrong == NULL; plane++)
        for (uint32_t y = 0; y < height && wrong == NULL; y++)
            if (TIFFReadScanline(tiff, row, y, plane) != 1) wrong = "a row does not decode";
    free(row);
    return wrong;
}

static const char *read_tiles(TIFF *tiff, size_t memory_max) {
    tmsize_t size = TIFFTileSize(tiff);
    if (size <= 0 || (size_t)size > memory_max) return "a tile of no or of absurd size";
    void *tile = malloc((size_t)size);
    if (tile == NULL) return "no memory for a tile";
    const char *wrong = NULL;
    uint32_t tiles = TIFFNumberOfTiles(tiff);
    for (uint32_t number = 0; number < tiles && wrong == NULL; number++)
        if (TIFFReadEncodedTile(tiff, number, tile, size) != size) wrong = "a tile does not decode";
    free(tile);
    return wrong;
}

static const char *choose_page(TIFF *tiff, uint32_t directory, uint32_t width, uint32_t height) {
    if (!TIFFSetSubDirectory(tiff, directory)) return "the directory cannot be read";
    uint32_t found_width = 0, found_height = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &found_width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &found_height);
    if (found_width == width && found_height == height) return NULL;
    return "the page has not the size that the header reader found";
}

// Whether libtiff can make red, green and blue of what the page holds, as far as it knows without the pixels.
static int can_be_drawn(TIFF *tiff) {
    TIFFRGBAImage image;
    char message[1024] = "";
    if (!TIFFRGBAImageBegin(&image, tiff, 1, message)) return 0;
    TIFFRGBAImageEnd(&image);
    return 1;
}

static const char *read_page(source *from, TIFF *tiff, uint32_t height, size_t memory_max) {
    uint16_t planar = PLANARCONFIG_CONTIG, samples = 1;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    // What libtiff found wrong and mended while it read the fields is judged by whether the pixels decode.
    from->outcome = icc_ok();
    from->reads_pixels = 1;
    return TIFFIsTiled(tiff) ? read_tiles(tiff, memory_max)
                             : read_rows(tiff, height, planar == PLANARCONFIG_SEPARATE ? samples : 1, memory_max);
}

// libtiff multiplies colours by alpha; a canvas wants them as they are.
static void convert_row(uint32_t *row, uint32_t width) {
    uint8_t *out = (uint8_t *)row;
    for (uint32_t x = 0; x < width; x++, out += 4) {
        uint32_t pixel = row[x], alpha = TIFFGetA(pixel);
        uint32_t colors[3] = {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)};
        for (int i = 0; i < 3; i++) {
            uint32_t value = alpha == 0 ? 0 : (colors[i] * 255 + alpha / 2) / alpha;
            out[i] = (uint8_t)(value > 255 ? 255 : value);
        }
        out[3] = (uint8_t)alpha;
    }
}

static const char *draw_page(TIFF *tiff, uint32_t width, uint32_t height, icc_canvas *canvas) {
    uint32_t *pixels = calloc((size_t)width * height, sizeof *pixels);
    if (pixels == NULL) return "no memory for the page";
    // The canvas is turned by its own; libtiff is told that the first row is the uppermost.
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    int is_read = TIFFReadRGBAImageOriented(tiff, width, height, pixels, ORIENTATION_TOPLEFT, 1);
    for (uint32_t y = 0; is_read && y < height; y++) {
        uint32_t *row = pixels + (size_t)y * width;
        convert_row(row, width);
        icc_canvas_draw_row(canvas, y, 0, (const uint8_t *)row, width);
    }
    free(pixels);
    return is_read ? NULL : "the page does not decode";
}

static icc_outcome decode(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max,
    bool is_shown, icc_canvas *canvas) {
    source from = {.bytes = bytes, .count = count, .outcome = icc_ok()};
    TIFF *tiff = open_tiff(&from, memory_max);
    if (tiff == NULL)
        return from.outcome.status == ICC_OK ? icc_fail(ICC_NO_MEMORY, "libtiff has no memory to begin") : from.outcome;
    const char *wrong = choose_page(tiff, directory, width, height);
    if (wrong == NULL && canvas == NULL && is_shown && !can_be_drawn(tiff)) {
        TIFFClose(tiff);
        return icc_fail(ICC_UNSUPPORTED, "a TIFF whose samples make no colours");
    }
    if (wrong == NULL)
        wrong = canvas == NULL ? read_page(&from, tiff, height, memory_max) : draw_page(tiff, width, height, canvas);
    TIFFClose(tiff);
    if (wrong != NULL && from.outcome.status == ICC_OK) from.outcome = icc_fail(ICC_CORRUPT, wrong);
    // What libtiff noted on the way to a page that it drew nevertheless is no failure.
    return wrong == NULL && canvas != NULL ? icc_ok() : from.outcome;
}

icc_outcome icc_tiff_validate(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max,
    bool is_shown) {
    return decode(bytes, count, directory, width, height, memory_max, is_shown, NULL);
}

icc_outcome icc_tiff_draw(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max,
    icc_canvas *canvas) {
    return decode(bytes, count, directory, width, height, memory_max, true, canvas);
}

const char *icc_libtiff_version(void) {
    return TIFFGetVersion();
}
