#include <stdlib.h>

#include "canvas.h"
#include "webp_encode.h"

// Colours times alpha, and back: a filter that takes each channel for itself then lets no hidden colour through.
static void multiply_by_alpha(gdImagePtr image) {
    for (int y = 0; y < gdImageSY(image); y++)
        for (int x = 0; x < gdImageSX(image); x++) {
            int c = image->tpixels[y][x], a = gdAlphaMax - gdTrueColorGetAlpha(c);
            image->tpixels[y][x] = gdTrueColorAlpha(
                gdTrueColorGetRed(c) * a / gdAlphaMax, gdTrueColorGetGreen(c) * a / gdAlphaMax,
                gdTrueColorGetBlue(c) * a / gdAlphaMax, gdAlphaMax - a);
        }
}

static int divided(int color, int alpha) {
    int value = color * gdAlphaMax / alpha;
    return value > 255 ? 255 : value;
}

static void divide_by_alpha(gdImagePtr image) {
    for (int y = 0; y < gdImageSY(image); y++)
        for (int x = 0; x < gdImageSX(image); x++) {
            int c = image->tpixels[y][x], a = gdAlphaMax - gdTrueColorGetAlpha(c);
            if (a > 0)
                image->tpixels[y][x] = gdTrueColorAlpha(
                    divided(gdTrueColorGetRed(c), a), divided(gdTrueColorGetGreen(c), a),
                    divided(gdTrueColorGetBlue(c), a), gdAlphaMax - a);
        }
}

// The image at another size. Smaller: the mean of the area of each pixel, weighted by alpha. Larger: Catmull-Rom.
static gdImagePtr resampled(icc_canvas *canvas, int width, int height) {
    gdImagePtr image = canvas->image;
    if (width <= gdImageSX(image) && height <= gdImageSY(image)) {
        gdImagePtr smaller = gdImageCreateTrueColor(width, height);
        if (smaller == NULL) return NULL;
        gdImageAlphaBlending(smaller, 0);
        gdImageCopyResampled(smaller, image, 0, 0, 0, 0, width, height, gdImageSX(image), gdImageSY(image));
        return smaller;
    }
    if (canvas->has_alpha) multiply_by_alpha(image);
    if (!gdImageSetInterpolationMethod(image, GD_CATMULLROM)) return NULL;
    gdImagePtr larger = gdImageScale(image, (unsigned)width, (unsigned)height);
    if (larger != NULL && canvas->has_alpha) divide_by_alpha(larger);
    return larger;
}

// The image turned and mirrored as its EXIF orientation asks (EXIF 2.32 §4.6.4).
static gdImagePtr oriented(gdImagePtr image, int orientation) {
    int width = gdImageSX(image), height = gdImageSY(image), on_side = orientation >= 5;
    gdImagePtr out = gdImageCreateTrueColor(on_side ? height : width, on_side ? width : height);
    if (out == NULL) return NULL;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int mirrored_x = width - 1 - x, mirrored_y = height - 1 - y;
            int *target = NULL;
            switch (orientation) {
            case 2: target = &out->tpixels[y][mirrored_x]; break;
            case 3: target = &out->tpixels[mirrored_y][mirrored_x]; break;
            case 4: target = &out->tpixels[mirrored_y][x]; break;
            case 5: target = &out->tpixels[x][y]; break;
            case 6: target = &out->tpixels[x][mirrored_y]; break;
            case 7: target = &out->tpixels[mirrored_x][mirrored_y]; break;
            case 8: target = &out->tpixels[mirrored_x][y]; break;
            default: target = &out->tpixels[y][x]; break;
            }
            *target = image->tpixels[y][x];
        }
    return out;
}

// JPEG has no transparency: what shows through is white.
static void flatten(gdImagePtr image) {
    for (int y = 0; y < gdImageSY(image); y++)
        for (int x = 0; x < gdImageSX(image); x++) {
            int c = image->tpixels[y][x], through = gdTrueColorGetAlpha(c), a = gdAlphaMax - through;
            image->tpixels[y][x] = gdTrueColor(
                (gdTrueColorGetRed(c) * a + 255 * through) / gdAlphaMax,
                (gdTrueColorGetGreen(c) * a + 255 * through) / gdAlphaMax,
                (gdTrueColorGetBlue(c) * a + 255 * through) / gdAlphaMax);
        }
}

static void *encoded(icc_canvas *canvas, icc_rendering rendering, int *size) {
    switch (rendering.format) {
    case ICC_JPEG:
        if (canvas->has_alpha) flatten(canvas->image);
        return gdImageJpegPtr(canvas->image, size, rendering.quality);
    case ICC_WEBP: {
        gdImagePtr image = canvas->image;
        canvas->image = NULL;
        return icc_webp_encode(image, rendering.quality, size);
    }
    default:
        gdImageSaveAlpha(canvas->image, canvas->has_alpha);
        return gdImagePngPtr(canvas->image, size);
    }
}

// Puts `image` in the place of the canvas's own.
static int replace(icc_canvas *canvas, gdImagePtr image) {
    if (image == NULL) return 0;
    gdImageDestroy(canvas->image);
    canvas->image = image;
    return 1;
}

icc_outcome icc_canvas_encode(icc_canvas *canvas, icc_rendering rendering, icc_bytes *out) {
    *out = (icc_bytes){0};
    icc_canvas_finish(canvas);
    int width = (int)rendering.width, height = (int)rendering.height;
    if (width != gdImageSX(canvas->image) || height != gdImageSY(canvas->image))
        if (!replace(canvas, resampled(canvas, width, height))) return icc_fail(ICC_NO_MEMORY, "no memory to resample");
    if (rendering.orientation != 1)
        if (!replace(canvas, oriented(canvas->image, rendering.orientation)))
            return icc_fail(ICC_NO_MEMORY, "no memory to turn the image");
    int size = 0;
    out->data = encoded(canvas, rendering, &size);
    if (out->data == NULL) return icc_fail(ICC_NO_MEMORY, "the image could not be encoded");
    out->count = (size_t)size;
    out->is_of_libgd = rendering.format != ICC_WEBP;
    return icc_ok();
}

void icc_bytes_free(icc_bytes bytes) {
    if (bytes.is_of_libgd)
        gdFree(bytes.data);
    else
        free(bytes.data);
}
