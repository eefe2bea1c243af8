/* UTF-8 decoding by the table of the Unicode standard (3-7: no overlong forms, no surrogates), cell widths, the sanitizer. */
#include "base/utf8.h"

#include <string.h>

#include "base/utf8_table.h"

enum { BAD = 0xFFFD, DOTTED_CIRCLE = 0x25CC, NEW_LINE_SIGN = 0x2424 };

static bool is_tail(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

/* Bytes of the sequence that a first byte announces and the range of its second byte; 0: not a first byte. */
static size_t sequence(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if ((first & 0xF0) == 0xE0) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

size_t utf8_decode(const char *bytes, size_t size, uint32_t *code)
{
    const unsigned char *b = (const unsigned char *)bytes;
    *code = b[0];
    if (b[0] < 0x80) {
        return 1;
    }
    unsigned char low, high;
    size_t length = sequence(b[0], &low, &high);
    if (length == 0 || size < length || !is_tail(b[1], low, high)) {
        *code = BAD;
        return 1;
    }
    uint32_t c = b[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_tail(b[i], 0x80, 0xBF)) {
            *code = BAD;
            return 1;
        }
        c = c << 6 | (b[i] & 0x3Fu);
    }
    *code = c;
    return length;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        code = BAD;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00u >> length & 0xF0u) | code);
    return length;
}

Utf8Count utf8_count(const char *bytes, size_t size)
{
    Utf8Count count = {0};
    uint32_t code;
    for (size_t i = 0; i < size;) {
        uint64_t word = UINT64_MAX;
        if (i + 8 <= size)
            memcpy(&word, bytes + i, 8);
        if ((word & UINT64_C(0x8080808080808080)) == 0) {
            i += 8;
            continue;
        }
        size_t used = utf8_decode(bytes + i, size - i, &code);
        count.good += used > 1;
        count.bad += used == 1 && code == BAD;
        i += used;
    }
    return count;
}

bool utf8_is_valid(const char *bytes, size_t size)
{
    uint32_t code;
    for (size_t i = 0; i < size;) {
        size_t used = utf8_decode(bytes + i, size - i, &code);
        if (used == 1 && code == BAD) {
            return false;
        }
        i += used;
    }
    return true;
}

static bool is_in(const Utf8Range *ranges, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > ranges[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && code >= ranges[low].first;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

int utf8_code_width(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F) {
        return 1;
    }
    if (is_control(code) || is_in(utf8_zero, utf8_zero_count, code)) {
        return 0;
    }
    return code >= 0x1100 && is_in(utf8_wide, utf8_wide_count, code) ? 2 : 1;
}

size_t utf8_width(const char *s)
{
    size_t size = strlen(s), cells = 0;
    for (size_t i = 0; i < size;) {
        uint32_t code;
        i += utf8_decode(s + i, size - i, &code);
        cells += (size_t)utf8_code_width(code);
    }
    return cells;
}

size_t utf8_fit(const char *s, size_t cells)
{
    size_t size = strlen(s), used = 0;
    for (size_t i = 0; i < size;) {
        uint32_t code;
        size_t length = utf8_decode(s + i, size - i, &code);
        used += (size_t)utf8_code_width(code);
        if (used > cells) {
            return i;
        }
        i += length;
    }
    return size;
}

static bool is_private_or_none(uint32_t code)
{
    return (code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000 || (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

static bool is_variation(uint32_t code)
{
    return (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF) || (code >= 0x180B && code <= 0x180F);
}

/* What stands for a code point that must not reach a terminal; the code point itself when it may. */
static uint32_t visible(uint32_t code)
{
    if (code < 0x20) {
        return code == '\n' ? (uint32_t)NEW_LINE_SIGN : 0x2400 + code;
    }
    if (code == 0x7F) {
        return 0x2421;
    }
    if (code == 0x2028 || code == 0x2029) {
        return NEW_LINE_SIGN;
    }
    bool bad = is_control(code) || is_in(utf8_hidden, utf8_hidden_count, code) || is_private_or_none(code);
    return bad ? (uint32_t)BAD : code;
}

static void add_code(Text *out, uint32_t code)
{
    char bytes[4];
    text_add_bytes(out, bytes, utf8_encode(code, bytes));
}

void utf8_sanitize(Text *out, const char *bytes, size_t size)
{
    int marks = -1; /* marks on the glyph so far; -1: there is no glyph yet */
    text_add_bytes(out, "", 0);
    for (size_t i = 0; i < size;) {
        uint32_t code;
        i += utf8_decode(bytes + i, size - i, &code);
        code = visible(code);
        if (utf8_code_width(code) > 0) {
            add_code(out, code);
            marks = 0;
            continue;
        }
        /* A variation selector changes the width on some terminals only: it goes. */
        if (is_variation(code) || marks >= UTF8_MARKS) {
            continue;
        }
        if (marks < 0) {
            add_code(out, DOTTED_CIRCLE);
            marks = 0;
        }
        add_code(out, code);
        marks++;
    }
}

bool utf8_is_shown(uint32_t code)
{
    return visible(code) == code && !is_variation(code);
}

static size_t line_end(const char *bytes, size_t size)
{
    if (bytes[0] == '\n' || bytes[0] == '\t')
        return 1;
    return size > 1 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 0;
}

void utf8_sanitize_lines(Text *out, const char *bytes, size_t size)
{
    text_add_bytes(out, "", 0);
    for (size_t i = 0; i < size;) {
        size_t from = i, end = 0;
        while (i < size && !(end = line_end(bytes + i, size - i)))
            i++;
        utf8_sanitize(out, bytes + from, i - from);
        text_add_bytes(out, bytes + i, end);
        i += end;
    }
}
