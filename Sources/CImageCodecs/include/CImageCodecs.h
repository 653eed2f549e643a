// The line between this package and the image libraries: flat structs and status codes. No setjmp, no va_list and no
// ownership crosses it; every function may be called from any thread, on different bytes at the same time.
#ifndef C_IMAGE_CODECS_H
#define C_IMAGE_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ICC_OK = 0,
    // The bytes do not decode whole, or do not hold what the caller read in their header.
    ICC_CORRUPT = 1,
    // More memory would be needed than the caller allows, or than there is.
    ICC_NO_MEMORY = 2,
    // A legal variant that nothing here draws.
    ICC_UNSUPPORTED = 3,
};

// How a call ended. `reason` is for a log line: NUL-terminated printable ASCII, empty with ICC_OK.
typedef struct {
    int32_t status;
    char reason[124];
} icc_outcome;

// Inflates every row of the image in IDAT and, if it is animated, of every frame (fcTL and fdAT), and checks all that can
// be wrong with them. Size and animation are what the caller read in the chunks.
icc_outcome icc_png_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, bool is_animated);

// Decodes all scans with libjpeg-turbo. A warning of libjpeg is a failure, but for the two that are about metadata.
icc_outcome icc_jpeg_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max);

// Whether the file as a whole (its chunks and flags) is one that libwebp's demuxer takes, with which browsers begin. Takes
// some bytes of memory for each chunk.
icc_outcome icc_webp_validate_container(const uint8_t *bytes, size_t count);

// Decodes one picture with libwebp: [ALPH] VP8 or VP8L, as they stand in the file.
icc_outcome icc_webp_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height);

// Decodes the page whose directory stands at `directory` with libtiff, row by row or tile by tile. A page that is shown
// must be one that icc_tiff_draw can draw; otherwise the reason completes "This is …".
icc_outcome icc_tiff_validate(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max,
    bool is_shown);

// Decodes the primary item (and its alpha) with libavif and dav1d. A bitstream of more than width × height pixels is
// refused by dav1d before it reserves memory for them.
icc_outcome icc_avif_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height);

// --- Rendering: a decoder draws the first picture of a file on a canvas, which is then sized, turned and encoded.

// The part of an image that is wanted, and the size of the canvas for it: not larger. Where it is smaller, the pixels are
// averaged while they are drawn, each for the one pixel of the canvas that it belongs to.
typedef struct {
    uint32_t x, y, width, height;
    uint32_t canvas_width, canvas_height;
} icc_window;

typedef struct icc_canvas icc_canvas;

// A transparent canvas, or NULL without memory. To be freed with icc_canvas_free.
icc_canvas *icc_canvas_create(icc_window window);
void icc_canvas_free(icc_canvas *canvas);

// Draws pixels (red, green, blue, alpha; not multiplied by it) of row `y` of the image from column `x` on. Rows come from
// the first to the last, each once; what lies outside the window is ignored, what is never drawn stays transparent.
void icc_canvas_draw_row(icc_canvas *canvas, uint32_t y, uint32_t x, const uint8_t *rgba, uint32_t count);

// These draw all of it. The size is what the header says; memory_max bounds what libpng and libjpeg reserve.
icc_outcome icc_png_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max, icc_canvas *canvas);
// `reduction` is 1, 2, 4 or 8: the sides of the image that is drawn are divided by it, rounded up.
icc_outcome icc_jpeg_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t reduction, size_t memory_max,
    icc_canvas *canvas);
// One picture, to be drawn at this place.
icc_outcome icc_webp_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t reduction, uint32_t x, uint32_t y,
    icc_canvas *canvas);
icc_outcome icc_tiff_draw(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max,
    icc_canvas *canvas);
icc_outcome icc_avif_draw(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, icc_canvas *canvas);

enum { ICC_PNG = 1, ICC_JPEG = 2, ICC_WEBP = 3 };

// The size is that before the image is turned by its orientation (EXIF, 1 to 8); quality is 1 to 100.
typedef struct {
    uint32_t width, height;
    int32_t orientation;
    int32_t format;
    int32_t quality;
} icc_rendering;

// Bytes that the caller frees with icc_bytes_free.
typedef struct {
    uint8_t *data;
    size_t count;
    int32_t is_of_libgd;  // by whose allocator; nothing for the caller
} icc_bytes;

// Sizes, turns and encodes what was drawn. The canvas can only be freed after it.
icc_outcome icc_canvas_encode(icc_canvas *canvas, icc_rendering rendering, icc_bytes *out);
void icc_bytes_free(icc_bytes bytes);

// The versions of the libraries as linked (not as compiled against): static strings.
const char *icc_libpng_version(void);
const char *icc_libgd_version(void);
const char *icc_zlib_version(void);
// The libjpeg that was compiled against: libjpeg-turbo has no call that tells.
const char *icc_libjpeg_version(void);
const char *icc_libavif_version(void);
const char *icc_libtiff_version(void);
// 0xMMmmpp.
int32_t icc_libwebp_version(void);

#endif
