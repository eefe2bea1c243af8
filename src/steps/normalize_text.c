/* normalize_text: one spelling for what means the same: "Month-to-month", " month to  month" -> month to month. */
#include "steps/tools.h"

#include "table/spelling.h"

typedef struct Normalize {
    TextList columns;
    int letters, dashes;
    bool spaces, blank_missing;
} Normalize;

/* In the order of SpellingCase and SpellingDashes. */
static const char *const letters_choices[] = {"lower", "upper", "keep", NULL};
static const char *const dashes_choices[] = {"space", "hyphen", "keep", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Normalize, columns), .doc = "text columns", .def = "text", .positional = true},
    {CHOICE_FIELD(Normalize, letters), .doc = "case of letters", .def = "lower", .choices = letters_choices},
    {CHOICE_FIELD(Normalize, dashes), .doc = "what hyphens and underscores between words become", .def = "space",
     .choices = dashes_choices},
    {FLAG_FIELD(Normalize, spaces), .doc = "trim, and make runs of blanks one space", .def = "true"},
    {FLAG_FIELD(Normalize, blank_missing), .doc = "texts of which nothing is left become missing", .def = "true"},
    {0},
};

static void normalize(const void *how, const char *bytes, size_t size, Text *out)
{
    const Normalize *p = how;
    Spelling spelling = {p->letters, p->dashes, p->spaces};
    spelling_unify(&spelling, bytes, size, out);
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    const Normalize *p = in->params;
    const Column *c = in->rows->columns[column];
    if (c->type != COLUMN_TEXT)
        return c->missing == c->rows || error_set(e, ERROR_USAGE, "%s is %s, not text", in->rows->names[column], column_type_name(c->type));
    *out = tools_map_text(c, normalize, p, p->blank_missing, e);
    return *out != NULL;
}

static bool normalize_text_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const Normalize *)in->params)->columns, change, out, e);
}

static const Example examples[] = {
    {"{}", "x,plan\n1,Month-to-month\n2,  month to  month \n3,-\n", "x,plan\n1,month to month\n2,month to month\n3,\n"},
    {"{\"letters\": \"keep\", \"dashes\": \"keep\"}", "x,plan\n1, One  year\n2,One year\n", "x,plan\n1,One year\n2,One year\n"},
    {"{}", "x,gain\n1,-3 dB\n2,3 dB\n3,10.1.11.1\n", "x,gain\n1,-3 db\n2,3 db\n3,10.1.11.1\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n", "error: x is int, not text"},
};

static const char *const notes[] = {
    "What carries meaning stays: a minus sign (-3 dB), a range (10-20), a grade (A-), points and commas, < <= > >= + # % and currency.",
    NULL};

const Step step_normalize_text = {
    .spec = {.name = "normalize_text",
             .doc = "one spelling for case, blanks and dashes",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Normalize),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = normalize_text_apply,
};
