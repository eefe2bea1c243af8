/* JSON by RFC 8259: a strict recursive reader with a depth limit, and the writer in three forms. */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

enum { DEPTH = 200 };

typedef struct Reader {
    const char *bytes;
    size_t size, at;
    int depth;
    Error *error;
} Reader;

static Value *read_value(Reader *r);

static Value *fail_at(Reader *r, size_t at, const char *what)
{
    long line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at; i++) {
        if (r->bytes[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    error_at(r->error, ERROR_FAILED, "", line, (long)(at - start) + 1, "JSON: %s", what);
    return NULL;
}

static Value *fail(Reader *r, const char *what)
{
    return fail_at(r, r->at, r->at < r->size ? what : "the text ends too early");
}

static char peek(const Reader *r)
{
    return r->at < r->size ? r->bytes[r->at] : 0;
}

static void skip_blanks(Reader *r)
{
    while (r->at < r->size && strchr(" \t\r\n", r->bytes[r->at]) && r->bytes[r->at]) {
        r->at++;
    }
}

static bool read_hex(Reader *r, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        char c = peek(r);
        const char *digit = c ? strchr(digits, c) : NULL;
        if (!digit) {
            fail(r, "\\u takes four hexadecimal digits");
            return false;
        }
        *code = *code << 4 | ((uint32_t)(digit - digits) & 15u);
    }
    return true;
}

/* Behind "\u". A high surrogate must be followed by the escape of a low one. */
static bool read_unicode(Reader *r, Text *out)
{
    size_t start = r->at;
    uint32_t code, low;
    if (!read_hex(r, &code)) {
        return false;
    }
    if (code >= 0xD800 && code <= 0xDBFF && r->size - r->at >= 6 && memcmp(r->bytes + r->at, "\\u", 2) == 0) {
        r->at += 2;
        if (!read_hex(r, &low)) {
            return false;
        }
        code = low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xD800;
    }
    if (code >= 0xD800 && code <= 0xDFFF) {
        fail_at(r, start, "\\u names half of a surrogate pair");
        return false;
    }
    char bytes[4];
    text_add_bytes(out, bytes, utf8_encode(code, bytes));
    return true;
}

static bool read_escape(Reader *r, Text *out)
{
    static const char names[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);
    const char *known = c ? strchr(names, c) : NULL;
    if (known) {
        r->at++;
        text_add_char(out, codes[known - names]);
        return true;
    }
    if (c != 'u') {
        fail(r, "unknown escape; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
        return false;
    }
    r->at++;
    return read_unicode(r, out);
}

static bool read_character(Reader *r, Text *out)
{
    uint32_t code;
    size_t used = utf8_decode(r->bytes + r->at, r->size - r->at, &code);
    if (code < 0x20) {
        fail(r, "control characters in text must be escaped");
        return false;
    }
    if (used == 1 && code >= 0x80) {
        fail(r, "text is not valid UTF-8");
        return false;
    }
    text_add_bytes(out, r->bytes + r->at, used);
    r->at += used;
    return true;
}

/* At the opening quote. */
static bool read_text(Reader *r, Text *out)
{
    size_t start = r->at++;
    text_add_bytes(out, "", 0);
    while (r->at < r->size) {
        char c = r->bytes[r->at];
        if (c == '"') {
            r->at++;
            return true;
        }
        r->at += c == '\\';
        if (!(c == '\\' ? read_escape(r, out) : read_character(r, out))) {
            return false;
        }
    }
    fail_at(r, start, "this text has no closing quote");
    return false;
}

static size_t skip_digits(Reader *r)
{
    size_t start = r->at;
    while (peek(r) >= '0' && peek(r) <= '9') {
        r->at++;
    }
    return r->at - start;
}

static Value *read_number(Reader *r)
{
    size_t start = r->at;
    r->at += peek(r) == '-';
    bool zero = peek(r) == '0', real = false;
    size_t digits = skip_digits(r);
    bool good = digits > 0 && !(zero && digits > 1);
    if (good && peek(r) == '.') {
        real = true;
        r->at++;
        good = skip_digits(r) > 0;
    }
    if (good && (peek(r) == 'e' || peek(r) == 'E')) {
        real = true;
        r->at++;
        r->at += peek(r) == '-' || peek(r) == '+';
        good = skip_digits(r) > 0;
    }
    if (!good) {
        return fail_at(r, start, "malformed number");
    }
    const char *text = r->bytes + start;
    size_t size = r->at - start;
    int64_t n;
    double x;
    bool minus_zero = zero && text[0] == '-';
    if (!real && !minus_zero && number_parse_int(text, size, &n)) {
        return value_int(n);
    }
    return number_parse_real(text, size, &x) ? value_real(x) : fail_at(r, start, "number out of range");
}

static Value *read_word(Reader *r)
{
    static const char *const words[] = { "null", "false", "true" };
    for (int i = 0; i < 3; i++) {
        size_t size = strlen(words[i]);
        if (r->size - r->at >= size && memcmp(r->bytes + r->at, words[i], size) == 0) {
            r->at += size;
            return i == 0 ? value_null() : value_flag(i == 2);
        }
    }
    return fail(r, "expected a value");
}

/* Behind an item: true when another follows; *bad when neither comma nor `close` stands there. */
static bool read_separator(Reader *r, char close, bool *bad)
{
    skip_blanks(r);
    char c = peek(r);
    if (c != ',' && c != close) {
        fail(r, close == ']' ? "expected , or ]" : "expected , or }");
        *bad = true;
        return false;
    }
    r->at++;
    return c == ',';
}

/* Behind the opening bracket: true and consumed when the container is empty. */
static bool is_closed(Reader *r, char close)
{
    skip_blanks(r);
    if (peek(r) != close) {
        return false;
    }
    r->at++;
    return true;
}

static Value *read_list(Reader *r)
{
    Value *list = value_list();
    bool bad = false;
    r->at++;
    if (is_closed(r, ']')) {
        return list;
    }
    do {
        Value *item = read_value(r);
        if (!item) {
            bad = true;
            break;
        }
        value_add(list, item);
    } while (read_separator(r, ']', &bad));
    if (bad) {
        value_free(list);
        return NULL;
    }
    return list;
}

static bool read_pair(Reader *r, Value *map)
{
    Text key = { 0 };
    Value *item = NULL;
    skip_blanks(r);
    size_t start = r->at;
    if (peek(r) != '"') {
        fail(r, "expected a key in quotes");
        goto done;
    }
    if (!read_text(r, &key)) {
        goto done;
    }
    if (memchr(text_get(&key), 0, key.size)) {
        fail_at(r, start, "a key may not hold \\u0000");
        goto done;
    }
    skip_blanks(r);
    if (peek(r) != ':') {
        fail(r, "expected :");
        goto done;
    }
    r->at++;
    item = read_value(r);
    if (item) {
        value_append(map, text_get(&key), item);
    }
done:
    text_done(&key);
    return item != NULL;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *find_duplicate(const Value *map)
{
    if (map->size < 2) {
        return NULL;
    }
    char **keys = mem_copy(map->keys, map->size * sizeof *keys);
    qsort(keys, map->size, sizeof *keys, compare_keys);
    const char *found = NULL;
    for (size_t i = 1; i < map->size && !found; i++) {
        found = strcmp(keys[i - 1], keys[i]) == 0 ? keys[i] : NULL;
    }
    mem_free(keys);
    return found;
}

static Value *read_map(Reader *r)
{
    Value *map = value_map();
    size_t start = r->at;
    bool bad = false;
    r->at++;
    if (is_closed(r, '}')) {
        return map;
    }
    do {
        bad = !read_pair(r, map);
    } while (!bad && read_separator(r, '}', &bad));
    const char *twice = bad ? NULL : find_duplicate(map);
    if (twice) {
        char what[120];
        Text t = { 0 };
        utf8_sanitize(&t, twice, strlen(twice));
        size_t fit = utf8_fit(text_get(&t), 60);
        memcpy(what, "the same key twice: ", 20);
        fit = fit < 90 ? fit : 0;
        memcpy(what + 20, text_get(&t), fit);
        what[20 + fit] = 0;
        text_done(&t);
        fail_at(r, start, what);
        bad = true;
    }
    if (bad) {
        value_free(map);
        return NULL;
    }
    return map;
}

static Value *read_value(Reader *r)
{
    skip_blanks(r);
    char c = peek(r);
    if (c == '"') {
        Text t = { 0 };
        Value *v = read_text(r, &t) ? value_bytes(text_get(&t), t.size) : NULL;
        text_done(&t);
        return v;
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return read_number(r);
    }
    if (c != '[' && c != '{') {
        return read_word(r);
    }
    if (r->depth == DEPTH) {
        return fail(r, "nested deeper than 200 levels");
    }
    r->depth++;
    Value *v = c == '[' ? read_list(r) : read_map(r);
    r->depth--;
    return v;
}

Value *json_parse(const char *bytes, size_t size, Error *e)
{
    Reader r = { .bytes = bytes, .size = size, .error = e };
    Value *v = read_value(&r);
    skip_blanks(&r);
    if (v && r.at < r.size) {
        value_free(v);
        return fail(&r, "there is more text behind the value");
    }
    return v;
}
