/* The rows of a contest, and what each model says of them. Rows are known by the ids of the table that they came from. */
#include "learn/contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/looks.h"
#include "learn/seen.h"

typedef struct RowPlace {
    uint64_t id;
    size_t row;
} RowPlace;

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const RowPlace *)a)->id, y = ((const RowPlace *)b)->id;
    return (x > y) - (x < y);
}

typedef struct Entry { /* of an entrant: what its models give, in order of ids */
    BundleOutputs *outputs;
    RowPlace *places; /* of the first of them; all have the same rows, since they differ in the seed alone */
} Entry;

typedef struct Contest {
    Job *job;
    const ContestTask *task;
    Entry *entries;
    uint64_t *ids; /* known to all, sorted */
    size_t rows;
    uint64_t *units;
} Contest;

static Table *rows_of_part(const Contest *c, const Entrant *one, Error *e)
{
    const ContestTask *t = c->task;
    RawParts raw;
    SeenReport seen = {0};
    if (!one->pipeline) {
        error_set(e, ERROR_USAGE, "it was loaded from a file and has no parts; give a table: on = lb.read(\"file.csv\")");
        return NULL;
    }
    if (!pipeline_raw_parts(c->job, one->pipeline, &raw, e))
        return NULL;
    SeenTask task = {t->part, t->runs, (const Bundle *const *)one->bundles, one->count};
    char digest[HASH_ROOM];
    Table *rows = raw.parts[t->part]->rows ? seen_filter_part(one->pipeline, raw.parts, &task, &seen, e) : NULL;
    if (!raw.parts[t->part]->rows)
        error_set(e, ERROR_USAGE, "the %s part has no rows; give split a share for it", part_name(t->part));
    if (rows && t->part == PART_TEST && seen_part_digest(one->pipeline, raw.parts[t->part], digest, e))
        looks_add(&(Look){.runs = t->runs, .test = digest, .by = "compare"}, raw.parts[t->part]->rows);
    raw_parts_done(&raw);
    return rows;
}

static Table *rows_of_table(const Contest *c, const Entrant *one, Error *e)
{
    const ContestTask *t = c->task;
    Value *counts = NULL;
    SeenReport seen = {0};
    Table *part = bundle_judgeable(c->job, one->bundles[0], t->table, NULL, &counts, e);
    SeenQuery q = {.source = t->table, .part = part, .runs = t->runs};
    Table *rows = part ? seen_filter(&q, (const Bundle *const *)one->bundles, one->count, &seen, e) : NULL;
    value_free(counts);
    table_unref(part);
    return rows;
}

static bool enter(Contest *c, size_t i, Error *e)
{
    const Entrant *one = &c->task->entrants[i];
    Entry *entry = &c->entries[i];
    SideTables none = {.labelled = true};
    Table *rows = c->task->table ? rows_of_table(c, one, e) : rows_of_part(c, one, e);
    entry->outputs = mem_alloc((one->count + 1) * sizeof *entry->outputs);
    bool ok = rows != NULL;
    for (size_t s = 0; ok && s < one->count; s++)
        ok = bundle_outputs(c->job, one->bundles[s], rows, c->task->table ? &none : NULL, &entry->outputs[s], e);
    table_unref(rows);
    const Dataset *d = &entry->outputs[0].data;
    entry->places = ok ? mem_try_alloc(d->rows + 1, sizeof *entry->places, e) : NULL;
    for (size_t r = 0; entry->places && r < d->rows; r++)
        entry->places[r] = (RowPlace){d->row_ids[r], r};
    if (entry->places)
        qsort(entry->places, d->rows, sizeof *entry->places, by_id);
    return entry->places || error_prefix(e, "compare: %s: ", one->name);
}

static const RowPlace *place_of(const Entry *entry, uint64_t id)
{
    RowPlace key = {id, 0};
    return bsearch(&key, entry->places, entry->outputs[0].data.rows, sizeof key, by_id);
}

static bool check_targets(const ContestTask *t, Error *e)
{
    const TargetInfo *first = &t->entrants[0].bundles[0]->target;
    if (first->is_input)
        return error_set(e, ERROR_USAGE,
                         "compare: a model of target = \"input\" has no classes to be judged by; name the column that tells them "
                         "as the target, with loss = lb.reconstruction {}");
    for (size_t i = 1; i < t->count; i++) {
        const TargetInfo *other = &t->entrants[i].bundles[0]->target;
        bool same = text_equal(first->name, other->name) && first->is_classes == other->is_classes &&
                    target_outputs(first) == target_outputs(other);
        for (size_t k = 0; same && k < first->classes.count; k++)
            same = text_equal(first->classes.items[k], other->classes.items[k]);
        if (!same)
            return error_set(e, ERROR_USAGE, "compare: %s and %s predict different things: %s with %zu outputs, %s with %zu",
                             t->entrants[0].name, t->entrants[i].name, first->name, target_outputs(first), other->name,
                             target_outputs(other));
    }
    return true;
}

static bool find_common(Contest *c, Error *e)
{
    const Entry *first = &c->entries[0];
    c->ids = mem_try_alloc(first->outputs[0].data.rows + 1, sizeof *c->ids, e);
    for (size_t r = 0; c->ids && r < first->outputs[0].data.rows; r++) {
        bool is_common = r == 0 || first->places[r].id != first->places[r - 1].id;
        for (size_t i = 1; is_common && i < c->task->count; i++)
            is_common = place_of(&c->entries[i], first->places[r].id) != NULL;
        if (is_common)
            c->ids[c->rows++] = first->places[r].id;
    }
    if (c->ids && !c->rows)
        return error_set(e, ERROR_FAILED,
                         "compare: no row is known to all models and unseen by each of them; give a table of new rows: on = "
                         "lb.read(\"file.csv\")");
    return c->ids != NULL;
}

/* The truth is what the first model's rows say, in the unit in which it learned. */
static bool fill_truth(const Contest *c, Dataset *truth, Error *e)
{
    const Dataset *d = &c->entries[0].outputs[0].data;
    const TargetInfo *t = &c->task->entrants[0].bundles[0]->target;
    size_t numbers = target_numbers(t);
    *truth = (Dataset){.rows = c->rows};
    truth->labels = d->labels ? mem_try_aligned(c->rows + 1, sizeof *truth->labels, e) : NULL;
    truth->values = d->values ? mem_try_aligned((c->rows + 1) * numbers, sizeof *truth->values, e) : NULL;
    if (!truth->labels && !truth->values)
        return error_set(e, ERROR_FAILED, "compare: the rows have no target %s to judge by", t->name);
    for (size_t r = 0; r < c->rows; r++) {
        size_t at = place_of(&c->entries[0], c->ids[r])->row;
        if (d->labels)
            truth->labels[r] = d->labels[at];
        for (size_t k = 0; d->values && k < numbers; k++)
            truth->values[r * numbers + k] = d->values[at * numbers + k];
    }
    return true;
}

/* Numbers are brought to the scale of the first model. */
static float on_scale(const TargetInfo *first, const TargetInfo *own, size_t k, float x)
{
    return first->is_classes ? x : (float)((target_real(own, k, x) - first->outputs[k].mean) / first->outputs[k].sd);
}

static bool fill_judged(const Contest *c, size_t i, Contestant *out, Error *e)
{
    const Entrant *one = &c->task->entrants[i];
    const TargetInfo *first = &c->task->entrants[0].bundles[0]->target, *own = &one->bundles[0]->target;
    size_t outputs = target_outputs(first);
    *out = (Contestant){.name = one->name, .judged = mem_alloc((one->count + 1) * sizeof(Judged)), .count = one->count};
    for (size_t s = 0; s < one->count; s++) {
        Judged *j = &out->judged[s];
        *j = (Judged){.threshold = one->bundles[s]->threshold, .costs = one->bundles[s]->target.costs, .figures = value_map()};
        value_set(j->figures, "params", value_int(model_params(one->bundles[s]->model)));
        value_set(j->figures, "bytes", value_int(model_bytes(one->bundles[s]->model)));
        j->outputs = mem_try_alloc((c->rows + 1) * outputs, sizeof *j->outputs, e);
        if (!j->outputs)
            return false;
        for (size_t r = 0; r < c->rows; r++)
            for (size_t k = 0; k < outputs; k++)
                j->outputs[r * outputs + k] =
                    on_scale(first, own, k, c->entries[i].outputs[s].outputs[place_of(&c->entries[i], c->ids[r])->row * outputs + k]);
    }
    return true;
}

/* Rows of one customer are alike: the unit of the first pipeline counts, where its rows still have it. */
static bool find_units(Contest *c, Error *e)
{
    const Pipeline *p = c->task->entrants[0].pipeline;
    Unit unit = p ? pipeline_unit(p) : (Unit){0};
    const Table *t = c->task->table ? c->task->table : p ? p->source : NULL;
    size_t alone;
    if (!unit.column || !t || !table_column(t, unit.column))
        return true;
    Unit whole = {.kind = unit.kind, .column = unit.column};
    size_t *rows = mem_try_alloc(c->rows + 1, sizeof *rows, e);
    for (size_t r = 0; rows && r < c->rows; r++)
        rows[r] = (size_t)c->ids[r] < t->rows ? (size_t)c->ids[r] : 0;
    Table *some = rows ? table_select(t, rows, c->rows, e) : NULL, *columns = some ? unit_columns(&whole, some, t, e) : NULL;
    c->units = columns ? mem_try_alloc(c->rows + 1, sizeof *c->units, e) : NULL;
    bool ok = c->units && unit_ids(&whole, columns, c->units, &alone, e);
    table_unref(columns);
    table_unref(some);
    mem_free(rows);
    return ok;
}

static Value *judge(Contest *c, Error *e)
{
    const ContestTask *t = c->task;
    const TargetInfo *target = &t->entrants[0].bundles[0]->target;
    Contestant *all = mem_alloc((t->count + 1) * sizeof *all);
    Judging j = {.job = c->job, .outputs = target_outputs(target)};
    bool ok = fill_truth(c, &j.truth, e) && find_units(c, e);
    for (size_t i = 0; ok && i < t->count; i++)
        ok = fill_judged(c, i, &all[i], e);
    j.units = c->units;
    Value *result = ok ? contest_judge(&j, target, all, t->count, &t->rules, e) : NULL;
    contest_done(all, t->count);
    dataset_done(&j.truth);
    mem_free(all);
    return result;
}

Value *contest_run(Job *job, const ContestTask *task, Error *e)
{
    Contest c = {.job = job, .task = task, .entries = mem_alloc((task->count + 1) * sizeof(Entry))};
    bool ok = check_targets(task, e);
    for (size_t i = 0; ok && i < task->count; i++)
        ok = enter(&c, i, e);
    Value *result = ok && find_common(&c, e) ? judge(&c, e) : NULL;
    for (size_t i = 0; i < task->count; i++) {
        for (size_t s = 0; c.entries[i].outputs && s < task->entrants[i].count; s++)
            bundle_outputs_done(&c.entries[i].outputs[s]);
        mem_free(c.entries[i].outputs);
        mem_free(c.entries[i].places);
    }
    mem_free(c.entries);
    mem_free(c.ids);
    mem_free(c.units);
    return result;
}
