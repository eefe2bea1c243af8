/* From the bytes of a file to UTF-8: marks at the start, UTF-16, Latin-1 when it cannot be UTF-8, and anything else by iconv. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "table/readers/csv.h"

static bool is_utf8(const char *bytes, size_t size)
{
    uint64_t word;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, bytes + i, 8);
        if (word & UINT64_C(0x8080808080808080)) break;
    }
    return utf8_is_valid(bytes + i, size - i);
}

static char *from_latin1(const char *bytes, size_t size, size_t *out_size, Error *e)
{
    char *out = mem_try_alloc(size + 1, 2, e);
    size_t used = 0;
    for (size_t i = 0; out && i < size; i++) used += utf8_encode((unsigned char)bytes[i], out + used);
    *out_size = used;
    return out;
}

static char *from_utf16(const char *bytes, size_t size, bool big, size_t *out_size, Error *e)
{
    const uint8_t *b = (const uint8_t *)bytes;
    char *out = mem_try_alloc(size / 2 + 1, 3, e);
    size_t used = 0;
    for (size_t i = 0; out && i + 1 < size; i += 2) {
        uint32_t code = big ? (uint32_t)b[i] << 8 | b[i + 1] : (uint32_t)b[i + 1] << 8 | b[i];
        bool high = code >= 0xD800 && code < 0xDC00 && i + 3 < size;
        uint32_t low = !high ? 0 : big ? (uint32_t)b[i + 2] << 8 | b[i + 3] : (uint32_t)b[i + 3] << 8 | b[i + 2];
        if (high && low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = 0xFFFD;
        }
        used += utf8_encode(code, out + used);
    }
    *out_size = used;
    return out;
}

static char *from_any(const char *encoding, const char *bytes, size_t size, size_t *out_size, Error *e)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1) {
        error_set(e, ERROR_USAGE, "unknown encoding \"%s\"; try utf-8, utf-16le, latin-1, shift_jis, big5 ...", encoding);
        return NULL;
    }
    size_t room, left = size;
    char *out = mem_mul(size + 1, 4, &room) ? mem_try_alloc(room, 1, e) : NULL, *to = out, *from = (char *)bytes;
    while (out && left > 0 && iconv(converter, &from, &left, &to, &room) == (size_t)-1) {
        if ((errno != EILSEQ && errno != EINVAL) || left == 0 || room < 3) break;
        memcpy(to, "\xEF\xBF\xBD", 3);
        to += 3, room -= 3, from++, left--;
    }
    iconv_close(converter);
    *out_size = (size_t)(to - out);
    return out;
}

static const char *encoding_of(const CsvParams *p, const char *bytes, size_t size, size_t *mark)
{
    *mark = 0;
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) *mark = 3;
    else if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) *mark = 2;
    if (p->encoding && p->encoding[0]) return p->encoding;
    if (*mark == 2) return bytes[0] == '\xFF' ? "utf-16le" : "utf-16be";
    return *mark == 3 || is_utf8(bytes, size) ? "utf-8" : "latin-1";
}

bool csv_decode(const CsvParams *p, const char *name, const char **bytes, size_t *size, char **owned, TextList *notes, Error *e)
{
    size_t mark;
    const char *encoding = encoding_of(p, *bytes, *size, &mark);
    *owned = NULL;
    *bytes += mark;
    *size -= mark;
    if (strcasecmp(encoding, "utf-8") == 0) {
        if (!p->encoding || !p->encoding[0] || is_utf8(*bytes, *size)) return true;
        return error_at(e, ERROR_FAILED, name, 0, 0, "not valid UTF-8; try encoding = \"latin-1\"");
    }
    bool big = strcasecmp(encoding, "utf-16be") == 0;
    if (strcasecmp(encoding, "latin-1") == 0) *owned = from_latin1(*bytes, *size, size, e);
    else if (big || strcasecmp(encoding, "utf-16le") == 0) *owned = from_utf16(*bytes, *size, big, size, e);
    else *owned = from_any(encoding, *bytes, *size, size, e);
    if (!*owned) return false;
    *bytes = *owned;
    char *note = text_format("read as %s%s", encoding, p->encoding && p->encoding[0] ? "" : mark ? ", by its mark" : ": it is not UTF-8");
    text_list_add(notes, note);
    mem_free(note);
    return true;
}
