/* replace: a part of texts, or what a regular expression finds, becomes something else. */
#include "steps/tools.h"
#include "table/pattern.h"

typedef struct Replace {
    TextList columns;
    char *pattern, *with;
    bool regex, blank_missing;
} Replace;

static const Field params[] = {
    {COLUMNS_FIELD(Replace, columns), .doc = "text columns", .def = "text", .positional = true},
    {TEXT_FIELD(Replace, pattern), .doc = "what to look for"},
    {TEXT_FIELD(Replace, with), .doc = "what to put there; with regex \\1 stands for a group", .def = ""},
    {FLAG_FIELD(Replace, regex), .doc = "the pattern is a regular expression", .def = "false"},
    {FLAG_FIELD(Replace, blank_missing), .doc = "texts of which nothing is left become missing", .def = "true"},
    {0},
};

typedef struct Replacing {
    Pattern *pattern;
    const char *with; /* as pattern_replace reads it */
} Replacing;

static void replace_text(const void *how, const char *bytes, size_t size, Text *out)
{
    const Replacing *r = how;
    pattern_replace(r->pattern, bytes, size, r->with, out);
}

static bool change_column(const StepInput *in, const Replacing *r, int column, Table **out, Error *e)
{
    const Replace *p = in->params;
    const char *name = in->rows->names[column];
    const Column *c = in->rows->columns[column];
    if (c->type != COLUMN_TEXT)
        return c->missing == c->rows ||
               error_set(e, ERROR_USAGE, "%s is %s, not text; cast it to text first", name, column_type_name(c->type));
    Column *to = tools_map_text(c, replace_text, r, p->blank_missing, e);
    if (to && column_equal(to, c))
        tools_note(in, "%s: no cell has \"%s\" in it", name, p->pattern);
    return tools_put(out, name, to, e);
}

static bool change_all(Job *job, const StepInput *in, const Replacing *r, Table **out, Error *e)
{
    int *columns;
    size_t count;
    if (!tools_select(in, &((const Replace *)in->params)->columns, &columns, &count, e))
        return false;
    *out = table_ref(in->rows);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = job_go_on(job, e) && change_column(in, r, columns[i], out, e);
    if (!ok) {
        table_unref(*out);
        *out = NULL;
    }
    mem_free(columns);
    return ok;
}

static bool replace_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Replace *p = in->params;
    if (!p->pattern || !*p->pattern)
        return error_set(e, ERROR_USAGE, "pattern is empty; say what to look for");
    const char *put = p->with ? p->with : "";
    char *pattern = p->regex ? mem_strdup(p->pattern) : pattern_quote(p->pattern);
    char *with = p->regex ? mem_strdup(put) : pattern_quote_with(put);
    Replacing r = {pattern_new(pattern, false, e), with};
    bool ok = r.pattern && pattern_check_with(r.pattern, with, e) && change_all(job, in, &r, out, e);
    pattern_free(r.pattern);
    mem_free(with);
    mem_free(pattern);
    return ok;
}

static void replace_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Replace *p = params_used;
    tools_list(&p->columns, out);
    text_addf(out, "  %s -> %s", p->pattern ? p->pattern : "", p->with && *p->with ? p->with : "nothing");
}

static const Example examples[] = {
    {"{\"columns\": [\"t\"], \"pattern\": \" GmbH\", \"with\": \"\"}", "x,t\n1,A GmbH\n2,B\n", "x,t\n1,A\n2,B\n"},
    {"{\"pattern\": \"(\\\\d+) kg\", \"with\": \"\\\\1\", \"regex\": true}", "x,w\n1,12 kg\n2,7 kg\n", "x,w\n1,12\n2,7\n"},
    {"{\"pattern\": \"n.a.\"}", "x,t\n1,n.a.\n2,naag\n", "x,t\n1,\n2,naag\n"},
    {"{\"pattern\": \"(a\", \"regex\": true}", "x,t\n1,a\n", "error: pattern \"(a\": character 1: this ( is not closed"},
    {"{\"columns\": [\"x\"], \"pattern\": \"1\"}", "x,t\n1,a\n", "error: x is int, not text"},
};

static const char *const notes[] = {
    "Every occurrence is replaced. Patterns take linear time and know . [a-z] \\d \\w \\s ^ $ \\b ( ) | * + ? {2,3}, and (?i) in front.",
    NULL};

const Step step_replace = {
    .spec = {.name = "replace",
             .doc = "put something else for a part of texts",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Replace),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = replace_apply,
    .describe = replace_describe,
};
