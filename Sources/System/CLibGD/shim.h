// libgd, from Debian's libgd-dev (which brings the libjpeg, libwebp, libtiff and libavif headers).
// No pkgConfig on this target: gdlib.pc pulls libavif's -DAVIF_DLL in, which SwiftPM prohibits and warns about.
#include <gd.h>
