// The animation frames of an APNG (fdAT), which libpng does not know.
#ifndef ICC_PNG_FRAMES_H
#define ICC_PNG_FRAMES_H

#include "outcome.h"

// Inflates every fdAT frame of an animation (and does nothing to a still image), and checks its checksums, its length
// and the filter type of every row. That is all that can be wrong with a frame: filters turn any bytes into pixels.
icc_outcome icc_png_validate_frames(const uint8_t *bytes, size_t count);

#endif
