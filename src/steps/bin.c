/* bin: part the range of a number, and say in which part a value lies. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "steps/bin_tree.h"

enum { BY_QUANTILE, BY_WIDTH, BY_TREE, BY_EDGES, OUTPUT_CODE = 0, OUTPUT_LABEL };

typedef struct Bin {
    TextList columns;
    int by, output;
    int64_t bins, min_rows;
    NumberList edges;
} Bin;

typedef struct Binned {
    TextList columns;
    Value *cuts;
} Binned;

static const char *const ways[] = {"quantile", "width", "tree", "edges", NULL};
static const char *const outputs[] = {"code", "label", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Bin, columns), .doc = "columns to part", .def = "numeric", .positional = true},
    {CHOICE_FIELD(Bin, by), .doc = "equal rows, equal widths, where the target differs, or given", .def = "quantile", .choices = ways},
    {INT_FIELD(Bin, bins), .doc = "most parts of a column", .def = "5", .min = 2, .max = 1000, .soft_min = 2, .soft_max = 20,
     .scale = SCALE_LOG, .when = "by=quantile|width|tree"},
    {INT_FIELD(Bin, min_rows), .doc = "least training rows of a part", .def = "20", .min = 1, .max = 1000000000, .soft_min = 5,
     .soft_max = 200, .scale = SCALE_LOG, .when = "by=tree"},
    {NUMBERS_FIELD(Bin, edges), .doc = "where one part ends and the next begins, ascending", .min = -DBL_MAX, .max = DBL_MAX,
     .when = "by=edges"},
    {CHOICE_FIELD(Bin, output), .doc = "the number of the part, from 0, or a text", .def = "code", .choices = outputs},
    {0},
};

static const Field cut_list = {.name = "cuts", .type = FIELD_NUMBERS, .min = -DBL_MAX, .max = DBL_MAX};
static const Field learns[] = {
    {COLUMNS_FIELD(Binned, columns), .doc = "columns found", .unique = true},
    {VALUE_FIELD(Binned, cuts), .doc = "where the second part of each begins, the third ...", .element = &cut_list, .length_of = "columns"},
    {0},
};

/* A cut that leaves nothing in front of it, or nothing behind the one before, is none. */
static void add_cut(NumberList *cuts, double cut, double low, double high)
{
    if (cut > (cuts->count ? cuts->items[cuts->count - 1] : low) && cut <= high)
        tools_add_number(cuts, cut);
}

static bool cuts_of_values(const StepInput *in, const char *name, NumberList *cuts, Error *e)
{
    const Bin *p = in->params;
    size_t count;
    double *sorted = tools_sorted(table_column(in->rows, name), &count, e);
    for (int64_t i = 1; sorted && count > 0 && i < p->bins; i++) {
        double share = (double)i / (double)p->bins, low = sorted[0], high = sorted[count - 1];
        double cut = p->by == BY_WIDTH ? low * (1 - share) + high * share : tools_quantile(sorted, count, share);
        if (!moments_is_constant(low, high))
            add_cut(cuts, cut, low, high);
    }
    mem_free(sorted);
    return sorted != NULL;
}

static bool cuts_by_tree(const StepInput *in, const char *name, NumberList *cuts, Error *e)
{
    const Bin *p = in->params;
    StepTarget target;
    bool ok = step_target_read(in, &target, e);
    BinTree plan = {table_column(in->rows, name), &target, (size_t)p->bins, (size_t)p->min_rows};
    ok = ok && bin_tree_cuts(&plan, cuts, e);
    step_target_done(&target);
    return ok;
}

static void note_cuts(const StepInput *in, const char *name, const NumberList *cuts)
{
    const Bin *p = in->params;
    if (cuts->count == 0)
        tools_note(in, "%s: %s, so all rows are in one part; drop it", name,
                   p->by == BY_TREE ? "no cut parts the target" : "most of its values are the same");
    else if (p->by != BY_TREE && p->by != BY_EDGES && (int64_t)cuts->count + 1 < p->bins)
        tools_note(in, "%s: many values are the same: %zu parts instead of %lld", name, cuts->count + 1, (long long)p->bins);
}

static bool learn(const StepInput *in, const char *name, Binned *s, Error *e)
{
    const Bin *p = in->params;
    NumberList found = {0};
    const NumberList *cuts = p->by == BY_EDGES ? &p->edges : &found;
    bool ok = p->by == BY_EDGES || (p->by == BY_TREE ? cuts_by_tree : cuts_of_values)(in, name, &found, e);
    if (ok) {
        Value *list = value_list();
        for (size_t i = 0; i < cuts->count; i++)
            value_add(list, value_real(cuts->items[i]));
        text_list_add(&s->columns, name);
        value_add(s->cuts, list);
        note_cuts(in, name, cuts);
    }
    mem_free(found.items);
    return ok;
}

static bool check_edges(const Bin *p, Error *e)
{
    for (size_t i = 1; p->by == BY_EDGES && i < p->edges.count; i++)
        if (!(p->edges.items[i] > p->edges.items[i - 1]))
            return error_set(e, ERROR_USAGE, "edges ascend; number %zu is not above the one before", i + 1);
    return p->by != BY_EDGES || p->edges.count > 0 || error_set(e, ERROR_USAGE, "edges has no number in it");
}

static bool bin_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Bin *p = in->params;
    Binned *s = state;
    TextList names = {0};
    s->cuts = value_list();
    bool ok = check_edges(p, e) && step_target_resolve(in, &p->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn(in, names.items[i], s, e);
    text_list_done(&names);
    return ok;
}

/* How many cuts are not above x. */
static size_t part_of(const Value *cuts, double x)
{
    size_t low = 0, high = cuts->size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (value_number(cuts->items[middle]) <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static char *label_of(const Value *cuts, size_t part)
{
    char low[NUMBER_ROOM] = "", high[NUMBER_ROOM] = "";
    if (part > 0)
        number_format_real(value_number(cuts->items[part - 1]), low);
    if (part < cuts->size)
        number_format_real(value_number(cuts->items[part]), high);
    if (!cuts->size)
        return mem_strdup("all");
    return part == 0 ? text_format("< %s", high) : part == cuts->size ? text_format(">= %s", low) : text_format("%s to < %s", low, high);
}

/* What each part becomes: its number, or the code of its label. Free with mem_free. */
static uint32_t *codes_of(const Value *cuts, Column *to)
{
    uint32_t *codes = mem_alloc((cuts->size + 1) * sizeof *codes);
    for (size_t part = 0; part <= cuts->size; part++) {
        char *label = to->type == COLUMN_TEXT ? label_of(cuts, part) : NULL;
        codes[part] = label ? dictionary_add(to->dictionary, label, strlen(label)) : (uint32_t)part;
        mem_free(label);
    }
    return codes;
}

static Column *binned(const Column *c, const Value *cuts, bool labels, Error *e)
{
    Column *to = column_new(labels ? COLUMN_TEXT : COLUMN_INT, c->rows, e);
    uint32_t *codes = to ? codes_of(cuts, to) : NULL;
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        double x = column_is_valid(c, i) ? column_real(c, i) : (double)NAN;
        if (isnan(x))
            ok = column_set_missing(to, i, e);
        else if (labels)
            to->data.codes[i] = codes[part_of(cuts, x)];
        else
            to->data.ints[i] = codes[part_of(cuts, x)];
    }
    mem_free(codes);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

static bool bin_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Binned *s = state;
    bool labels = ((const Bin *)in->params)->output == OUTPUT_LABEL;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const Column *c = job_go_on(job, e) ? tools_numeric(in->rows, s->columns.items[i], e) : NULL;
        if (!tools_put(out, s->columns.items[i], c ? binned(c, s->cuts->items[i], labels, e) : NULL, e))
            return false;
    }
    return true;
}

static void bin_describe(const void *params_used, const void *state, Text *out)
{
    const Bin *p = params_used;
    const Binned *s = state;
    tools_list(s ? &s->columns : &p->columns, out);
    text_addf(out, "  by %s", ways[p->by]);
    if (s && s->columns.count == 1 && value_items(s->cuts) == 1)
        text_addf(out, ", %zu parts", value_items(s->cuts->items[0]) + 1);
}

static const Example examples[] = {
    {"{\"bins\": 2}", "x,t\n1,a\n2,b\n3,c\n90,d\n,e\n", "x,t\n0,a\n0,b\n1,c\n1,d\n,e\n"},
    {"{\"by\": \"width\", \"bins\": 2, \"output\": \"label\"}", "x,t\n0,a\n3,b\n10,c\n", "x,t\n< 5,a\n< 5,b\n>= 5,c\n"},
    {"{\"columns\": [\"age\"], \"by\": \"edges\", \"edges\": [18, 65], \"output\": \"label\"}", "age,y\n17,u\n18,v\n65,u\n",
     "age,y\n< 18,u\n18 to < 65,v\n>= 65,u\n"},
    {"{\"by\": \"tree\", \"bins\": 2, \"min_rows\": 1}", "x,y\n1,no\n2,no\n3,no\n8,yes\n9,yes\n", "x,y\n0,no\n0,no\n0,no\n1,yes\n1,yes\n"},
    {"{\"by\": \"edges\", \"edges\": [2, 1]}", "x\n1\n", "error: edges ascend; number 2 is not above the one before"},
};

static const char *const notes[] = {
    "A value at an edge lies in the part above it; the first and the last part have no end. Edges come from training rows: quantile gives "
    "parts of equally many rows, width parts of equal width, tree the cuts of a small decision tree for the target.",
    "Where many values are the same there are fewer parts, and that is said. Missing stays missing.", NULL};

const Step step_bin = {
    .spec = {.name = "bin",
             .doc = "part the range of a number, and say in which part a value lies",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Bin),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Binned),
    .effect = STEP_MAP,
    .uses_target = true,
    .fit = bin_fit,
    .apply = bin_apply,
    .describe = bin_describe,
};
