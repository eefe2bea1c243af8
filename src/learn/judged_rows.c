/* One way to the rows of every figure that is asked for after training. */
#include "learn/judged_rows.h"

#include "learn/certificate.h"
#include "learn/looks.h"

bool judged_part_of_name(const char *name, Part *part, Error *e)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (text_equal(part_name((Part)i), name)) {
            *part = (Part)i;
            return true;
        }
    return error_set(e, ERROR_USAGE, "there is no part \"%s\"; on = \"train\", \"valid\" or \"test\"", name);
}

bool judged_rows_of_part(const JudgedTask *t, const Pipeline *p, const Prepared *d, Part part, JudgedRows *out, Error *e)
{
    Table *const *raw = d->raw;
    char test[HASH_ROOM];
    SeenTask task = {part, t->runs, t->models, t->count};
    out->history = d->structural;
    out->given = raw[part]->rows;
    out->rows = part == PART_TRAIN ? table_ref(raw[part]) : seen_filter_part(p, raw, &task, &out->seen, e);
    if (!out->rows || part != PART_TEST)
        return out->rows != NULL;
    if (!seen_part_digest(p, raw[part], test, e))
        return false;
    int64_t looks = looks_add(&(Look){.runs = t->runs, .test = test, .by = t->by}, raw[part]->rows);
    out->certificate = certificate_make(&(CertificateTask){p, &d->split, raw, &out->seen, looks, &d->rows}, e);
    return out->certificate != NULL;
}

bool judged_rows_of_table(Job *job, const JudgedTask *t, const Table *given, JudgedRows *out, Error *e)
{
    out->is_given = true;
    out->sides.labelled = true;
    Table *part = bundle_judgeable(job, t->models[0], given, &out->sides, &out->counts, e);
    SeenQuery q = {.source = given, .part = part, .runs = t->runs};
    out->given = part ? part->rows : 0;
    out->rows = part ? seen_filter(&q, t->models, t->count, &out->seen, e) : NULL;
    table_unref(part);
    return out->rows;
}

void judged_rows_done(JudgedRows *r)
{
    table_unref(r->rows);
    side_tables_done(&r->sides);
    value_free(r->certificate);
    value_free(r->counts);
    *r = (JudgedRows){0};
}
