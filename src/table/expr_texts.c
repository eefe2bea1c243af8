/* Functions of texts. What depends on one text alone is computed once for each distinct text. */
#include <string.h>

#include "table/expr_nodes.h"
#include "table/letters.h"

typedef void TextMap(const char *bytes, size_t size, Text *out);

static uint32_t *map_codes(const Dictionary *from, TextMap *change, Dictionary *to)
{
    uint32_t count = dictionary_count(from);
    uint32_t *codes = mem_alloc(((size_t)count + 1) * sizeof *codes);
    Text text = {0};
    for (uint32_t code = 0; code < count; code++) {
        size_t size;
        const char *bytes = dictionary_get(from, code, &size);
        text_clear(&text);
        change(bytes, size, &text);
        codes[code] = dictionary_add(to, text_get(&text), text.size);
    }
    text_done(&text);
    return codes;
}

static bool run_map(const Call *call, TextMap *change, Vec *out, Error *e)
{
    if (!vec_need(call, 0, COLUMN_TEXT, e) || !vec_new(call, COLUMN_TEXT, out, e))
        return false;
    const Vec *v = &call->args[0];
    if (v->untyped)
        return column_set_missing(out->column, 0, e);
    uint32_t *codes = map_codes(v->column->dictionary, change, out->column->dictionary);
    bool ok = true;
    for (size_t i = 0; ok && i < call->rows; i++) {
        if (column_is_valid(v->column, i))
            out->column->data.codes[i] = codes[v->column->data.codes[i]];
        else
            ok = column_set_missing(out->column, i, e);
    }
    mem_free(codes);
    if (!ok)
        column_unref(out->column);
    return ok;
}

static void trim_text(const char *bytes, size_t size, Text *out)
{
    const char *start = letters_trim(bytes, &size);
    text_add_bytes(out, start, size);
}

bool expr_run_lower(const Call *call, Vec *out, Error *e)
{
    return run_map(call, letters_lower, out, e);
}
bool expr_run_upper(const Call *call, Vec *out, Error *e)
{
    return run_map(call, letters_upper, out, e);
}
bool expr_run_trim(const Call *call, Vec *out, Error *e)
{
    return run_map(call, trim_text, out, e);
}

bool expr_run_length(const Call *call, Vec *out, Error *e)
{
    if (!vec_need(call, 0, COLUMN_TEXT, e) || !vec_new(call, COLUMN_INT, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        size_t size;
        if (vec_valid(&call->args[0], i)) {
            const char *text = column_text(call->args[0].column, i, &size);
            out->column->data.ints[i] = (int64_t)letters_count(text, size);
        } else if (!column_set_missing(out->column, i, e)) {
            return column_unref(out->column), false;
        }
    }
    return true;
}

typedef struct Span {
    const char *bytes;
    size_t size;
} Span;

static bool span_contains(Span text, Span part)
{
    return part.size == 0 || memmem(text.bytes, text.size, part.bytes, part.size) != NULL;
}

static bool span_starts(Span text, Span part)
{
    return part.size <= text.size && memcmp(text.bytes, part.bytes, part.size) == 0;
}

static bool span_ends(Span text, Span part)
{
    return part.size <= text.size && memcmp(text.bytes + text.size - part.size, part.bytes, part.size) == 0;
}

static Span vec_span(const Vec *v, size_t i)
{
    Span s = {0};
    s.bytes = column_text(v->column, vec_row(v, i), &s.size);
    return s;
}

static bool run_test(const Call *call, bool (*holds)(Span, Span), Vec *out, Error *e)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (!vec_need(call, 0, COLUMN_TEXT, e) || !vec_need(call, 1, COLUMN_TEXT, e) || !vec_new(call, COLUMN_BOOL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        if (vec_valid(a, i) && vec_valid(b, i))
            out->column->data.flags[i] = holds(vec_span(a, i), vec_span(b, i));
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_contains(const Call *call, Vec *out, Error *e)
{
    return run_test(call, span_contains, out, e);
}
bool expr_run_starts_with(const Call *call, Vec *out, Error *e)
{
    return run_test(call, span_starts, out, e);
}
bool expr_run_ends_with(const Call *call, Vec *out, Error *e)
{
    return run_test(call, span_ends, out, e);
}

/* Every cell as text; false: one is missing. */
static bool join_row(const Call *call, size_t i, Text *out)
{
    text_clear(out);
    for (size_t k = 0; k < call->count; k++) {
        if (!vec_valid(&call->args[k], i))
            return false;
        column_format(call->args[k].column, vec_row(&call->args[k], i), out);
    }
    return true;
}

bool expr_run_concat(const Call *call, Vec *out, Error *e)
{
    if (!vec_new(call, COLUMN_TEXT, out, e))
        return false;
    Text text = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < call->rows; i++)
        ok = join_row(call, i, &text) ? column_set_text(out->column, i, text_get(&text), text.size, e)
                                      : column_set_missing(out->column, i, e);
    text_done(&text);
    if (!ok)
        column_unref(out->column);
    return ok;
}
