/* rare: levels that few training rows hold become one. */
#include <string.h>

#include "steps/levels.h"

enum { BY_SHARE, BY_COUNT };

typedef struct Rare {
    TextList columns;
    int by;
    double share;
    int64_t count;
    char *other;
} Rare;

typedef struct Frequent {
    TextList columns;
    Value *levels;
} Frequent;

static const char *const ways[] = {"share", "count", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Rare, columns), .doc = "columns to group", .def = "text", .positional = true},
    {CHOICE_FIELD(Rare, by), .doc = "what makes a level rare: its share of the rows, or their number", .def = "share", .choices = ways},
    {REAL_FIELD(Rare, share), .doc = "levels below this share are rare", .def = "0.01", .max = 1, .soft_min = 0.001, .soft_max = 0.1,
     .scale = SCALE_LOG, .when = "by=share"},
    {INT_FIELD(Rare, count), .doc = "levels of fewer rows are rare", .def = "10", .min = 1, .max = 1000000000, .soft_min = 2,
     .soft_max = 100, .scale = SCALE_LOG, .when = "by=count"},
    {TEXT_FIELD(Rare, other), .doc = "the level they become", .def = "other"},
    {0},
};

static const Field level_list = {.name = "levels", .type = FIELD_TEXTS, .unique = true};
static const Field learns[] = {
    {COLUMNS_FIELD(Frequent, columns), .doc = "columns found", .unique = true},
    {VALUE_FIELD(Frequent, levels), .doc = "levels of each that are kept", .element = &level_list, .length_of = "columns"},
    {0},
};

static void note_grouped(const StepInput *in, const char *name, const Level *levels, size_t kept, size_t count)
{
    const Rare *p = in->params;
    size_t rows = 0;
    for (size_t i = kept; i < count; i++)
        rows += levels[i].rows;
    if (kept < count)
        tools_note(in, "%s: %zu of its %zu levels are rare and become \"%s\" (%zu of %zu rows)", name, count - kept, count, p->other, rows,
                   in->rows->rows);
    else
        tools_note(in, "%s: none of its %zu levels is rare, so no training row shows what \"%s\" means", name, count, p->other);
    for (size_t i = 0; i < kept; i++)
        if (text_equal(levels[i].text, p->other))
            tools_note(in, "%s: \"%s\" is a level of its own already; rare ones join it", name, p->other);
}

static bool learn(const StepInput *in, const char *name, Frequent *s, Error *e)
{
    const Rare *p = in->params;
    Column *text = levels_text(table_column(in->rows, name), e);
    if (!text)
        return false;
    double least = p->by == BY_COUNT ? (double)p->count : p->share * (double)text->rows;
    size_t count, kept = 0;
    Level *levels = levels_count(text, &count);
    while (kept < count && (double)levels[kept].rows >= least)
        kept++;
    note_grouped(in, name, levels, kept, count);
    levels_sort(levels, kept, false);
    text_list_add(&s->columns, name);
    value_add(s->levels, levels_list(levels, kept));
    mem_free(levels);
    column_unref(text);
    return true;
}

static bool rare_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    Frequent *s = state;
    TextList names = {0};
    s->levels = value_list();
    bool ok = tools_resolve(in, &((const Rare *)in->params)->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn(in, names.items[i], s, e);
    text_list_done(&names);
    return ok;
}

static Column *grouped(Column *c, const Value *levels, const char *other, Error *e)
{
    Column *text = levels_text(c, e), *to = text ? column_new(COLUMN_TEXT, c->rows, e) : NULL;
    int32_t *rows = to ? levels_rows(text, levels, e) : NULL;
    bool ok = rows != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        const Value *level = rows[i] >= 0 ? levels->items[rows[i]] : NULL;
        if (rows[i] == LEVEL_MISSING)
            ok = column_set_missing(to, i, e);
        else
            ok = column_set_text(to, i, level ? level->text : other, level ? level->size : strlen(other), e);
    }
    mem_free(rows);
    column_unref(text);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

static bool rare_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Frequent *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        int at = job_go_on(job, e) ? tools_find(in->rows, s->columns.items[i], e) : TABLE_NONE;
        Column *to = at == TABLE_NONE ? NULL : grouped(in->rows->columns[at], s->levels->items[i], ((const Rare *)in->params)->other, e);
        if (!tools_put(out, s->columns.items[i], to, e))
            return false;
    }
    return true;
}

static void rare_describe(const void *params_used, const void *state, Text *out)
{
    const Rare *p = params_used;
    const Frequent *s = state;
    size_t kept = 0;
    tools_list(s ? &s->columns : &p->columns, out);
    for (size_t i = 0; s && i < value_items(s->levels); i++)
        kept += value_items(s->levels->items[i]);
    if (s)
        text_addf(out, ": %zu levels kept", kept);
}

static const Example examples[] = {
    {"{\"by\": \"count\", \"count\": 2}", "x,plan\n1,b\n2,a\n3,b\n4,c\n5,\n", "x,plan\n1,b\n2,other\n3,b\n4,other\n5,\n"},
    {"{\"share\": 0.5, \"other\": \"(rare)\"}", "plan,x\nb,1\na,2\nb,3\n", "plan,x\nb,1\n(rare),2\nb,3\n"},
    {"{\"count\": 5}", "plan\nb\n", "error: \"count\" needs by=count"},
};

static const char *const notes[] = {
    "Counted on training rows; the share is of all of them. A level that training did not show is rare too. Missing stays missing.", NULL};

const Step step_rare = {
    .spec = {.name = "rare",
             .doc = "make one level of those that few training rows hold",
             .group = "encode",
             .params = params,
             .params_size = sizeof(Rare),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Frequent),
    .effect = STEP_MAP,
    .fit = rare_fit,
    .apply = rare_apply,
    .describe = rare_describe,
};
