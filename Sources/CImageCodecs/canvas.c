#include "canvas.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// libgd prints its errors to stderr unless told otherwise; failures are seen by what its functions return.
static void ignore_gd_error(int priority, const char *format, va_list values) {
    (void)priority;
    (void)format;
    (void)values;
}

static void silence_gd(void) {
    gdSetErrorMethod(ignore_gd_error);
}

// Where box `index` begins, if `whole` pixels are dealt out to `boxes` as evenly as whole pixels allow.
static uint32_t box_start(uint32_t index, uint32_t whole, uint32_t boxes) {
    return (uint32_t)(((uint64_t)index * whole + boxes - 1) / boxes);
}

static uint32_t box_size(uint32_t index, uint32_t whole, uint32_t boxes) {
    return box_start(index + 1, whole, boxes) - box_start(index, whole, boxes);
}

// Which box a pixel belongs to: the inverse of box_start.
static uint32_t box_of(uint32_t pixel, uint32_t whole, uint32_t boxes) {
    return (uint32_t)((uint64_t)pixel * boxes / whole);
}

static int is_shrunk(const icc_window *window) {
    return window->canvas_width < window->width || window->canvas_height < window->height;
}

static int is_sane(const icc_window *window) {
    return window->canvas_width > 0 && window->canvas_width <= window->width && window->width <= INT32_MAX &&
           window->canvas_height > 0 && window->canvas_height <= window->height && window->height <= INT32_MAX;
}

icc_canvas *icc_canvas_create(icc_window window) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, silence_gd);
    icc_canvas *canvas = is_sane(&window) ? calloc(1, sizeof *canvas) : NULL;
    if (canvas == NULL) return NULL;
    canvas->window = window;
    canvas->image = gdImageCreateTrueColor((int)window.canvas_width, (int)window.canvas_height);
    if (is_shrunk(&window)) canvas->sums = calloc((size_t)window.canvas_width * 4, sizeof *canvas->sums);
    if (canvas->image == NULL || (canvas->sums == NULL && is_shrunk(&window))) {
        icc_canvas_free(canvas);
        return NULL;
    }
    gdImageAlphaBlending(canvas->image, 0);
    for (int y = 0; y < gdImageSY(canvas->image); y++)
        for (int x = 0; x < gdImageSX(canvas->image); x++)
            canvas->image->tpixels[y][x] = gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent);
    return canvas;
}

void icc_canvas_free(icc_canvas *canvas) {
    if (canvas == NULL) return;
    if (canvas->image != NULL) gdImageDestroy(canvas->image);
    free(canvas->sums);
    free(canvas);
}

// libgd has seven bits of alpha, 0 for opaque.
static int pixel(uint32_t red, uint32_t green, uint32_t blue, uint32_t alpha) {
    return (int)((255 - alpha) >> 1 << 24 | red << 16 | green << 8 | blue);
}

static void flush(icc_canvas *canvas) {
    const icc_window *window = &canvas->window;
    if (!canvas->has_sums) return;
    uint64_t rows = box_size(canvas->row, window->height, window->canvas_height);
    int *out = canvas->image->tpixels[canvas->row];
    for (uint32_t x = 0; x < window->canvas_width; x++) {
        const uint64_t *sum = canvas->sums + (size_t)x * 4;
        uint64_t pixels = rows * box_size(x, window->width, window->canvas_width);
        uint64_t alpha = (sum[3] + pixels / 2) / pixels, half = sum[3] / 2;
        if (sum[3] > 0)
            out[x] = pixel(
                (uint32_t)((sum[0] + half) / sum[3]), (uint32_t)((sum[1] + half) / sum[3]),
                (uint32_t)((sum[2] + half) / sum[3]), (uint32_t)alpha);
    }
    memset(canvas->sums, 0, (size_t)window->canvas_width * 4 * sizeof *canvas->sums);
    canvas->has_sums = 0;
}

// Adds pixels from column `left` of the window on to the boxes that they belong to.
static void add(icc_canvas *canvas, uint32_t left, const uint8_t *in, uint32_t count) {
    const icc_window *window = &canvas->window;
    uint32_t box = box_of(left, window->width, window->canvas_width);
    uint64_t *sum = canvas->sums + (size_t)box * 4;
    for (uint32_t x = left; x < left + count; box++, sum += 4) {
        uint32_t end = box_start(box + 1, window->width, window->canvas_width);
        for (; x < end && x < left + count; x++, in += 4) {
            uint32_t alpha = in[3];
            sum[0] += in[0] * alpha;
            sum[1] += in[1] * alpha;
            sum[2] += in[2] * alpha;
            sum[3] += alpha;
        }
    }
}

void icc_canvas_draw_row(icc_canvas *canvas, uint32_t y, uint32_t x, const uint8_t *rgba, uint32_t count) {
    const icc_window *window = &canvas->window;
    if (y < window->y || y - window->y >= window->height) return;
    // What of the row lies in the window.
    uint32_t skipped = x < window->x ? window->x - x : 0;
    if (skipped >= count || x + skipped - window->x >= window->width) return;
    uint32_t left = x + skipped - window->x;
    uint32_t wanted = count - skipped < window->width - left ? count - skipped : window->width - left;
    const uint8_t *in = rgba + (size_t)skipped * 4;
    uint32_t row = box_of(y - window->y, window->height, window->canvas_height);
    if (canvas->sums == NULL) {
        int *out = canvas->image->tpixels[row] + left;
        for (uint32_t i = 0; i < wanted; i++, in += 4) out[i] = pixel(in[0], in[1], in[2], in[3]);
        return;
    }
    if (row != canvas->row) flush(canvas);
    canvas->row = row;
    canvas->has_sums = 1;
    add(canvas, left, in, wanted);
}

void icc_canvas_finish(icc_canvas *canvas) {
    flush(canvas);
    free(canvas->sums);
    canvas->sums = NULL;
    for (int y = 0; y < gdImageSY(canvas->image) && !canvas->has_alpha; y++)
        for (int x = 0; x < gdImageSX(canvas->image) && !canvas->has_alpha; x++)
            canvas->has_alpha = gdTrueColorGetAlpha(canvas->image->tpixels[y][x]) != gdAlphaOpaque;
}
