/* gzip files in memory. */
#ifndef TABLE_READERS_GZIP_H
#define TABLE_READERS_GZIP_H

#include <stdint.h>

#include "base/error.h"

typedef struct GzipLimit {
    uint64_t size, ratio; /* most bytes when unpacked, and per packed byte (above 1 MiB) */
    bool partial;         /* the packed bytes may be cut off, and unpacking may stop at `size` */
} GzipLimit;

bool gzip_is(const uint8_t *bytes, size_t size);
bool gzip_unpack(const char *name, const uint8_t *bytes, size_t size, GzipLimit limit, char **out, size_t *out_size, Error *e);

/* One member without name and time: the same bytes each time. The caller owns *out. */
bool gzip_pack(const char *bytes, size_t size, char **out, size_t *out_size, Error *e);

#endif
