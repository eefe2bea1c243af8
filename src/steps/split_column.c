/* split_column: the pieces of a text, between separators, become columns. */
#include "steps/pieces.h"

typedef struct SplitColumn {
    char *column, *separator, *pattern;
    TextList into;
    bool trim, keep;
} SplitColumn;

static const Field params[] = {
    {TEXT_FIELD(SplitColumn, column), .names_column = true, .doc = "text column to split"},
    {TEXT_FIELD(SplitColumn, separator), .doc = "what stands between the pieces", .def = ""},
    {TEXT_FIELD(SplitColumn, pattern), .doc = "instead: a regular expression of what stands between", .def = ""},
    {TEXTS_FIELD(SplitColumn, into), .doc = "names of the new columns; the last takes what is left", .unique = true},
    {FLAG_FIELD(SplitColumn, trim), .doc = "blanks around pieces go", .def = "true"},
    {FLAG_FIELD(SplitColumn, keep), .doc = "the column itself stays", .def = "true"},
    {0},
};

/* A separator that takes no character would cut everywhere and is passed over. */
static bool cut(const Pieces *p, const char *bytes, size_t size, PatternSpan *pieces)
{
    size_t count = p->into->count, at = 0, from = 0, k = 0;
    PatternSpan found[1 + PATTERN_GROUPS_MOST];
    while (k + 1 < count && pattern_find(p->pattern, bytes, size, at, found)) {
        at = found->to > found->from ? found->to : found->to + 1;
        if (found->to == found->from)
            continue;
        pieces[k++] = (PatternSpan){from, found->from};
        from = found->to;
    }
    pieces[k++] = (PatternSpan){from, size};
    while (k < count)
        pieces[k++] = (PatternSpan){SIZE_MAX, SIZE_MAX};
    return true;
}

static bool split_column_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const SplitColumn *p = in->params;
    bool separator = p->separator && *p->separator, pattern = p->pattern && *p->pattern;
    if (separator == pattern)
        return error_set(e, ERROR_USAGE, "give one of separator and pattern");
    char *text = pattern ? mem_strdup(p->pattern) : pattern_quote(p->separator);
    Pieces pieces = {.column = p->column, .into = &p->into, .keep = p->keep, .trim = p->trim, .cut = cut};
    pieces.pattern = pattern_new(text, false, e);
    bool ok = pieces.pattern && pieces_apply(in, &pieces, out, e);
    pattern_free(pieces.pattern);
    mem_free(text);
    return ok;
}

static void split_column_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const SplitColumn *p = params_used;
    text_addf(out, "%s -> ", p->column ? p->column : "");
    tools_list(&p->into, out);
}

static const Example examples[] = {
    {"{\"column\": \"place\", \"separator\": \",\", \"into\": [\"city\", \"country\"], \"keep\": false}",
     "x,place\n1,\"Ulm, DE\"\n2,Rome\n", "x,city,country\n1,Ulm,DE\n2,Rome,\n"},
    {"{\"column\": \"t\", \"pattern\": \"[-/]\", \"into\": [\"a\", \"b\"]}", "x,t\n1,p-q/r\n2,\n", "x,t,a,b\n1,p-q/r,p,q/r\n2,,,\n"},
    {"{\"column\": \"t\", \"separator\": \"-\", \"into\": [\"x\"]}", "x,t\n1,a\n", "error: there is a column \"x\" already"},
    {"{\"column\": \"t\", \"into\": [\"a\"]}", "x,t\n1,a\n", "error: give one of separator and pattern"},
};

static const char *const notes[] = {
    "The new columns are texts; cast or parse_number reads numbers in them. A text with fewer pieces leaves the last columns missing.",
    NULL};

const Step step_split_column = {
    .spec = {.name = "split_column",
             .doc = "make columns of the pieces of a text",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(SplitColumn),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = split_column_apply,
    .describe = split_column_describe,
};
