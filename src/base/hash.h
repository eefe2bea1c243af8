/* SHA-256 (FIPS 180-4) for data, plans and models; CRC32C for event lines. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t total;
    uint8_t block[64];
    size_t fill;
} Sha256;

enum { HASH_ROOM = 65 };

void sha256_begin(Sha256 *h);
void sha256_add(Sha256 *h, const void *bytes, size_t size);
void sha256_end(Sha256 *h, char hex[HASH_ROOM]);
void sha256_hex(const void *bytes, size_t size, char hex[HASH_ROOM]);
uint32_t crc32c(uint32_t crc, const void *bytes, size_t size); /* begin with 0 */

#endif
