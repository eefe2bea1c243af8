/* Training rows by digest in a sorted list; the other parts look themselves up. */
#include "learn/duplicates.h"

#include "learn/parts.h"
#include "table/row_digest.h"

static bool is_shared(const Table *t, const Column *c)
{
    for (size_t i = 0; i < t->columns_count; i++)
        if (t->columns[i] == c)
            return true;
    return false;
}

/* What is left of a table of no rows behind the steps that only leave out or rename. */
static Table *without_dropped(const Recipe *after, const Roles *roles, const Table *empty)
{
    Table *left = table_ref(empty);
    for (size_t i = 0; i < after->count; i++) {
        Error ignored = {0}; /* it may name a column that another step makes */
        Recipe *one = after->uses[i].step->only_names ? recipe_slice(after, i, i + 1) : NULL;
        Table *next = one ? recipe_apply(NULL, one, left, roles, &ignored) : NULL;
        recipe_unref(one);
        if (!next)
            continue;
        table_unref(left);
        left = next;
    }
    return left;
}

/* A column that is left out may live on in one that was made of it. */
static bool is_read(const Recipe *after, const char *name)
{
    for (size_t i = 0; i < after->count; i++)
        if (!after->uses[i].off && !after->uses[i].step->only_names && step_use_names(&after->uses[i], name))
            return true;
    return false;
}

static bool compared_columns(const Pipeline *p, const Table *t, TextList *names, Error *e)
{
    StepOrder order;
    Roles roles = pipeline_roles(p), without = roles;
    Table *empty = table_head(t, 0, e);
    order_make(p, p->recipe->count, &order);
    Table *left = empty ? without_dropped(order.after, &roles, empty) : NULL;
    without.target = without.time = NULL; /* the same again at another time is another row */
    for (size_t i = 0; left && i < t->columns_count; i++)
        if (!roles_have(&without, t->names[i]) && (is_shared(left, empty->columns[i]) || is_read(order.after, t->names[i])))
            text_list_add(names, t->names[i]);
    bool ok = left != NULL;
    order_done(&order);
    table_unref(empty);
    table_unref(left);
    return ok;
}

static uint64_t *digests_of(const Table *t, const TextList *names, Error *e)
{
    uint64_t *digests = mem_try_alloc(t->rows + 1, sizeof *digests, e);
    if (digests && row_digests(t, names, digests, e))
        return digests;
    mem_free(digests);
    return NULL;
}

bool duplicates_across_parts(const Pipeline *p, Table *const *parts, size_t out[PART_COUNT], Error *e)
{
    TextList names = {0};
    uint64_t *train = compared_columns(p, parts[PART_TRAIN], &names, e) ? digests_of(parts[PART_TRAIN], &names, e) : NULL;
    size_t count = train ? row_digests_sort(train, parts[PART_TRAIN]->rows) : 0;
    bool ok = train != NULL;
    for (int part = 0; part < PART_COUNT; part++) {
        out[part] = 0;
        uint64_t *digests = ok && part != PART_TRAIN ? digests_of(parts[part], &names, e) : NULL;
        ok = digests || part == PART_TRAIN;
        for (size_t i = 0; digests && i < parts[part]->rows; i++)
            out[part] += row_digests_has(train, count, digests[i]);
        mem_free(digests);
    }
    mem_free(train);
    text_list_done(&names);
    return ok;
}
