/* The JSON writer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"

static void write_value(const Value *v, JsonForm form, int depth, Text *out);

/* Bad UTF-8 becomes U+FFFD; DEL and C1 controls are escaped too, so that the text is safe on a terminal. */
void json_write_text(const char *bytes, size_t size, Text *out)
{
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    text_add_char(out, '"');
    for (size_t i = 0; i < size;) {
        uint32_t code;
        size_t used = utf8_decode(bytes + i, size - i, &code);
        const char *known = code && code < 0x80 ? strchr(names, (int)code) : NULL;
        if (known) {
            text_add_char(out, '\\');
            text_add_char(out, letters[known - names]);
        } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            text_addf(out, "\\u%04x", (unsigned)code);
        } else if (used == 1 && code >= 0x80) {
            text_add(out, "\xEF\xBF\xBD");
        } else {
            text_add_bytes(out, bytes + i, used);
        }
        i += used;
    }
    text_add_char(out, '"');
}

/* A real keeps a sign of being one, so that it is read back as a real. */
static void write_real(double x, Text *out)
{
    char text[NUMBER_ROOM];
    number_format_real(x, text);
    if (!isfinite(x)) {
        json_write_text(text, strlen(text), out);
        return;
    }
    text_add(out, text);
    if (!strpbrk(text, ".e")) {
        text_add(out, ".0");
    }
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(**(char **const *)a, **(char **const *)b);
}

/* Indices of the pairs in the order of the keys. The caller frees them. */
static char ***sort_pairs(const Value *map)
{
    char ***pairs = mem_alloc(map->size * sizeof *pairs);
    for (size_t i = 0; i < map->size; i++) {
        pairs[i] = &map->keys[i];
    }
    qsort(pairs, map->size, sizeof *pairs, compare_keys);
    return pairs;
}

static void new_line(JsonForm form, int depth, Text *out)
{
    if (form == JSON_PRETTY) {
        text_addf(out, "\n%*s", 2 * depth, "");
    }
}

static bool is_flat(const Value *v)
{
    for (size_t i = 0; i < v->size; i++) {
        if (v->items[i]->type >= VALUE_LIST) {
            return false;
        }
    }
    return v->type == VALUE_LIST;
}

static void write_list(const Value *v, JsonForm form, int depth, Text *out)
{
    bool flat = is_flat(v);
    text_add_char(out, '[');
    for (size_t i = 0; i < v->size; i++) {
        text_add(out, i == 0 ? "" : flat && form == JSON_PRETTY ? ", " : ",");
        if (!flat) {
            new_line(form, depth + 1, out);
        }
        write_value(v->items[i], form, depth + 1, out);
    }
    if (!flat) {
        new_line(form, depth, out);
    }
    text_add_char(out, ']');
}

static void write_map(const Value *v, JsonForm form, int depth, Text *out)
{
    char ***order = form == JSON_CANONICAL ? sort_pairs(v) : NULL;
    text_add_char(out, '{');
    for (size_t i = 0; i < v->size; i++) {
        size_t k = order ? (size_t)(order[i] - v->keys) : i;
        text_add(out, i == 0 ? "" : ",");
        new_line(form, depth + 1, out);
        json_write_text(v->keys[k], strlen(v->keys[k]), out);
        text_add(out, form == JSON_PRETTY ? ": " : ":");
        write_value(v->items[k], form, depth + 1, out);
    }
    if (v->size > 0) {
        new_line(form, depth, out);
    }
    text_add_char(out, '}');
    mem_free(order);
}

static void write_value(const Value *v, JsonForm form, int depth, Text *out)
{
    switch (v->type) {
    case VALUE_NULL: text_add(out, "null"); break;
    case VALUE_FLAG: text_add(out, v->flag ? "true" : "false"); break;
    case VALUE_INT: text_addf(out, "%lld", (long long)v->integer); break;
    case VALUE_REAL: write_real(v->real, out); break;
    case VALUE_TEXT: json_write_text(v->text, v->size, out); break;
    case VALUE_LIST: write_list(v, form, depth, out); break;
    case VALUE_MAP: write_map(v, form, depth, out); break;
    }
}

void json_write(const Value *v, JsonForm form, Text *out)
{
    write_value(v, form, 0, out);
}

char *json_format(const Value *v, JsonForm form)
{
    Text t = { 0 };
    json_write(v, form, &t);
    return text_take(&t);
}
