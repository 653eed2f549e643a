// Walking the chunks of a PNG that lies in memory. The Swift header reader has walked them before; every length is
// checked here again all the same, because this is where pointers are made of them.
#ifndef ICC_PNG_CHUNKS_H
#define ICC_PNG_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#define ICC_CHUNK(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

enum { ICC_PNG_SIGNATURE_BYTES = 8, ICC_CHUNK_FRAME_BYTES = 12 };

typedef struct {
    uint32_t type;
    uint32_t length;
    const uint8_t *start;  // of the length field
    const uint8_t *data;
} icc_chunk;

static inline uint32_t icc_be32(const uint8_t *p) {
    return ICC_CHUNK(p[0], p[1], p[2], p[3]);
}

// The chunk at *offset, and *offset past it; 0 where no whole chunk is left.
static inline int icc_next_chunk(const uint8_t *bytes, size_t count, size_t *offset, icc_chunk *chunk) {
    if (*offset > count || count - *offset < ICC_CHUNK_FRAME_BYTES) return 0;
    const uint8_t *start = bytes + *offset;
    uint32_t length = icc_be32(start);
    if (length > count - *offset - ICC_CHUNK_FRAME_BYTES) return 0;
    *chunk = (icc_chunk){.type = icc_be32(start + 4), .length = length, .start = start, .data = start + 8};
    *offset += (size_t)length + ICC_CHUNK_FRAME_BYTES;
    return 1;
}

#endif
