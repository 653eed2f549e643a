#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
// After jpeglib.h: the numbers of libjpeg's messages.
#include <jerror.h>

#include "outcome.h"

typedef struct {
    struct jpeg_error_mgr manager;  // first, so that cinfo->err points to all of it
    jmp_buf failed;
    int draws;  // for rendering: a warning stops nothing
    icc_outcome outcome;
} error_state;

static void fail(j_common_ptr cinfo) {
    error_state *state = (error_state *)cinfo->err;
    char message[JMSG_LENGTH_MAX];
    state->manager.format_message(cinfo, message);
    switch (state->manager.msg_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        state->outcome = icc_fail(ICC_NO_MEMORY, message);
        break;
    default:
        state->outcome = icc_fail(ICC_CORRUPT, message);
    }
    longjmp(state->failed, 1);
}

// libjpeg warns (level -1) where data is damaged and makes pixels up; that is a failure here. Two warnings are about
// metadata that does not reach the pixels: an unknown JFIF version, and an unknown colour transform of Adobe, for
// which libjpeg takes the usual one, as browsers do.
static void warn(j_common_ptr cinfo, int level) {
    if (level >= 0 || ((const error_state *)cinfo->err)->draws) return;
    switch (cinfo->err->msg_code) {
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
        return;
    default:
        fail(cinfo);
    }
}

static void write_nothing(j_common_ptr cinfo) {
    (void)cinfo;
}

// Everything up to the choice of what is to come out.
static void begin(
    struct jpeg_decompress_struct *cinfo, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    jpeg_mem_src(cinfo, bytes, count);
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->image_width != width || cinfo->image_height != height) ERREXIT(cinfo, JERR_BAD_LENGTH);
    cinfo->scale_num = 1;
}

static JSAMPARRAY make_row(struct jpeg_decompress_struct *cinfo, JDIMENSION samples) {
    return (*cinfo->mem->alloc_sarray)((j_common_ptr)cinfo, JPOOL_IMAGE, samples, 1);
}

static void read_all(struct jpeg_decompress_struct *cinfo) {
    // Every coefficient is read whatever is made of it: the cheapest pixels do, an eighth wide and high.
    cinfo->scale_denom = 8;
    cinfo->out_color_space = cinfo->jpeg_color_space;
    cinfo->do_fancy_upsampling = FALSE;
    cinfo->do_block_smoothing = FALSE;
    jpeg_start_decompress(cinfo);
    JSAMPARRAY row = make_row(cinfo, cinfo->output_width * (JDIMENSION)cinfo->output_components);
    while (cinfo->output_scanline < cinfo->output_height) jpeg_read_scanlines(cinfo, row, 1);
    // Reads on to EOI.
    jpeg_finish_decompress(cinfo);
}

// CMYK to red, green and blue as every viewer without colour management does. Adobe's programs store it inverted.
static void convert_cmyk(const JSAMPLE *in, uint8_t *out, uint32_t count, int is_inverted) {
    int flip = is_inverted ? 0 : 255;
    for (uint32_t i = 0; i < count; i++, in += 4, out += 4) {
        int black = in[3] ^ flip;
        out[0] = (uint8_t)((in[0] ^ flip) * black / 255);
        out[1] = (uint8_t)((in[1] ^ flip) * black / 255);
        out[2] = (uint8_t)((in[2] ^ flip) * black / 255);
        out[3] = 255;
    }
}

static void draw(struct jpeg_decompress_struct *cinfo, uint32_t reduction, icc_canvas *canvas) {
    cinfo->scale_denom = reduction;
    int is_cmyk = cinfo->num_components == 4;
    cinfo->out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_RGBA;
    jpeg_start_decompress(cinfo);
    JSAMPARRAY row = make_row(cinfo, cinfo->output_width * 4);
    JSAMPARRAY converted = is_cmyk ? make_row(cinfo, cinfo->output_width * 4) : row;
    while (cinfo->output_scanline < cinfo->output_height) {
        uint32_t y = cinfo->output_scanline;
        jpeg_read_scanlines(cinfo, row, 1);
        if (is_cmyk) convert_cmyk(row[0], converted[0], cinfo->output_width, cinfo->saw_Adobe_marker);
        icc_canvas_draw_row(canvas, y, 0, converted[0], cinfo->output_width);
    }
    jpeg_finish_decompress(cinfo);
}

// The state that setjmp and longjmp go around: it belongs to the caller of the function that calls setjmp, since what a
// longjmp leaves in variables of the latter is undefined.
ICC_KEEPS_SETJMP static void run(
    struct jpeg_decompress_struct *cinfo, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
    uint32_t reduction, size_t memory_max, icc_canvas *canvas) {
    if (setjmp(((error_state *)cinfo->err)->failed) != 0) return;
    jpeg_create_decompress(cinfo);
    // libjpeg-turbo keeps to it for whole-image buffers, the only ones that grow with the image.
    cinfo->mem->max_memory_to_use = (long)memory_max;
    begin(cinfo, bytes, count, width, height);
    if (canvas != NULL)
        draw(cinfo, reduction, canvas);
    else
        read_all(cinfo);
}

// Draws on the canvas, or, without one, only looks whether everything decodes.
static icc_outcome decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t reduction, size_t memory_max,
    icc_canvas *canvas) {
    struct jpeg_decompress_struct cinfo;
    error_state state;
    memset(&cinfo, 0, sizeof cinfo);
    state.outcome = icc_ok();
    state.draws = canvas != NULL;
    cinfo.err = jpeg_std_error(&state.manager);
    state.manager.error_exit = fail;
    state.manager.emit_message = warn;
    state.manager.output_message = write_nothing;
    run(&cinfo, bytes, count, width, height, reduction, memory_max, canvas);
    jpeg_destroy_decompress(&cinfo);
    return state.outcome;
}

icc_outcome icc_jpeg_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max) {
    return decode(bytes, count, width, height, 8, memory_max, NULL);
}

icc_outcome icc_jpeg_draw(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint32_t reduction, size_t memory_max,
    icc_canvas *canvas) {
    return decode(bytes, count, width, height, reduction, memory_max, canvas);
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *icc_libjpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
    return TEXT(LIBJPEG_TURBO_VERSION);
#else
    return TEXT(JPEG_LIB_VERSION);
#endif
}
