// The line between this package and the image libraries: flat structs and status codes. No setjmp, no va_list and no
// ownership crosses it; every function may be called from any thread, on different bytes at the same time.
#ifndef C_IMAGE_CODECS_H
#define C_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

enum {
    ICC_OK = 0,
    // The bytes do not decode whole, or do not hold what the caller read in their header.
    ICC_CORRUPT = 1,
    // More memory would be needed than the caller allows, or than there is.
    ICC_NO_MEMORY = 2,
};

// How a call ended. `reason` is for a log line: NUL-terminated printable ASCII, empty with ICC_OK.
typedef struct {
    int32_t status;
    char reason[124];
} icc_outcome;

// Decodes every row of the image in IDAT with libpng, and inflates every frame of an animation (acTL to fdAT).
// The size is what the caller read in IHDR.
icc_outcome icc_png_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max);

// Decodes all scans with libjpeg-turbo. A warning of libjpeg is a failure, but for the two that are about metadata.
icc_outcome icc_jpeg_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max);

// Decodes one picture with libwebp: [ALPH] VP8 or VP8L, as they stand in the file.
icc_outcome icc_webp_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height);

// Decodes the page whose directory stands at `directory` with libtiff, row by row or tile by tile.
icc_outcome icc_tiff_validate(
    const uint8_t *bytes, size_t count, uint32_t directory, uint32_t width, uint32_t height, size_t memory_max);

// Decodes the primary item (and its alpha) with libavif and dav1d. A bitstream of more than width × height pixels is
// refused by dav1d before it reserves memory for them.
icc_outcome icc_avif_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height);

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
