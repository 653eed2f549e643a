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
    if (level >= 0) return;
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

static void decode(
    struct jpeg_decompress_struct *cinfo, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height) {
    jpeg_mem_src(cinfo, bytes, count);
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->image_width != width || cinfo->image_height != height) ERREXIT(cinfo, JERR_BAD_LENGTH);
    // Every coefficient is read whatever is made of it: the cheapest pixels do, an eighth wide and high.
    cinfo->scale_num = 1;
    cinfo->scale_denom = 8;
    cinfo->out_color_space = cinfo->jpeg_color_space;
    cinfo->do_fancy_upsampling = FALSE;
    cinfo->do_block_smoothing = FALSE;
    jpeg_start_decompress(cinfo);
    JSAMPARRAY row = (*cinfo->mem->alloc_sarray)(
        (j_common_ptr)cinfo, JPOOL_IMAGE, cinfo->output_width * (JDIMENSION)cinfo->output_components, 1);
    while (cinfo->output_scanline < cinfo->output_height) jpeg_read_scanlines(cinfo, row, 1);
    // Reads on to EOI.
    jpeg_finish_decompress(cinfo);
}

icc_outcome icc_jpeg_validate(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, size_t memory_max) {
    struct jpeg_decompress_struct cinfo;
    error_state state;
    memset(&cinfo, 0, sizeof cinfo);
    state.outcome = icc_ok();
    cinfo.err = jpeg_std_error(&state.manager);
    state.manager.error_exit = fail;
    state.manager.emit_message = warn;
    state.manager.output_message = write_nothing;
    if (setjmp(state.failed) == 0) {
        jpeg_create_decompress(&cinfo);
        // libjpeg-turbo keeps to it for whole-image buffers, the only ones that grow with the image.
        cinfo.mem->max_memory_to_use = (long)memory_max;
        decode(&cinfo, bytes, count, width, height);
    }
    jpeg_destroy_decompress(&cinfo);
    return state.outcome;
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
