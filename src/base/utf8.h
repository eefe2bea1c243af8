/* UTF-8: decoding, cell width, and the one sanitizer that all text from outside passes before a screen, a log or a title. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/text.h"

/* Decodes one code point; returns bytes used (1 for a bad byte, *code = 0xFFFD then). size > 0. */
size_t utf8_decode(const char *bytes, size_t size, uint32_t *code);
size_t utf8_encode(uint32_t code, char out[4]);
bool utf8_is_valid(const char *bytes, size_t size);
typedef struct Utf8Count {
    size_t good, bad; /* characters beyond ASCII; bytes that belong to none */
} Utf8Count;
Utf8Count utf8_count(const char *bytes, size_t size);
int utf8_code_width(uint32_t code); /* 0, 1 or 2 cells; never negative; own table, no locale needed */
size_t utf8_width(const char *s);   /* cells */
/* Bytes of the longest prefix that fits into `cells`. */
size_t utf8_fit(const char *s, size_t cells);
/* Appends a harmless one-line form: C0, C1, DEL, bidi, format and tag characters, surrogates and bad bytes become visible
 * symbols (LF as U+2424 ...), at most 2 combining marks a glyph stay. The result is valid UTF-8 without control bytes. */
void utf8_sanitize(Text *out, const char *bytes, size_t size);
/* The same for several lines: LF, CR LF and tabs stay. */
void utf8_sanitize_lines(Text *out, const char *bytes, size_t size);
bool utf8_is_shown(uint32_t code); /* utf8_sanitize would leave it as it is (of combining marks, the first two) */
enum { UTF8_MARKS = 2 };           /* combining marks that a glyph may have */

#endif
