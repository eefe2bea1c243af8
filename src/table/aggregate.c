/* Reading "name(arguments) where condition", and running it: arguments and condition become columns, then the function sees them. */
#include "table/aggregate_run.h"

#include <string.h>

#include "base/number.h"
#include "table/expr.h"

struct Aggregate {
    const AggregateFunction *function;
    Expr *arguments[AGGREGATE_ARGUMENTS], *where;
    size_t count;
    double number;
};

void aggregate_free(Aggregate *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < AGGREGATE_ARGUMENTS; i++)
        expr_free(a->arguments[i]);
    expr_free(a->where);
    mem_free(a);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Behind a text or a name in quotes, which may hold anything. */
static const char *behind_quotes(const char *at)
{
    char quote = *at++;
    while (*at && *at != quote)
        at += *at == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

/* The first `wanted` that stands outside of quotes, brackets and words; the end when there is none. */
static const char *find_outside(const char *at, const char *wanted)
{
    size_t size = strlen(wanted);
    int depth = 0;
    bool in_word = false;
    while (*at) {
        bool is_here = depth == 0 && strncmp(at, wanted, size) == 0 && (!is_word(*wanted) || (!in_word && !is_word(at[size])));
        if (is_here)
            return at;
        in_word = is_word(*at);
        if (*at == '"' || *at == '\'' || *at == '`') {
            at = behind_quotes(at);
            continue;
        }
        depth += (*at == '(' || *at == '{') - (*at == ')' || *at == '}');
        at++;
    }
    return at;
}

static char *trimmed(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    return mem_strndup(from, (size_t)(to - from));
}

static bool take_number(Aggregate *a, const char *text, Error *e)
{
    if (number_parse_real(text, strlen(text), &a->number) && a->number >= 0 && a->number <= 1)
        return true;
    return error_set(e, ERROR_USAGE, "%s: \"%s\" is no number from 0 to 1; write it as %s", a->function->name, text, a->function->use);
}

static bool take_argument(Aggregate *a, size_t i, const char *text, Error *e)
{
    if (!*text)
        return error_set(e, ERROR_USAGE, "an argument is missing; write it as %s", a->function->use);
    if (a->function->has_number && i + 1 == (size_t)a->function->most)
        return take_number(a, text, e);
    a->arguments[i] = expr_parse(text, e);
    return a->arguments[i] != NULL;
}

static bool take_arguments(Aggregate *a, const char *from, const char *to, Error *e)
{
    char *list = trimmed(from, to), *at = list;
    bool ok = true, more = *list != 0;
    while (ok && more) {
        const char *comma = find_outside(at, ",");
        char *text = trimmed(at, comma);
        more = *comma != 0;
        if (a->count == (size_t)a->function->most)
            ok = error_set(e, ERROR_USAGE, "there are too many arguments; write it as %s", a->function->use);
        else
            ok = take_argument(a, a->count++, text, e);
        mem_free(text);
        at = list + (comma - list) + more;
    }
    if (ok && a->count < (size_t)a->function->least)
        ok = error_set(e, ERROR_USAGE, "an argument is missing; write it as %s", a->function->use);
    mem_free(list);
    return ok;
}

static bool take_function(Aggregate *a, const char *name, Error *e)
{
    a->function = aggregate_function(name);
    if (a->function)
        return true;
    const char *near = text_nearest(name, aggregate_function_name, NULL);
    return error_set(e, ERROR_USAGE, "\"%s\" is no aggregate%s%s%s", name, near ? "; did you mean " : "; there are count, sum, mean ...",
                     near ? near : "", near ? "?" : "");
}

static bool take_where(Aggregate *a, const char *rest, Error *e)
{
    char *text = trimmed(rest, rest + strlen(rest));
    bool ok = true;
    if (strncmp(text, "where", 5) == 0 && !is_word(text[5])) {
        a->where = expr_parse(text + 5, e);
        ok = a->where != NULL || error_prefix(e, "where: ");
    } else if (*text) {
        ok = error_set(e, ERROR_USAGE,
                       "\"%s\" stands behind the aggregate; write FUNCTION(...) where CONDITION, and compute with the result in a derive",
                       text);
    }
    mem_free(text);
    return ok;
}

Aggregate *aggregate_parse(const char *text, Error *e)
{
    Aggregate *a = MEM_NEW(Aggregate);
    const char *open = strchr(text, '('), *close = open ? find_outside(open + 1, ")") : NULL;
    bool ok = close && *close;
    if (!ok) {
        error_set(e, ERROR_USAGE, "\"%s\" is no aggregate; write one as mean(x), count() or sum(x) where y > 2", text);
    } else {
        char *name = trimmed(text, open);
        ok = take_function(a, name, e) && take_arguments(a, open + 1, close, e) && take_where(a, close + 1, e);
        mem_free(name);
    }
    if (ok)
        return a;
    aggregate_free(a);
    return NULL;
}

void aggregate_columns(const Aggregate *a, TextList *names)
{
    const Expr *all[] = {a->arguments[0], a->arguments[1], a->where};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        TextList own = {0};
        if (all[i] && expr_columns(all[i], &own))
            for (size_t k = 0; k < own.count; k++)
                if (!text_list_has(names, own.items[k]))
                    text_list_add(names, own.items[k]);
        text_list_done(&own);
    }
}

/* Where a condition is missing the row does not count. */
static uint8_t *condition(const Expr *where, const Table *t, Error *e)
{
    Column *c = expr_eval(where, t, e);
    uint8_t *counts = NULL;
    if (c && c->type != COLUMN_BOOL)
        error_set(e, ERROR_USAGE, "where: the condition is %s, expected true or false", column_type_name(c->type));
    else if (c)
        counts = mem_try_alloc(t->rows + 1, 1, e);
    for (size_t i = 0; counts && i < t->rows; i++)
        counts[i] = column_is_valid(c, i) && c->data.flags[i];
    column_unref(c);
    return counts;
}

Column *aggregate_run(Job *job, const Aggregate *a, const Table *t, const Groups *g, Error *e)
{
    Column *arguments[AGGREGATE_ARGUMENTS] = {0}, *out = NULL;
    uint8_t *where = a->where ? condition(a->where, t, e) : NULL;
    bool ok = (where || !a->where) && job_go_on(job, e);
    for (size_t i = 0; ok && i < AGGREGATE_ARGUMENTS; i++) {
        arguments[i] = a->arguments[i] ? expr_eval(a->arguments[i], t, e) : NULL;
        ok = arguments[i] || !a->arguments[i];
    }
    AggregateInput in = {g, arguments[0], arguments[1], a->number, where, a->function->name};
    if (ok)
        out = a->function->run(&in, e);
    for (size_t i = 0; i < AGGREGATE_ARGUMENTS; i++)
        column_unref(arguments[i]);
    mem_free(where);
    return out;
}

void aggregate_help(Text *out)
{
    size_t count;
    const AggregateFunction *functions = aggregate_functions(&count);
    for (size_t i = 0; i < count; i++)
        text_addf(out, "%-18s %s\n", functions[i].use, functions[i].doc);
}
