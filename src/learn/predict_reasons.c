/* Why a row has no prediction: which step dropped it, or where a value that it had was lost. */
#include "learn/predict.h"

static bool note_dropped(Predicting *p, const Step *step, const Table *before, const Table *after, Error *e)
{
    bool *kept = mem_try_alloc(p->rows + 1, sizeof *kept, e);
    if (!kept)
        return false;
    for (size_t i = 0; i < after->rows; i++)
        if (table_row_id(after, i) < p->rows)
            kept[table_row_id(after, i)] = true;
    for (size_t i = 0; i < before->rows; i++) {
        uint64_t id = table_row_id(before, i);
        if (id < p->rows && !kept[id] && !p->said.faults[id])
            p->said.faults[id] = text_format("dropped by %s", step->spec.name);
    }
    mem_free(kept);
    return true;
}

static void note_lost(Predicting *p, const Step *step, const char *name, const Column *before, const Table *after)
{
    const Column *c = table_column(after, name);
    Text cell = {0};
    for (size_t i = 0; i < c->rows; i++) {
        uint64_t id = table_row_id(after, i);
        if (column_is_valid(c, i) || !column_is_valid(before, i) || id >= p->rows || p->lost[id])
            continue;
        text_clear(&cell);
        if (before->type == COLUMN_ARRAY)
            text_add(&cell, "the array");
        else
            column_format(before, i, &cell);
        p->lost[id] = text_format("%s: %s: \"%s\" became missing", step->spec.name, name, text_get(&cell));
    }
    text_done(&cell);
}

bool predict_watch(void *self, const StepUse *use, const Table *before, const Table *after, Error *e)
{
    const Step *step = use->step;
    Predicting *p = self;
    if (step_has_context(step) && !predict_newest(p->job, p, use, before, e))
        return false;
    if (step_use_effect(use) != STEP_MAP)
        return note_dropped(p, step, before, after, e);
    for (size_t i = 0; i < after->columns_count; i++) {
        const char *name = after->names[i];
        const Column *now = after->columns[i], *old = table_column(before, name);
        if (!old && !step->only_names) {
            text_list_add(&p->made, name);
            text_list_add(&p->makers, step->spec.name);
        }
        if (old && old != now && now->missing && after->rows == before->rows)
            note_lost(p, step, name, old, after);
    }
    return true;
}

static const char *maker_of(const Predicting *p, const char *name)
{
    for (size_t i = p->made.count; i-- > 0;)
        if (text_equal(p->made.items[i], name))
            return p->makers.items[i];
    return NULL;
}

/* What a step has said explains more than the column that is missing in the end. */
static char *why_missing(const Predicting *p, uint64_t id, const char *name)
{
    const char *said = p->said.remarks[id] ? p->said.remarks[id] : p->lost[id], *maker = maker_of(p, name);
    if (said)
        return mem_strdup(said);
    return maker ? text_format("%s: %s is missing", maker, name) : text_format("%s is missing", name);
}

static char *why_beyond(const char *name, const Column *c, size_t row)
{
    Text cell = {0};
    column_format(c, row, &cell);
    char *why = c->type == COLUMN_ARRAY ? text_format("%s: a number is beyond what float32 holds", name)
                                        : text_format("%s: %s is beyond what float32 holds", name, text_get(&cell));
    text_done(&cell);
    return why;
}

char *predict_why_not(const Predicting *p, const Table *t, const PredictRow *at)
{
    for (size_t k = 0; k < at->plan->count; k++) {
        const char *name = p->b->features.items[k];
        const Column *c = at->plan->items[k].column;
        if (!feature_is_whole(&at->plan->items[k], at->x))
            return column_is_valid(c, at->row) ? why_beyond(name, c, at->row) : why_missing(p, table_row_id(t, at->row), name);
    }
    return NULL;
}
