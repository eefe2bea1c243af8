/* Files that no reader of ours reads, told by their first bytes. */
#ifndef TABLE_READERS_MAGIC_H
#define TABLE_READERS_MAGIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* True: the bytes are none of a foreign kind. Otherwise the error names the kind and how to turn it into a table that we read. */
bool magic_check(const char *name, const uint8_t *bytes, size_t size, Error *e);

#endif
