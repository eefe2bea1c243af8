/* Aggregates of groups: planned from their texts, run on threads. */
#include "steps/makings.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

void makings_reads(const Value *make, TextList *names)
{
    Error ignored = {0};
    for (size_t i = 0; make && make->type == VALUE_MAP && i < make->size; i++) {
        Aggregate *a = make->items[i]->type == VALUE_TEXT ? aggregate_parse(make->items[i]->text, &ignored) : NULL;
        if (a)
            aggregate_columns(a, names);
        aggregate_free(a);
    }
}

static bool fails(const char *name, Error *e)
{
    return error_prefix(e, "%s: ", name);
}

static bool knows(const Table *t, const TextList *names)
{
    bool all = true;
    for (size_t i = 0; i < names->count; i++)
        all = all && table_find(t, names->items[i]) != TABLE_NONE;
    return all;
}

/* A feature made of the target would be unknown when predicting; the target itself is, and is left out there. */
static bool plan_column(const StepInput *in, const char *name, const Value *text, Making *out, Error *e)
{
    const char *target = in->roles ? in->roles->target : NULL;
    *out = (Making){.name = name};
    if (text->type != VALUE_TEXT)
        return error_set(e, ERROR_USAGE, "%s: expected an aggregate such as \"sum(x)\", found a %s", name, value_type_name(text->type));
    out->aggregate = aggregate_parse(text->text, e);
    if (!out->aggregate)
        return fails(name, e);
    TextList names = {0};
    aggregate_columns(out->aggregate, &names);
    bool makes_target = text_equal(name, target), reads = target && text_list_has(&names, target), is_known = knows(in->rows, &names);
    text_list_done(&names);
    if (reads && !makes_target)
        return error_set(e, ERROR_USAGE, "%s: it reads the target \"%s\", which is unknown when predicting", name, target);
    if (makes_target && !is_known) {
        aggregate_free(out->aggregate);
        out->aggregate = NULL;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const Making *)a)->name, ((const Making *)b)->name);
}

bool makings_plan(const StepInput *in, const Value *make, Makings *m, Error *e)
{
    if (make && make->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "make: expected names with aggregates, {total = \"sum(x)\"}, found a %s",
                         value_type_name(make->type));
    bool ok = true;
    m->items = mem_alloc((value_entries(make) + 1) * sizeof *m->items);
    for (size_t i = 0; ok && i < value_entries(make); i++)
        ok = plan_column(in, make->keys[i], make->items[i], &m->items[m->count++], e);
    qsort(m->items, m->count, sizeof *m->items, compare_names);
    return ok;
}

static void make_column(void *self, int index)
{
    Makings *m = self;
    Making *x = &m->items[index];
    if (x->aggregate)
        x->column = aggregate_run(m->job, x->aggregate, m->t, m->groups, &x->error);
}

bool makings_run(Makings *m, Error *e)
{
    enum { SMALL = 20000 };
    Pool *pool = pool_new(m->t->rows < SMALL || !m->job ? 1 : m->job->threads > 0 ? m->job->threads : thread_cores(), e);
    if (!pool)
        return false;
    pool_run(pool, (int)m->count, make_column, m);
    pool_free(pool);
    for (size_t i = 0; i < m->count; i++) {
        Making *x = &m->items[i];
        if (x->aggregate && !x->column) {
            if (e)
                *e = x->error;
            return fails(x->name, e);
        }
    }
    return true;
}

void makings_done(Makings *m)
{
    for (size_t i = 0; i < m->count; i++) {
        aggregate_free(m->items[i].aggregate);
        column_unref(m->items[i].column);
    }
    mem_free(m->items);
}

void makings_describe(const Value *make, Text *out)
{
    for (size_t i = 0; i < value_entries(make); i++)
        text_addf(out, "%s%s = %s", i ? ", " : ": ", make->keys[i], make->items[i]->type == VALUE_TEXT ? make->items[i]->text : "?");
}
