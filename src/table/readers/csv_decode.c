/* From the bytes of a file to UTF-8. Bytes that the encoding does not know become U+FFFD, and are counted. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "table/readers/csv.h"

typedef struct Decoded {
    char *bytes;
    size_t size, bad, first_bad; /* first_bad: byte where the first one stood, in the result */
} Decoded;

static void add_bad(Decoded *d)
{
    if (d->bad++ == 0)
        d->first_bad = d->size;
    memcpy(d->bytes + d->size, "\xEF\xBF\xBD", 3);
    d->size += 3;
}

static bool from_latin1(const char *bytes, size_t size, Decoded *d, Error *e)
{
    d->bytes = mem_try_alloc(size + 1, 2, e);
    for (size_t i = 0; d->bytes && i < size; i++)
        d->size += utf8_encode((unsigned char)bytes[i], d->bytes + d->size);
    return d->bytes != NULL;
}

static bool from_utf8(const char *bytes, size_t size, Decoded *d, Error *e)
{
    uint32_t code;
    d->bytes = mem_try_alloc(size + 1, 3, e);
    for (size_t i = 0; d->bytes && i < size;) {
        size_t used = utf8_decode(bytes + i, size - i, &code);
        if (used == 1 && code == 0xFFFD) {
            add_bad(d);
        } else {
            memcpy(d->bytes + d->size, bytes + i, used);
            d->size += used;
        }
        i += used;
    }
    return d->bytes != NULL;
}

/* The name by which the C library knows the set that files of this name really use. */
static const char *library_name(const char *encoding)
{
    return strcasecmp(encoding, "shift_jis") == 0 || strcasecmp(encoding, "sjis") == 0 || strcasecmp(encoding, "shift-jis") == 0 ? "CP932"
           : strcasecmp(encoding, "euc-kr") == 0                                                                                 ? "CP949"
           : strcasecmp(encoding, "gbk") == 0 || strcasecmp(encoding, "gb2312") == 0                                             ? "GB18030"
                                                                                                                                 : encoding;
}

static bool from_any(const char *encoding, const char *bytes, size_t size, Decoded *d, Error *e)
{
    iconv_t converter = iconv_open("UTF-8", library_name(encoding));
    if (converter == (iconv_t)-1)
        return error_set(e, ERROR_USAGE, "unknown encoding \"%s\"; try utf-8, utf-16le, latin-1, gb18030, big5, shift_jis, euc-jp ...",
                         encoding);
    size_t room, left = size;
    d->bytes = mem_mul(size + 1, 4, &room) ? mem_try_alloc(room, 1, e) : NULL;
    char *to = d->bytes, *from = (char *)bytes;
    size_t unit = strncasecmp(encoding, "utf-16", 6) == 0 || strncasecmp(encoding, "utf16", 5) == 0 ? 2 : 1;
    while (d->bytes && left > 0 && iconv(converter, &from, &left, &to, &room) == (size_t)-1) {
        size_t step = unit < left ? unit : left;
        d->size = (size_t)(to - d->bytes);
        if ((errno != EILSEQ && errno != EINVAL) || left == 0 || room < 3)
            break;
        add_bad(d);
        to += 3, room -= 3, from += step, left -= step;
    }
    iconv_close(converter);
    if (d->bytes)
        d->size = (size_t)(to - d->bytes);
    return d->bytes != NULL;
}

/* A last character that the end of a partial read cuts is not bad. */
static size_t without_cut(const char *bytes, size_t size)
{
    size_t back = 0;
    uint32_t code;
    while (back < 3 && back < size && ((unsigned char)bytes[size - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == size || (unsigned char)bytes[size - 1 - back] < 0xC0)
        return size;
    return utf8_decode(bytes + size - 1 - back, back + 1, &code) == back + 1 && code != 0xFFFD ? size : size - 1 - back;
}

static void note_bad(const CsvText *text, const Decoded *d, TextList *notes)
{
    size_t line = 1;
    for (size_t i = 0; i < d->first_bad; i++)
        line += d->bytes[i] == '\n';
    char *note = text_format("%zu byte%s not %s, the first in line %zu: shown as \xEF\xBF\xBD", d->bad, d->bad == 1 ? " is" : "s are",
                             text->encoding, line);
    text_list_add(notes, note);
    mem_free(note);
}

/* An encoding that was found by plausibility is worth a look. */
static void note_guess(const char *encoding, bool unsure, TextList *notes)
{
    char *note = text_format("%s as %s: say encoding = \"...\" if texts look wrong",
                             unsure ? "not UTF-8, perhaps wrongly read" : "not UTF-8, read", encoding);
    text_list_add(notes, note);
    mem_free(note);
}

static bool is_utf8_name(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

static bool convert(CsvText *text, bool is_clean, Decoded *d, Error *e)
{
    if (is_utf8_name(text->encoding))
        return is_clean || utf8_count(text->bytes, text->size).bad == 0 || from_utf8(text->bytes, text->size, d, e);
    if (strcasecmp(text->encoding, "latin-1") == 0)
        return from_latin1(text->bytes, text->size, d, e);
    return from_any(text->encoding, text->bytes, text->size, d, e);
}

bool csv_decode(const CsvParams *p, CsvText *text, TextList *notes, Error *e)
{
    bool given = p->encoding && p->encoding[0];
    Decoded d = {0};
    CsvEncoding sniffed = csv_encoding(text->bytes, text->size);
    snprintf(text->encoding, sizeof text->encoding, "%s", given ? p->encoding : sniffed.name);
    text->marked = sniffed.mark > 0;
    text->bytes += sniffed.mark;
    text->size -= sniffed.mark;
    if (p->partial && is_utf8_name(text->encoding))
        text->size = without_cut(text->bytes, text->size);
    Utf8Count count = given && is_utf8_name(text->encoding) ? utf8_count(text->bytes, text->size) : (Utf8Count){0};
    if (count.bad > count.good)
        return error_at(e, ERROR_FAILED, text->name, 0, 0, "not valid UTF-8; try encoding = \"%s\"",
                        strcmp(sniffed.name, "utf-8") ? sniffed.name : "latin-1");
    if (!convert(text, sniffed.is_clean, &d, e))
        return false;
    if (!given && !sniffed.mark && !is_utf8_name(sniffed.name))
        note_guess(sniffed.name, sniffed.unsure, notes);
    if (d.bad)
        note_bad(text, &d, notes);
    text->owned = d.bytes;
    if (d.bytes)
        text->bytes = d.bytes, text->size = d.size;
    return true;
}
