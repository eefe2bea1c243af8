/* Why a row has no prediction: which step dropped it, or where a value that it had was lost. */
#include <math.h>

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

char *predict_why_not(const Predicting *p, const Table *t, size_t row, const float *x)
{
    const TextList *features = &p->b->features;
    Text cell = {0};
    char *why = NULL;
    for (size_t k = 0; !why && k < features->count; k++) {
        const Column *c = isnan(x[k]) ? table_column(t, features->items[k]) : NULL;
        if (!c)
            continue;
        column_format(c, row, &cell);
        why = column_is_valid(c, row) ? text_format("%s: %s is beyond what float32 holds", features->items[k], text_get(&cell))
                                      : why_missing(p, table_row_id(t, row), features->items[k]);
    }
    text_done(&cell);
    return why;
}
