/* Functions of regular expressions. The parser has checked the pattern; it is compiled once for an evaluation. */
#include "table/expr_nodes.h"
#include "table/pattern.h"

typedef struct Matching {
    Pattern *pattern;
    size_t group;
    const char *with;
} Matching;

static bool begin(const Call *call, Matching *m, Error *e)
{
    const char *text;
    *m = (Matching){0};
    if (!vec_need(call, 0, COLUMN_TEXT, e) || !vec_constant_text(call, 1, &text, e))
        return false;
    m->pattern = pattern_new(text, false, e);
    return m->pattern || error_prefix(e, "character %zu: ", call->place);
}

/* The answers of distinct texts as texts themselves: "1" and "0". */
static bool matches(void *how, const char *bytes, size_t size, Text *out)
{
    Matching *m = how;
    text_add_char(out, pattern_find(m->pattern, bytes, size, 0, NULL) ? '1' : '0');
    return true;
}

bool expr_run_matches(const Call *call, Vec *out, Error *e)
{
    Matching m;
    Vec answers = {0};
    bool ok = begin(call, &m, e) && vec_map_texts(call, matches, &m, &answers, e);
    pattern_free(m.pattern);
    if (!ok)
        return false;
    ok = vec_new(call, COLUMN_BOOL, out, e);
    for (size_t i = 0; ok && i < call->rows; i++) {
        const char *is = column_text(answers.column, i, NULL);
        if (is)
            out->column->data.flags[i] = *is == '1';
        else if (!column_set_missing(out->column, i, e))
            ok = (column_unref(out->column), false);
    }
    column_unref(answers.column);
    return ok;
}

static bool extract(void *how, const char *bytes, size_t size, Text *out)
{
    Matching *m = how;
    PatternSpan spans[1 + PATTERN_GROUPS_MOST];
    if (!pattern_find(m->pattern, bytes, size, 0, spans) || spans[m->group].from == SIZE_MAX)
        return false;
    text_add_bytes(out, bytes + spans[m->group].from, spans[m->group].to - spans[m->group].from);
    return true;
}

static bool choose_group(const Call *call, Matching *m, Error *e)
{
    size_t groups = pattern_groups(m->pattern);
    m->group = groups > 0;
    if (call->count < 3)
        return true;
    const Vec *v = &call->args[2];
    bool whole = v->scalar && !v->untyped && v->column->type == COLUMN_INT && vec_valid(v, 0);
    if (!whole || vec_int(v, 0) < 0 || (uint64_t)vec_int(v, 0) > groups)
        return expr_error(e, call->place, "%s: the group is a number from 0, the whole match, to %zu", call->function->use, groups);
    m->group = (size_t)vec_int(v, 0);
    return true;
}

bool expr_run_extract(const Call *call, Vec *out, Error *e)
{
    Matching m;
    bool ok = begin(call, &m, e) && choose_group(call, &m, e) && vec_map_texts(call, extract, &m, out, e);
    pattern_free(m.pattern);
    return ok;
}

static bool replace(void *how, const char *bytes, size_t size, Text *out)
{
    Matching *m = how;
    pattern_replace(m->pattern, bytes, size, m->with, out);
    return true;
}

bool expr_run_replace_matches(const Call *call, Vec *out, Error *e)
{
    Matching m;
    bool ok = begin(call, &m, e) && vec_constant_text(call, 2, &m.with, e) &&
              (pattern_check_with(m.pattern, m.with, e) || error_prefix(e, "character %zu: ", call->place)) &&
              vec_map_texts(call, replace, &m, out, e);
    pattern_free(m.pattern);
    return ok;
}
