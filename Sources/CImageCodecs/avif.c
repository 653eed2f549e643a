#include <avif/avif.h>

#include "outcome.h"

icc_outcome icc_avif_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    avifDecoder *decoder = avifDecoderCreate();
    if (decoder == NULL) return icc_fail(ICC_NO_MEMORY, "libavif has no memory to begin");
    // The only decoder of libavif's that refuses a picture larger than its container says, before it reserves memory.
    decoder->codecChoice = AVIF_CODEC_CHOICE_DAV1D;
    decoder->imageSizeLimit = width * height;
    decoder->imageCountLimit = 1;
    decoder->maxThreads = 1;
    decoder->ignoreExif = AVIF_TRUE;
    decoder->ignoreXMP = AVIF_TRUE;
    avifDecoderSetSource(decoder, AVIF_DECODER_SOURCE_PRIMARY_ITEM);
    avifResult result = avifDecoderSetIOMemory(decoder, bytes, count);
    if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder);
    int has_size = result == AVIF_RESULT_OK && decoder->image->width == width && decoder->image->height == height;
    if (has_size) result = avifDecoderNextImage(decoder);
    avifDecoderDestroy(decoder);
    if (result == AVIF_RESULT_OUT_OF_MEMORY) return icc_fail(ICC_NO_MEMORY, "libavif has not the memory");
    if (result != AVIF_RESULT_OK) return icc_fail(ICC_CORRUPT, avifResultToString(result));
    return has_size ? icc_ok() : icc_fail(ICC_CORRUPT, "the image has not the size that the header reader found");
}

const char *icc_libavif_version(void) {
    return avifVersion();
}
