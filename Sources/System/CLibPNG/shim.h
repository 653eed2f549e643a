// libpng, from Debian's libpng-dev (which brings zlib1g-dev).
#include <png.h>
