/* Dashes by what stands around them, blanks, case; and the words for "no value". */
#include "table/spelling.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "base/utf8.h"
#include "table/letters.h"

static bool is_dash(uint32_t code)
{
    return code == '-' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool is_currency(uint32_t code)
{
    return code == '$' || code == 0xA3 || code == 0xA5 || (code >= 0x20A0 && code <= 0x20CF);
}

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           (code >= 0xC0 && code != 0xD7 && code != 0xF7 && !is_dash(code) && !is_currency(code));
}

/* A text while it is read; 0 stands before its beginning and behind its end. */
typedef struct Reading {
    const char *bytes;
    size_t size;
} Reading;

static uint32_t code_at(const Reading *r, size_t at, size_t *used)
{
    uint32_t code = 0;
    *used = at < r->size ? utf8_decode(r->bytes + at, r->size - at, &code) : 0;
    return *used ? code : 0;
}

static uint32_t code_before(const Reading *r, size_t at)
{
    size_t used;
    if (at == 0)
        return 0;
    do
        at--;
    while (at > 0 && ((unsigned char)r->bytes[at] & 0xC0) == 0x80);
    return code_at(r, at, &used);
}

static size_t skip_blanks(const Reading *r, size_t at)
{
    size_t blank;
    while (at < r->size && (blank = letters_blank(r->bytes + at, r->size - at)) > 0)
        at += blank;
    return at;
}

/* A number begins here: a digit, or one behind a point or the sign of a currency. */
static bool begins_number(const Reading *r, size_t at)
{
    size_t used, next;
    uint32_t code = code_at(r, at, &used);
    if (is_digit(code))
        return true;
    return (code == '.' || code == ',' || is_currency(code)) && is_digit(code_at(r, at + used, &next));
}

static bool is_free(const Reading *r, size_t at, uint32_t code)
{
    return code == 0 || letters_blank(r->bytes + at, r->size - at) > 0;
}

/* 1e-5: the letter is part of a number. */
static bool is_exponent(const Reading *r, size_t at, uint32_t letter)
{
    return (letter == 'e' || letter == 'E') && at > 1 && (is_digit(code_before(r, at - 1)) || code_before(r, at - 1) == '.');
}

/* Dashes from `from` to `to`: do they mean something, or only part words? */
static bool carries_meaning(const Reading *r, size_t from, size_t to)
{
    size_t used, behind = skip_blanks(r, to);
    uint32_t before = code_before(r, from), after = code_at(r, to, &used);
    bool free_before = before == 0 || (from > 0 && letters_blank(r->bytes + from - 1, 1) > 0) || before == 0xA0;
    if (is_free(r, to, after)) {
        bool sign = free_before && begins_number(r, behind);
        return sign || (!free_before && (is_letter(before) || is_digit(before))); /* "- 3"; "A-" */
    }
    if (begins_number(r, to))
        return !is_letter(before) || is_exponent(r, from, before); /* "-3", "10-20", "1e-5", but not "covid-19" */
    return free_before;                                            /* "-x" */
}

static void unify_dashes(int how, const char *bytes, size_t size, Text *out)
{
    Reading r = {bytes, size};
    char between = how == SPELLING_SPACE ? ' ' : '-';
    for (size_t i = 0, used; i < size; i += used) {
        uint32_t code = code_at(&r, i, &used);
        size_t to = i, step;
        while (is_dash(code_at(&r, to, &step)))
            to += step;
        if (to > i) {
            text_add_char(out, carries_meaning(&r, i, to) ? '-' : between);
            used = to - i;
        } else if (code == '_' && (how == SPELLING_SPACE || is_letter(code_before(&r, i))))
            text_add_char(out, between);
        else
            text_add_bytes(out, bytes + i, used);
    }
}

static void unify_spaces(const char *bytes, size_t size, Text *out)
{
    size_t start = out->size;
    bytes = letters_trim(bytes, &size);
    for (size_t i = 0; i < size;) {
        size_t blank = letters_blank(bytes + i, size - i);
        if (!blank)
            text_add_char(out, bytes[i]);
        else if (out->size > start && out->bytes[out->size - 1] != ' ')
            text_add_char(out, ' ');
        i += blank ? blank : 1;
    }
}

void spelling_unify(const Spelling *how, const char *bytes, size_t size, Text *out)
{
    Text dashed = {0}, spaced = {0};
    if (how->dashes == SPELLING_KEEP_DASHES)
        text_add_bytes(&dashed, bytes, size);
    else
        unify_dashes(how->dashes, bytes, size, &dashed);
    if (how->spaces)
        unify_spaces(text_get(&dashed), dashed.size, &spaced);
    else
        text_add_bytes(&spaced, text_get(&dashed), dashed.size);
    if (how->letters == SPELLING_LOWER)
        letters_lower(text_get(&spaced), spaced.size, out);
    else if (how->letters == SPELLING_UPPER)
        letters_upper(text_get(&spaced), spaced.size, out);
    else
        text_add_bytes(out, text_get(&spaced), spaced.size);
    text_done(&dashed);
    text_done(&spaced);
}

bool spelling_is_number(const char *bytes, size_t size, bool *whole)
{
    int64_t integer;
    double real;
    bytes = letters_trim(bytes, &size);
    size_t sign = size > 0 && bytes[0] == '-', digits = sign;
    while (digits < size && bytes[digits] >= '0' && bytes[digits] <= '9')
        digits++;
    *whole = digits == size;
    if (size == 0 || bytes[0] == '+' || (bytes[sign] == '0' && digits > sign + 1))
        return false;
    return *whole ? number_parse_int(bytes, size, &integer) : number_parse_real(bytes, size, &real);
}

static bool is_one_of(const char *const *words, const char *bytes, size_t size)
{
    bytes = letters_trim(bytes, &size);
    for (; *words; words++)
        if (strlen(*words) == size && strncasecmp(*words, bytes, size) == 0)
            return true;
    return false;
}

bool spelling_may_be_level(const char *bytes, size_t size)
{
    static const char *const words[] = {"none", "nil", "-", "--", "---", ".", "..", "missing", "not available", NULL};
    return is_one_of(words, bytes, size);
}

bool spelling_is_missing(const char *bytes, size_t size)
{
    static const char *const words[] = {"",         "?",     "??",      "???",   "na",     "n/a",  "n.a.",   "#n/a",
                                        "#n/a n/a", "#na",   "<na>",    "nan",   "#null!", "null", "(null)", "\\n",
                                        "#value!",  "#ref!", "#div/0!", "#num!", "#name?", "nat",  NULL};
    return is_one_of(words, bytes, size) || spelling_may_be_level(bytes, size);
}
