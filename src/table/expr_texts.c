/* Functions of texts. What depends on one text alone is computed once for each distinct text. */
#include <string.h>

#include "table/expr_nodes.h"
#include "table/letters.h"

#define CODE_NONE UINT32_MAX
#define CODE_NEW (UINT32_MAX - 1)

typedef struct TextMapper {
    VecTextMap *map;
    void *how;
    uint32_t *codes; /* by code of the argument; CODE_NEW: not computed yet */
    Text text;
} TextMapper;

static uint32_t mapped(TextMapper *m, const Column *from, uint32_t code, Dictionary *to)
{
    if (m->codes[code] != CODE_NEW)
        return m->codes[code];
    size_t size;
    const char *bytes = dictionary_get(from->dictionary, code, &size);
    text_clear(&m->text);
    bool any = m->map(m->how, bytes, size, &m->text);
    return m->codes[code] = any ? dictionary_add(to, text_get(&m->text), m->text.size) : CODE_NONE;
}

bool vec_map_texts(const Call *call, VecTextMap *map, void *how, Vec *out, Error *e)
{
    if (!vec_need(call, 0, COLUMN_TEXT, e) || !vec_new(call, COLUMN_TEXT, out, e))
        return false;
    const Vec *v = &call->args[0];
    uint32_t count = v->untyped ? 0 : dictionary_count(v->column->dictionary);
    TextMapper m = {.map = map, .how = how, .codes = mem_alloc(((size_t)count + 1) * sizeof *m.codes)};
    for (uint32_t i = 0; i < count; i++)
        m.codes[i] = CODE_NEW;
    bool ok = true;
    for (size_t i = 0; ok && i < call->rows; i++) {
        bool known = vec_valid(v, i);
        uint32_t code = known ? mapped(&m, v->column, v->column->data.codes[vec_row(v, i)], out->column->dictionary) : CODE_NONE;
        if (code == CODE_NONE)
            ok = column_set_missing(out->column, i, e);
        else
            out->column->data.codes[i] = code;
    }
    text_done(&m.text);
    mem_free(m.codes);
    if (!ok)
        column_unref(out->column);
    return ok;
}

static bool trim_text(void *how, const char *bytes, size_t size, Text *out)
{
    (void)how;
    const char *start = letters_trim(bytes, &size);
    text_add_bytes(out, start, size);
    return true;
}

static bool lower_text(void *how, const char *bytes, size_t size, Text *out)
{
    (void)how;
    letters_lower(bytes, size, out);
    return true;
}

static bool upper_text(void *how, const char *bytes, size_t size, Text *out)
{
    (void)how;
    letters_upper(bytes, size, out);
    return true;
}

bool expr_run_lower(const Call *call, Vec *out, Error *e)
{
    return vec_map_texts(call, lower_text, NULL, out, e);
}
bool expr_run_upper(const Call *call, Vec *out, Error *e)
{
    return vec_map_texts(call, upper_text, NULL, out, e);
}
bool expr_run_trim(const Call *call, Vec *out, Error *e)
{
    return vec_map_texts(call, trim_text, NULL, out, e);
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

Span vec_span(const Vec *v, size_t i)
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
