/* Parts and folds. A row's part depends on the hash of its own key, group or row id only, so adding rows never moves old ones;
 * stratified parts salt the hash with the class, so their shares hold approximately. A split by time cuts the ordered rows:
 * later rows may move the cut. Folds are ranks of hashes within each class: exact sizes, made anew for each table. */
#include "steps/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { CLASSES_MOST = 20 }; /* integers with more values are no classes */

static const char *const by_choices[] = {"stratified", "random", "group", "time", NULL};

static const Field params[] = {
    {CHOICE_FIELD(SplitPlan, by), .doc = "how rows are assigned", .def = "stratified", .choices = by_choices},
    {REAL_FIELD(SplitPlan, train), .doc = "share of training rows", .def = "0.7", .min = 0.01, .max = 1, .soft_min = 0.5, .soft_max = 0.9},
    {REAL_FIELD(SplitPlan, valid), .doc = "share of validation rows", .def = "0.15", .min = 0, .max = 0.9, .soft_min = 0.05, .soft_max = 0.3},
    {REAL_FIELD(SplitPlan, test), .doc = "share of test rows", .def = "0.15", .min = 0, .max = 0.9, .soft_min = 0.05, .soft_max = 0.3},
    {INT_FIELD(SplitPlan, seed), .doc = "seed of the hash; -1: the pipeline's", .def = "-1", .min = -1, .max = 9007199254740992.0,
     .soft_min = -1, .soft_max = 100},
    {TEXT_FIELD(SplitPlan, column), .doc = "column of groups or of time", .when = "by=group|time", .def = ""},
    {0},
};

static const char *const notes[] = {
    "Rows go to a part by the hash of their key, group or row id: adding rows never moves old ones. Shares hold approximately.",
    "A split by time cuts the rows in order of time: train first, test last.", NULL};

const Spec split_spec = {.name = "split", .doc = "which rows train, which validate, which test", .group = "split", .params = params,
                         .params_size = sizeof(SplitPlan), .notes = notes};

const char *part_name(Part part)
{
    static const char *const names[] = {"train", "valid", "test"};
    return names[part];
}

const char *split_left_name(SplitLeft why)
{
    static const char *const names[] = {"no target", "no time", "within the gap"};
    return names[why];
}

void split_report_done(SplitReport *r)
{
    mem_free(r->column);
    mem_free(r->order);
    *r = (SplitReport){0};
}

SplitReport split_report_copy(const SplitReport *r)
{
    SplitReport copy = *r;
    copy.column = mem_strdup(r->column);
    copy.order = mem_strdup(r->order);
    return copy;
}

static uint64_t hash_cell(uint64_t seed, const Column *c, size_t row, Text *room)
{
    text_clear(room);
    column_format(c, row, room);
    return rng_hash(seed, text_get(room), room->size);
}

static uint64_t hash_row(uint64_t seed, const Table *t, const Column *unit, size_t row, Text *room)
{
    if (unit && column_is_valid(unit, row))
        return hash_cell(seed, unit, row, room);
    uint64_t id = table_row_id(t, row);
    return rng_hash(seed ^ UINT64_C(0x5bd1e9955bd1e995), &id, sizeof id);
}

static const Column *find_column(const Table *t, const char *name)
{
    return name && *name ? table_column(t, name) : NULL;
}

static size_t distinct_ints(const Column *c)
{
    int64_t seen[CLASSES_MOST];
    size_t count = 0;
    for (size_t i = 0; i < c->rows; i++) {
        size_t k = 0;
        while (k < count && seen[k] != c->data.ints[i])
            k++;
        if (k < count || !column_is_valid(c, i))
            continue;
        if (count == CLASSES_MOST)
            return CLASSES_MOST + 1;
        seen[count++] = c->data.ints[i];
    }
    return count;
}

/* The target when it has classes. */
static const Column *class_column(const Table *t, const Roles *roles)
{
    const Column *c = roles ? find_column(t, roles->target) : NULL;
    if (!c || c->type == COLUMN_TEXT || c->type == COLUMN_BOOL)
        return c;
    return c->type == COLUMN_INT && distinct_ints(c) <= CLASSES_MOST ? c : NULL;
}

static bool check_plan(const SplitPlan *plan, const Table *t, Error *e)
{
    double sum = plan->train + plan->valid + plan->test;
    if (fabs(sum - 1) > 1e-6)
        return error_set(e, ERROR_USAGE, "split: train + valid + test is %g, must be 1", sum);
    if (plan->by != SPLIT_GROUP && plan->by != SPLIT_TIME)
        return true;
    if (!plan->column || !*plan->column)
        return error_set(e, ERROR_USAGE, "split: by = \"%s\" needs column = \"...\"", by_choices[plan->by]);
    return table_get(t, plan->column, e) != TABLE_NONE || error_prefix(e, "split: ");
}

static uint8_t part_of(const SplitPlan *plan, double u)
{
    return u < plan->train ? PART_TRAIN : u < plan->train + plan->valid || plan->test <= 0 ? PART_VALID : PART_TEST;
}

static uint8_t part_or_train(const SplitPlan *plan, double u)
{
    uint8_t part = part_of(plan, u);
    return part == PART_VALID && plan->valid <= 0 ? PART_TRAIN : part;
}

static bool assign_by_time(const SplitPlan *plan, const Table *t, uint8_t *parts, Error *e)
{
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    bool ok = rows && query_sort(t, table_find(t, plan->column), false, rows, e);
    for (size_t i = 0; ok && i < t->rows; i++)
        parts[rows[i]] = part_or_train(plan, ((double)i + 0.5) / (double)t->rows);
    mem_free(rows);
    return ok;
}

bool split_assign(const SplitPlan *plan, const Table *t, const Roles *roles, uint64_t seed, uint8_t *parts, Error *e)
{
    if (!check_plan(plan, t, e))
        return false;
    if (plan->by == SPLIT_TIME)
        return assign_by_time(plan, t, parts, e);
    const Column *unit = plan->by == SPLIT_GROUP ? find_column(t, plan->column) : roles ? find_column(t, roles->key) : NULL;
    const Column *classes = plan->by == SPLIT_STRATIFIED ? class_column(t, roles) : NULL;
    RngKey key = rng_key(plan->seed >= 0 ? (uint64_t)plan->seed : seed, "split");
    Text room = {0};
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t salt = key.key ^ key.stream;
        if (classes && column_is_valid(classes, i))
            salt = hash_cell(salt, classes, i, &room);
        parts[i] = part_or_train(plan, (double)(hash_row(salt, t, unit, i, &room) >> 11) * 0x1p-53);
    }
    text_done(&room);
    return true;
}

typedef struct Ranked {
    uint64_t stratum, hash, id;
    size_t row;
} Ranked;

static int by_rank(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

bool split_folds(const Table *t, const Roles *roles, int folds, uint64_t seed, uint8_t *fold, Error *e)
{
    if (folds < 2 || folds > 255 || (size_t)folds > t->rows)
        return error_set(e, ERROR_USAGE, "%d folds for %zu rows; 2 to 255 folds, each with a row at least", folds, t->rows);
    Ranked *ranked = mem_try_alloc(t->rows, sizeof *ranked, e);
    if (!ranked)
        return false;
    const Column *group = roles ? find_column(t, roles->group) : NULL, *unit = group ? group : roles ? find_column(t, roles->key) : NULL;
    const Column *classes = group ? NULL : class_column(t, roles);
    RngKey key = rng_key(seed, "folds");
    Text room = {0};
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t salt = key.key ^ key.stream, stratum = classes && column_is_valid(classes, i) ? hash_cell(salt, classes, i, &room) : 0;
        ranked[i] = (Ranked){stratum, hash_row(salt, t, unit, i, &room), table_row_id(t, i), i};
    }
    qsort(ranked, t->rows, sizeof *ranked, by_rank);
    size_t turn = 0;
    for (size_t i = 0; i < t->rows; i++) {
        bool same = i > 0 && ranked[i].hash == ranked[i - 1].hash && ranked[i].stratum == ranked[i - 1].stratum;
        turn += i > 0 && !same;
        fold[ranked[i].row] = (uint8_t)(turn % (size_t)folds);
    }
    text_done(&room);
    mem_free(ranked);
    return true;
}

bool split_tables(const Table *t, const uint8_t *parts, Table *out[PART_COUNT], Error *e)
{
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    bool ok = rows != NULL;
    for (int part = 0; part < PART_COUNT; part++) {
        size_t count = 0;
        for (size_t i = 0; ok && i < t->rows; i++)
            if (parts[i] == part)
                rows[count++] = i;
        out[part] = ok ? table_select(t, rows, count, e) : NULL;
        ok = ok && out[part];
    }
    mem_free(rows);
    for (int part = 0; !ok && part < PART_COUNT; part++) {
        table_unref(out[part]);
        out[part] = NULL;
    }
    return ok;
}
