#include <avif/avif.h>
#include <stdlib.h>

#include "outcome.h"

static avifDecoder *open_avif(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    avifDecoder *decoder = avifDecoderCreate();
    if (decoder == NULL) return NULL;
    // The only decoder of libavif's that refuses a picture larger than its container says, before it reserves memory.
    decoder->codecChoice = AVIF_CODEC_CHOICE_DAV1D;
    decoder->imageSizeLimit = width * height;
    decoder->imageCountLimit = 1;
    decoder->maxThreads = 1;
    // Properties that other decoders do without (pixi of the image, ispe of its alpha) may be missing, as in browsers.
    decoder->strictFlags = AVIF_STRICT_DISABLED;
    decoder->ignoreExif = AVIF_TRUE;
    decoder->ignoreXMP = AVIF_TRUE;
    avifDecoderSetSource(decoder, AVIF_DECODER_SOURCE_PRIMARY_ITEM);
    if (avifDecoderSetIOMemory(decoder, bytes, count) == AVIF_RESULT_OK) return decoder;
    avifDecoderDestroy(decoder);
    return NULL;
}

static avifResult draw(const avifImage *image, icc_canvas *canvas) {
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, image);
    rgb.depth = 8;
    rgb.format = AVIF_RGB_FORMAT_RGBA;
    rgb.rowBytes = image->width * 4;
    rgb.pixels = malloc((size_t)rgb.rowBytes * image->height);
    if (rgb.pixels == NULL) return AVIF_RESULT_OUT_OF_MEMORY;
    avifResult result = avifImageYUVToRGB(image, &rgb);
    for (uint32_t y = 0; result == AVIF_RESULT_OK && y < image->height; y++)
        icc_canvas_draw_row(canvas, y, 0, rgb.pixels + (size_t)y * rgb.rowBytes, image->width);
    free(rgb.pixels);
    return result;
}

// Draws on the canvas, or, without one, only looks whether everything decodes.
static icc_outcome decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, icc_canvas *canvas) {
    avifDecoder *decoder = open_avif(bytes, count, width, height);
    if (decoder == NULL) return icc_fail(ICC_NO_MEMORY, "libavif has no memory to begin");
    avifResult result = avifDecoderParse(decoder);
    int has_size = result == AVIF_RESULT_OK && decoder->image->width == width && decoder->image->height == height;
    if (has_size) result = avifDecoderNextImage(decoder);
    // The bitstream has the last word on the size.
    has_size = has_size && decoder->image->width == width && decoder->image->height == height;
    if (has_size && result == AVIF_RESULT_OK && canvas != NULL) result = draw(decoder->image, canvas);
    avifDecoderDestroy(decoder);
    if (result == AVIF_RESULT_OUT_OF_MEMORY) return icc_fail(ICC_NO_MEMORY, "libavif has not the memory");
    if (result != AVIF_RESULT_OK) return icc_fail(ICC_CORRUPT, avifResultToString(result));
    return has_size ? icc_ok() : icc_fail(ICC_CORRUPT, "the image has not the size that the header reader found");
}

icc_outcome icc_avif_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    return decode(bytes, count, width, height, NULL);
}

icc_outcome icc_avif_draw(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, icc_canvas *canvas) {
    return decode(bytes, count, width, height, canvas);
}

const char *icc_libavif_version(void) {
    return avifVersion();
}
