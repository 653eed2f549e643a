// What a decoder draws on: the part of an image that is wanted, already shrunk while it is decoded, so that a
// thumbnail of a large image takes little memory.
#ifndef ICC_CANVAS_H
#define ICC_CANVAS_H

#include <gd.h>

#include "outcome.h"

struct icc_canvas {
    gdImagePtr image;
    icc_window window;
    // Where the canvas is smaller than the window: for each pixel of the present row of the canvas, the sums over its
    // box of alpha and of the colours times alpha. What nobody draws stays transparent.
    uint64_t *sums;
    uint32_t row;   // of the canvas, whose sums these are
    int has_sums;   // whether anything was added to them
    int has_alpha;  // whether anything drawn, or left out, is not opaque
};

// Writes what is still in the sums.
void icc_canvas_finish(icc_canvas *canvas);

#endif
