#include "webp_encode.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

// Moves the image's pixels over: libgd's seven bits of alpha, 0 for opaque, become eight, 255 for opaque.
static int move_pixels(gdImagePtr image, WebPPicture *picture) {
    picture->use_argb = 1;
    picture->width = gdImageSX(image);
    picture->height = gdImageSY(image);
    int has_memory = WebPPictureAlloc(picture);
    for (int y = 0; has_memory && y < picture->height; y++) {
        uint32_t *out = picture->argb + (size_t)y * (size_t)picture->argb_stride;
        for (int x = 0; x < picture->width; x++) {
            uint32_t c = (uint32_t)image->tpixels[y][x], through = c >> 24 & 0x7f;
            out[x] = (255 - (through << 1 | through >> 6)) << 24 | (c & 0xffffff);
        }
    }
    gdImageDestroy(image);
    return has_memory;
}

typedef struct {
    uint8_t *data;
    size_t count, capacity;
} buffer;

static int append(const uint8_t *data, size_t size, const WebPPicture *picture) {
    buffer *to = picture->custom_ptr;
    if (size > INT_MAX - to->count) return 0;
    if (to->count + size > to->capacity) {
        size_t capacity = to->count + size + to->capacity / 2 + 4096;
        uint8_t *larger = realloc(to->data, capacity);
        if (larger == NULL) return 0;
        to->data = larger;
        to->capacity = capacity;
    }
    memcpy(to->data + to->count, data, size);
    to->count += size;
    return 1;
}

void *icc_webp_encode(gdImagePtr image, int quality, int *size) {
    WebPConfig config;
    WebPPicture picture;
    buffer out = {0};
    if (!WebPConfigInit(&config) || !WebPPictureInit(&picture)) {
        gdImageDestroy(image);
        return NULL;
    }
    config.quality = (float)quality;
    config.low_memory = 1;
    picture.writer = append;
    picture.custom_ptr = &out;
    int is_encoded = move_pixels(image, &picture) && WebPEncode(&config, &picture);
    WebPPictureFree(&picture);
    if (!is_encoded) {
        free(out.data);
        return NULL;
    }
    *size = (int)out.count;
    return out.data;
}
