/* Training rows by digest in a sorted list; the other parts look themselves up. */
#include "learn/duplicates.h"

#include "table/row_digest.h"

static TextList compared_columns(const Table *t, const Unit *unit)
{
    TextList names = {0};
    for (size_t i = 0; i < t->columns_count; i++)
        if (!unit->column || !text_equal(t->names[i], unit->column))
            text_list_add(&names, t->names[i]);
    return names;
}

static uint64_t *digests_of(const Table *t, const TextList *names, Error *e)
{
    uint64_t *digests = mem_try_alloc(t->rows + 1, sizeof *digests, e);
    if (digests && row_digests(t, names, digests, e))
        return digests;
    mem_free(digests);
    return NULL;
}

bool duplicates_across_parts(Table *const *parts, const Unit *unit, size_t out[PART_COUNT], Error *e)
{
    TextList names = compared_columns(parts[PART_TRAIN], unit);
    uint64_t *train = digests_of(parts[PART_TRAIN], &names, e);
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
