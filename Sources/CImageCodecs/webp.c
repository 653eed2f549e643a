#include <stdlib.h>
#include <webp/decode.h>
#include <webp/demux.h>

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

icc_outcome icc_webp_validate_container(const uint8_t *bytes, size_t count) {
    WebPData data = {.bytes = bytes, .size = count};
    WebPDemuxer *demuxer = WebPDemux(&data);
    if (demuxer == NULL) return icc_fail(ICC_CORRUPT, "libwebp does not take the file for whole");
    WebPDemuxDelete(demuxer);
    return icc_ok();
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

// Decodes at a reduced size into `pixels`, rows of width × 4 bytes.
static VP8StatusCode decode(
    const uint8_t *bytes, size_t count, uint8_t *pixels, uint32_t width, uint32_t height, int is_reduced) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return VP8_STATUS_INVALID_PARAM;
    config.options.use_scaling = is_reduced;
    config.options.scaled_width = (int)width;
    config.options.scaled_height = (int)height;
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)width * 4;
    config.output.u.RGBA.size = (size_t)width * 4 * height;
    VP8StatusCode status = WebPDecode(bytes, count, &config);
    WebPFreeDecBuffer(&config.output);
    return status;
}

icc_outcome icc_webp_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t reduction, uint32_t x, uint32_t y,
    icc_canvas *canvas) {
    int found_width, found_height;
    if (!WebPGetInfo(bytes, count, &found_width, &found_height) || (uint32_t)found_width != width ||
        (uint32_t)found_height != height)
        return icc_fail(ICC_CORRUPT, "the picture has not the size that the header reader found");
    uint32_t drawn_width = (width + reduction - 1) / reduction, drawn_height = (height + reduction - 1) / reduction;
    uint8_t *pixels = malloc((size_t)drawn_width * drawn_height * 4);
    if (pixels == NULL) return icc_fail(ICC_NO_MEMORY, "no memory for the picture");
    VP8StatusCode status = decode(bytes, count, pixels, drawn_width, drawn_height, reduction > 1);
    if (status == VP8_STATUS_OK)
        for (uint32_t row = 0; row < drawn_height; row++)
            icc_canvas_draw_row(canvas, y + row, x, pixels + (size_t)row * drawn_width * 4, drawn_width);
    free(pixels);
    if (status == VP8_STATUS_OUT_OF_MEMORY) return icc_fail(ICC_NO_MEMORY, "libwebp has not the memory");
    return status == VP8_STATUS_OK ? icc_ok() : icc_fail(ICC_CORRUPT, reason(status));
}

int32_t icc_libwebp_version(void) {
    return WebPGetDecoderVersion();
}
