// Encoding as WebP by libwebp itself: libgd's way to it holds the image three times.
#ifndef ICC_WEBP_ENCODE_H
#define ICC_WEBP_ENCODE_H

#include <gd.h>
#include <stddef.h>

// The image at this quality (1 to 100) in memory of malloc's, or NULL. The image is destroyed in any case.
void *icc_webp_encode(gdImagePtr image, int quality, int *size);

#endif
