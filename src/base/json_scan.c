/* The grammar of JSON, strictly. */
#include "base/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

void json_scan_done(JsonScan *s)
{
    mem_free(s->numbers);
    s->numbers = NULL;
    s->numbers_count = s->numbers_room = 0;
}

bool json_scan_fail(JsonScan *s, size_t at, const char *problem)
{
    if (!s->problem[0]) {
        size_t size = utf8_fit(problem, JSON_PROBLEM_ROOM - 1);
        memcpy(s->problem, problem, size);
        s->problem[size] = '\0';
        s->problem_at = at;
    }
    return false;
}

static bool fail(JsonScan *s, const char *problem)
{
    return json_scan_fail(s, s->at, s->at < s->size ? problem : "the text ends too early");
}

size_t json_scan_line(const JsonScan *s, size_t at, size_t *column)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at && i < s->size; i++)
        if (s->bytes[i] == '\n') {
            line++;
            start = i + 1;
        }
    *column = at - start + 1;
    return line;
}

char json_scan_peek(const JsonScan *s)
{
    return s->at < s->size ? s->bytes[s->at] : '\0';
}

void json_scan_blanks(JsonScan *s)
{
    while (s->at < s->size && s->bytes[s->at] && strchr(" \t\r\n", s->bytes[s->at]))
        s->at++;
}

static bool read_hex(JsonScan *s, uint32_t *code)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    *code = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        char c = json_scan_peek(s);
        const char *digit = c ? strchr(digits, c) : NULL;
        if (!digit)
            return fail(s, "\\u takes four hexadecimal digits");
        *code = *code << 4 | ((uint32_t)(digit - digits) & 15u);
    }
    return true;
}

/* Behind "\u". A high surrogate must be followed by the escape of a low one. */
static bool read_unicode(JsonScan *s, Text *out)
{
    size_t start = s->at;
    uint32_t code, low;
    char bytes[4];
    if (!read_hex(s, &code))
        return false;
    if (code >= 0xD800 && code <= 0xDBFF && s->size - s->at >= 6 && memcmp(s->bytes + s->at, "\\u", 2) == 0) {
        s->at += 2;
        if (!read_hex(s, &low))
            return false;
        code = low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xD800;
    }
    if (code >= 0xD800 && code <= 0xDFFF)
        return json_scan_fail(s, start, "\\u names half of a surrogate pair");
    if (code == 0 && !s->allows_nul)
        return json_scan_fail(s, start, "text may not hold \\u0000 here");
    text_add_bytes(out, bytes, utf8_encode(code, bytes));
    return true;
}

static bool read_escape(JsonScan *s, Text *out)
{
    static const char names[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    char c = json_scan_peek(s);
    const char *known = c ? strchr(names, c) : NULL;
    if (!known && c != 'u')
        return fail(s, "unknown escape; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
    s->at++;
    if (!known)
        return read_unicode(s, out);
    text_add_char(out, codes[known - names]);
    return true;
}

static bool read_character(JsonScan *s, Text *out)
{
    uint32_t code;
    size_t used = utf8_decode(s->bytes + s->at, s->size - s->at, &code);
    if (code < 0x20)
        return fail(s, "control characters in text must be escaped");
    if (used == 1 && code >= 0x80)
        return fail(s, "text is not valid UTF-8");
    text_add_bytes(out, s->bytes + s->at, used);
    s->at += used;
    return true;
}

bool json_scan_text(JsonScan *s, Text *out)
{
    size_t start = s->at++;
    text_add_bytes(out, "", 0);
    while (s->at < s->size) {
        char c = s->bytes[s->at];
        s->at += c == '"' || c == '\\';
        if (c == '"')
            return true;
        if (!(c == '\\' ? read_escape(s, out) : read_character(s, out)))
            return false;
    }
    return json_scan_fail(s, start, "this text has no closing quote");
}

static size_t skip_digits(JsonScan *s)
{
    size_t start = s->at;
    while (json_scan_peek(s) >= '0' && json_scan_peek(s) <= '9')
        s->at++;
    return s->at - start;
}

static bool read_exponent(JsonScan *s)
{
    s->at++;
    s->at += json_scan_peek(s) == '-' || json_scan_peek(s) == '+';
    return skip_digits(s) > 0;
}

bool json_scan_number(JsonScan *s, JsonNumber *out)
{
    size_t start = s->at;
    bool minus = json_scan_peek(s) == '-';
    s->at += minus;
    bool zero = json_scan_peek(s) == '0';
    size_t digits = skip_digits(s);
    bool good = digits > 0 && !(zero && digits > 1);
    *out = (JsonNumber){.at = start, .is_real = minus && zero};
    if (good && json_scan_peek(s) == '.') {
        out->is_real = true;
        s->at++;
        good = skip_digits(s) > 0;
    }
    if (good && (json_scan_peek(s) == 'e' || json_scan_peek(s) == 'E')) {
        out->is_real = true;
        good = read_exponent(s);
    }
    out->size = s->at - start;
    return good || json_scan_fail(s, start, "malformed number");
}

bool json_scan_word(JsonScan *s)
{
    static const char *const words[] = {"null", "false", "true"};
    for (int i = 0; i < 3; i++) {
        size_t size = strlen(words[i]);
        if (s->size - s->at >= size && memcmp(s->bytes + s->at, words[i], size) == 0) {
            s->at += size;
            return true;
        }
    }
    return fail(s, "expected a value");
}

bool json_scan_separator(JsonScan *s, char close, bool *more)
{
    json_scan_blanks(s);
    char c = json_scan_peek(s);
    if (c != ',' && c != close)
        return fail(s, close == ']' ? "expected , or ]" : "expected , or }");
    s->at++;
    *more = c == ',';
    return true;
}

bool json_scan_key(JsonScan *s, Text *out)
{
    json_scan_blanks(s);
    size_t start = s->at;
    if (json_scan_peek(s) != '"')
        return fail(s, "expected a key in quotes");
    if (!json_scan_text(s, out))
        return false;
    if (memchr(text_get(out), 0, out->size))
        return json_scan_fail(s, start, "a key may not hold \\u0000");
    json_scan_blanks(s);
    if (json_scan_peek(s) != ':')
        return fail(s, "expected :");
    s->at++;
    return true;
}

/* Behind the opening bracket: true and passed when the container is empty. */
static bool is_closed(JsonScan *s, char close)
{
    json_scan_blanks(s);
    if (json_scan_peek(s) != close)
        return false;
    s->at++;
    return true;
}

static bool scan_list(JsonScan *s)
{
    bool more = true;
    s->at++;
    if (is_closed(s, ']'))
        return true;
    while (more) {
        json_scan_blanks(s);
        if (!json_scan_value(s) || !json_scan_separator(s, ']', &more))
            return false;
    }
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool check_keys(JsonScan *s, size_t start, TextList *keys)
{
    if (keys->count > 1)
        qsort(keys->items, keys->count, sizeof *keys->items, compare_keys);
    for (size_t i = 1; i < keys->count; i++)
        if (strcmp(keys->items[i - 1], keys->items[i]) == 0) {
            Text t = {0};
            text_add(&t, "the same key twice: ");
            utf8_sanitize(&t, keys->items[i], strlen(keys->items[i]));
            json_scan_fail(s, start, text_get(&t));
            text_done(&t);
            return false;
        }
    return true;
}

static bool scan_pair(JsonScan *s, TextList *keys, bool *more)
{
    Text key = {0};
    bool ok = json_scan_key(s, &key);
    if (ok)
        text_list_add(keys, text_get(&key));
    text_done(&key);
    if (!ok)
        return false;
    json_scan_blanks(s);
    return json_scan_value(s) && json_scan_separator(s, '}', more);
}

static bool scan_map(JsonScan *s)
{
    size_t start = s->at++;
    bool more = true, ok = true;
    TextList keys = {0};
    if (is_closed(s, '}'))
        return true;
    while (ok && more)
        ok = scan_pair(s, &keys, &more);
    ok = ok && check_keys(s, start, &keys);
    text_list_done(&keys);
    return ok;
}

static bool scan_number_value(JsonScan *s)
{
    JsonNumber n;
    double x;
    if (!json_scan_number(s, &n))
        return false;
    if (!number_parse_real(s->bytes + n.at, n.size, &x))
        return json_scan_fail(s, n.at, "number out of range");
    if (s->keeps_numbers) {
        MEM_GROW(s->numbers, s->numbers_count, s->numbers_room);
        s->numbers[s->numbers_count++] = n;
    }
    return true;
}

bool json_scan_value(JsonScan *s)
{
    char c = json_scan_peek(s);
    if (c == '"') {
        Text t = {0};
        bool ok = json_scan_text(s, &t);
        text_done(&t);
        return ok;
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number_value(s);
    if (c != '[' && c != '{')
        return json_scan_word(s);
    if (s->depth == JSON_DEPTH)
        return fail(s, "nested deeper than 200 levels");
    s->depth++;
    bool ok = c == '[' ? scan_list(s) : scan_map(s);
    s->depth--;
    return ok;
}
