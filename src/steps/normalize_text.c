/* normalize_text: one spelling for what means the same: "Month-to-month", " month to  month" -> month to month. */
#include "steps/tools.h"

#include "base/utf8.h"
#include "table/letters.h"

enum { CASE_LOWER, CASE_UPPER, CASE_KEEP, DASHES_SPACE = 0, DASHES_HYPHEN, DASHES_KEEP };

typedef struct Normalize {
    TextList columns;
    int letters, dashes;
    bool spaces, blank_missing;
} Normalize;

static const char *const letters_choices[] = {"lower", "upper", "keep", NULL};
static const char *const dashes_choices[] = {"space", "hyphen", "keep", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Normalize, columns), .doc = "text columns", .def = "text", .positional = true},
    {CHOICE_FIELD(Normalize, letters), .doc = "case of letters", .def = "lower", .choices = letters_choices},
    {CHOICE_FIELD(Normalize, dashes), .doc = "what dashes, hyphens and underscores become", .def = "space", .choices = dashes_choices},
    {FLAG_FIELD(Normalize, spaces), .doc = "trim, and make runs of blanks one space", .def = "true"},
    {FLAG_FIELD(Normalize, blank_missing), .doc = "texts without a letter left become missing", .def = "true"},
    {0},
};

static bool is_dash(uint32_t code)
{
    return code == '-' || code == '_' || (code >= 0x2010 && code <= 0x2015) || code == 0x2212;
}

static void unify_dashes(int how, const char *bytes, size_t size, Text *out)
{
    for (size_t i = 0; i < size;) {
        uint32_t code;
        size_t used = utf8_decode(bytes + i, size - i, &code);
        if (is_dash(code))
            text_add_char(out, how == DASHES_SPACE ? ' ' : '-');
        else
            text_add_bytes(out, bytes + i, used);
        i += used;
    }
}

static void unify_spaces(const char *bytes, size_t size, Text *out)
{
    bytes = letters_trim(bytes, &size);
    for (size_t i = 0; i < size;) {
        size_t blank = letters_blank(bytes + i, size - i);
        if (!blank)
            text_add_char(out, bytes[i]);
        else if (out->bytes[out->size - 1] != ' ')
            text_add_char(out, ' ');
        i += blank ? blank : 1;
    }
}

static void normalize(const void *how, const char *bytes, size_t size, Text *out)
{
    const Normalize *p = how;
    Text dashed = {0}, spaced = {0};
    if (p->dashes == DASHES_KEEP)
        text_add_bytes(&dashed, bytes, size);
    else
        unify_dashes(p->dashes, bytes, size, &dashed);
    if (p->spaces)
        unify_spaces(text_get(&dashed), dashed.size, &spaced);
    else
        text_add_bytes(&spaced, text_get(&dashed), dashed.size);
    if (p->letters == CASE_LOWER)
        letters_lower(text_get(&spaced), spaced.size, out);
    else if (p->letters == CASE_UPPER)
        letters_upper(text_get(&spaced), spaced.size, out);
    else
        text_add_bytes(out, text_get(&spaced), spaced.size);
    text_done(&dashed);
    text_done(&spaced);
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
    {"{\"columns\": [\"x\"]}", "x\n1\n", "error: x is int, not text"},
};

const Step step_normalize_text = {
    .spec = {.name = "normalize_text", .doc = "one spelling for case, blanks and dashes", .group = "repair", .params = params,
             .params_size = sizeof(Normalize), .examples = examples, .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .apply = normalize_text_apply,
};
