/* The newest row of each series: what a forecast is asked for when its past is given along. */
#include "learn/predict.h"

/* By place of the input; one more row at the end, without values, stands for rows that could not be read. */
static Table *places_of(const Predicting *p, const Past *past, const Table *t, Error *e)
{
    size_t *rows = mem_try_alloc(p->rows + 1, sizeof *rows, e);
    Table *places = rows ? table_new(p->rows + 1) : NULL;
    bool ok = places != NULL;
    for (size_t i = 0; ok && i <= p->rows; i++)
        rows[i] = COLUMN_NO_ROW;
    for (size_t i = 0; ok && i < t->rows; i++)
        if (table_row_id(t, i) < p->rows)
            rows[table_row_id(t, i)] = i;
    for (size_t k = 0; ok && k < t->columns_count; k++) {
        bool is_wanted = t->columns[k] == past->time;
        for (size_t b = 0; b < past->by_count; b++)
            is_wanted = is_wanted || t->columns[k] == past->by[b];
        Column *c = is_wanted ? column_gather(t->columns[k], rows, p->rows + 1, e) : NULL;
        ok = !is_wanted || (c && table_add(places, t->names[k], c, e));
    }
    mem_free(rows);
    if (ok)
        return places;
    table_unref(places);
    return NULL;
}

static void mark(Predicting *p, const Table *t, size_t row)
{
    uint64_t id = table_row_id(t, row);
    if (id < p->rows)
        p->newest[id] = true;
}

/* Rows without a place in time are nobody's past and stay, with their reason. */
static void mark_series(Predicting *p, const Past *past, const Table *t)
{
    const RowOrder *o = &past->order;
    for (size_t i = 0; i < p->rows; i++)
        p->newest[i] = false;
    for (size_t g = 0; g < o->groups; g++) {
        for (size_t i = past->ends[g]; i < o->starts[g + 1]; i++)
            mark(p, t, o->row[i]);
        if (past->ends[g] > o->starts[g])
            mark(p, t, o->row[past->ends[g] - 1]);
    }
}

bool predict_newest(Job *job, Predicting *p, const StepUse *use, const Table *t, Error *e)
{
    if (!p->newest || (!use && p->places))
        return true;
    Roles roles = bundle_roles(p->b);
    StepInput in = {.rows = t, .roles = &roles};
    PastAsk ask = step_use_ask(use);
    ask.is_quiet = true;
    Past *past = past_get(job, &in, &ask, e);
    if (!past)
        return error_prefix(e, "the newest rows: ");
    mark_series(p, past, t);
    table_unref(p->places);
    p->places = places_of(p, past, t, e);
    past_unref(past);
    return p->places != NULL;
}
