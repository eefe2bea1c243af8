/* Sorted ranges of code points, private to utf8.c. */
#ifndef BASE_UTF8_TABLE_H
#define BASE_UTF8_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct Utf8Range {
    uint32_t first, last;
} Utf8Range;

extern const Utf8Range utf8_zero[]; /* combining marks and format characters */
extern const size_t utf8_zero_count;
extern const Utf8Range utf8_wide[]; /* two cells */
extern const size_t utf8_wide_count;
extern const Utf8Range utf8_hidden[]; /* format characters: bidi, joiners, tags */
extern const size_t utf8_hidden_count;

#endif
