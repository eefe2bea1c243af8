/* extract: what the groups of a regular expression find in a text becomes columns. */
#include "steps/pieces.h"

typedef struct Extract {
    char *column, *pattern;
    TextList into;
    bool keep;
} Extract;

static const Field params[] = {
    {TEXT_FIELD(Extract, column), .names_column = true, .doc = "text column to read"},
    {TEXT_FIELD(Extract, pattern), .doc = "regular expression with a (group) for each new column"},
    {TEXTS_FIELD(Extract, into), .doc = "names of the new columns", .unique = true},
    {FLAG_FIELD(Extract, keep), .doc = "the column itself stays", .def = "true"},
    {0},
};

static bool cut(const Pieces *p, const char *bytes, size_t size, PatternSpan *pieces)
{
    PatternSpan found[1 + PATTERN_GROUPS_MOST];
    if (!pattern_find(p->pattern, bytes, size, 0, found))
        return false;
    for (size_t k = 0; k < p->into->count; k++)
        pieces[k] = found[k + 1];
    return true;
}

static bool extract_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Extract *p = in->params;
    Pieces pieces = {.column = p->column, .into = &p->into, .keep = p->keep, .cut = cut};
    pieces.pattern = pattern_new(p->pattern ? p->pattern : "", false, e);
    bool ok = pieces.pattern != NULL;
    if (ok && pattern_groups(pieces.pattern) != p->into.count)
        ok = error_set(e, ERROR_USAGE, "the pattern has %zu groups and into names %zu columns; one group for each is due",
                       pattern_groups(pieces.pattern), p->into.count);
    ok = ok && pieces_apply(in, &pieces, out, e);
    pattern_free(pieces.pattern);
    return ok;
}

static void extract_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Extract *p = params_used;
    text_addf(out, "%s  %s -> ", p->column ? p->column : "", p->pattern ? p->pattern : "");
    tools_list(&p->into, out);
}

static const Example examples[] = {
    {"{\"column\": \"t\", \"pattern\": \"(\\\\w+)@(\\\\w+)\", \"into\": [\"user\", \"host\"], \"keep\": false}",
     "x,t\n1,ann@mail.com\n2,nobody\n", "x,user,host\n1,ann,mail\n2,,\n"},
    {"{\"column\": \"name\", \"pattern\": \", (\\\\w+)\\\\.\", \"into\": [\"title\"], \"keep\": false}", "x,name\n1,\"Braund, Mr. Owen\"\n",
     "x,title\n1,Mr\n"},
    {"{\"column\": \"t\", \"pattern\": \"a\", \"into\": [\"y\"]}", "x,t\n1,a\n", "error: the pattern has 0 groups and into names 1"},
};

static const char *const notes[] = {
    "The first match counts. A group that takes no part, or nothing, leaves its cell missing. (?:...) is no group.", NULL};

const Step step_extract = {
    .spec = {.name = "extract",
             .doc = "make columns of what a regular expression finds",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Extract),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = extract_apply,
    .describe = extract_describe,
};
