#include <string.h>
#include <webp/decode.h>

#include "outcome.h"

static const char *reason(VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
        return "the picture's data ends early";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return "the picture uses an unsupported feature";
    default:
        return "the picture's data is damaged";
    }
}

icc_outcome icc_webp_validate(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return icc_fail(ICC_CORRUPT, "libwebp has another version than its headers");
    VP8StatusCode status = WebPGetFeatures(bytes, count, &config.input);
    if (status != VP8_STATUS_OK) return icc_fail(ICC_CORRUPT, reason(status));
    if ((uint32_t)config.input.width != width || (uint32_t)config.input.height != height)
        return icc_fail(ICC_CORRUPT, "the picture has not the size that the header reader found");
    // Cropped to its last pixels, the picture is still decoded from the first row to the last, alpha included, but
    // nobody holds or converts its pixels.
    uint8_t pixels[2 * 2 * 4];
    config.options.use_cropping = 1;
    config.options.crop_left = (config.input.width - 1) & ~1;
    config.options.crop_top = (config.input.height - 1) & ~1;
    config.options.crop_width = config.input.width - config.options.crop_left;
    config.options.crop_height = config.input.height - config.options.crop_top;
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = 2 * 4;
    config.output.u.RGBA.size = sizeof pixels;
    status = WebPDecode(bytes, count, &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY) return icc_fail(ICC_NO_MEMORY, "libwebp has not the memory");
    return status == VP8_STATUS_OK ? icc_ok() : icc_fail(ICC_CORRUPT, reason(status));
}

int32_t icc_libwebp_version(void) {
    return WebPGetDecoderVersion();
}
