/* Case and blanks of UTF-8 texts, without a locale: ASCII, Latin, Greek and Cyrillic letters. */
#ifndef TABLE_LETTERS_H
#define TABLE_LETTERS_H

#include <stdint.h>

#include "base/text.h"

void letters_lower(const char *bytes, size_t size, Text *out); /* appended */
void letters_upper(const char *bytes, size_t size, Text *out);
uint32_t letters_lower_code(uint32_t code); /* one code point */
uint32_t letters_upper_code(uint32_t code);
/* The part of bytes without blanks at both ends; no-break spaces count as blanks. */
const char *letters_trim(const char *bytes, size_t *size);
size_t letters_blank(const char *bytes, size_t size); /* bytes of the blank that stands here; 0: none */
size_t letters_count(const char *bytes, size_t size); /* code points */

#endif
