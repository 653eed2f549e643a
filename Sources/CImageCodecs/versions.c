#include <gd.h>
#include <png.h>
#include <zlib.h>

#include "CImageCodecs.h"

const char *icc_libpng_version(void) {
    return png_get_libpng_ver(NULL);
}

const char *icc_libgd_version(void) {
    return gdVersionString();
}

const char *icc_zlib_version(void) {
    return zlibVersion();
}
