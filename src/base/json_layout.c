/* One string with its escapes, and the second look at what cJSON printed. */
#include "base/json_layout.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* Adds one character of a text between quotes and passes it. Raw controls below U+0020 do not come here. */
static size_t add_safe(const char *bytes, size_t size, Text *out)
{
    uint32_t code;
    size_t used = utf8_decode(bytes, size, &code);
    if (code < 0x20 || (code >= 0x7F && code < 0xA0 && used > (code >= 0x80)))
        text_addf(out, "\\u%04x", (unsigned)code);
    else if (used == 1 && code >= 0x80)
        text_add(out, "\xEF\xBF\xBD");
    else
        text_add_bytes(out, bytes, used);
    return used;
}

static void add_escape(uint32_t code, Text *out)
{
    if (code < 0x10000)
        text_addf(out, "\\u%04x", (unsigned)code);
    else
        text_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((code - 0x10000) >> 10)), (unsigned)(0xDC00 + ((code - 0x10000) & 0x3FF)));
}

void json_escape_hidden(const char *json, Text *out)
{
    size_t size = strlen(json);
    int marks = 0;
    for (size_t i = 0; i < size;) {
        uint32_t code;
        size_t used = utf8_decode(json + i, size - i, &code);
        bool is_mark = code >= 0x20 && utf8_code_width(code) == 0;
        marks = is_mark ? marks + 1 : 0;
        if (code < 0x20 || (utf8_is_shown(code) && marks <= UTF8_MARKS))
            text_add_bytes(out, json + i, used);
        else
            add_escape(code, out);
        i += used;
    }
}

void json_write_text(const char *bytes, size_t size, Text *out)
{
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    text_add_char(out, '"');
    for (size_t i = 0; i < size;) {
        const char *known = bytes[i] ? strchr(names, bytes[i]) : NULL;
        if (known) {
            text_add_char(out, '\\');
            text_add_char(out, letters[known - names]);
            i++;
        } else {
            i += add_safe(bytes + i, size - i, out);
        }
    }
    text_add_char(out, '"');
}

/* At an opening quote: adds the whole string, and returns its size. */
static size_t add_string(const char *json, size_t size, Text *out)
{
    size_t i = 1;
    text_add_char(out, '"');
    while (i < size && json[i] != '"') {
        size_t escape = json[i] == '\\' ? 2 : 0;
        if (escape)
            text_add_bytes(out, json + i, escape);
        i += escape ? escape : add_safe(json + i, size - i, out);
    }
    text_add_char(out, '"');
    return i + 1;
}

static size_t skip_string(const char *json, size_t at)
{
    for (at++; json[at] && json[at] != '"'; at++)
        at += json[at] == '\\';
    return at;
}

/* The list that opens at `at` holds no list and no map. */
static bool is_flat(const char *json, size_t at)
{
    for (at++; json[at] && json[at] != ']'; at++) {
        if (json[at] == '[' || json[at] == '{')
            return false;
        if (json[at] == '"')
            at = skip_string(json, at);
    }
    return true;
}

static void new_line(int depth, Text *out)
{
    text_addf(out, "\n%*s", 2 * depth, "");
}

typedef struct Layout {
    int depth;
    bool flat; /* inside a list that stays on one line */
    Text *out;
} Layout;

static void add_mark(Layout *l, const char *json, size_t at)
{
    char c = json[at];
    bool opens = c == '{' || c == '[', closes = c == '}' || c == ']', empty = opens && (json[at + 1] == '}' || json[at + 1] == ']');
    if (closes && !l->flat && json[at - 1] != '{' && json[at - 1] != '[')
        new_line(--l->depth, l->out);
    if (closes)
        l->flat = false;
    text_add_char(l->out, c);
    if (c == '[')
        l->flat = is_flat(json, at);
    if (c == ':')
        text_add_char(l->out, ' ');
    else if (c == ',' && l->flat)
        text_add_char(l->out, ' ');
    else if (c == ',' || (opens && !empty && !l->flat))
        new_line(opens ? ++l->depth : l->depth, l->out);
}

void json_layout(const char *json, bool pretty, Text *out)
{
    Layout l = {.out = out};
    size_t size = strlen(json);
    for (size_t i = 0; i < size;) {
        if (json[i] == '"')
            i += add_string(json + i, size - i, out);
        else if (pretty && strchr("{}[],:", json[i]))
            add_mark(&l, json, i++);
        else
            text_add_char(out, json[i++]);
    }
}
