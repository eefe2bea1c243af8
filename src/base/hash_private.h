/* SHA-256 from the inside: two ways to the same bits. */
#ifndef BASE_HASH_PRIVATE_H
#define BASE_HASH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const uint32_t sha256_rounds[64];

void sha256_blocks_by_words(uint32_t state[8], const uint8_t *blocks, size_t count); /* plain C */
bool sha256_has_instructions(void);
void sha256_blocks_by_instructions(uint32_t state[8], const uint8_t *blocks, size_t count); /* only when there are */

#endif
