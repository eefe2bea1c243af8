/* Which table is joined: a fresh one that was given by its name, the one that was joined while learning, or the one a model holds. For
 * rows from elsewhere no file is opened that a model names. */
#include <string.h>

#include "steps/join.h"
#include "steps/schema.h"

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        mem_free(texts[i]);
    mem_free(texts);
}

void join_rows_done(JoinRows *r)
{
    table_unref(r->rows);
    free_texts(r->said.faults, r->said.rows);
    free_texts(r->said.remarks, r->said.rows);
    *r = (JoinRows){0};
}

/* Rows to predict have no target yet: a table that brings nothing else is not missed. */
static bool brings_target_only(const StepInput *in, const Joined *s)
{
    const Join *p = in->params;
    const char *prefix = p->prefix ? p->prefix : "";
    char *name = s->names.count == 1 ? text_format("%s%s", prefix, s->names.items[0]) : NULL;
    bool is_target = name && tools_is_target(in, name);
    mem_free(name);
    return is_target;
}

/* What could not be read of a row is said of each row that finds it; a row that was merged into another is found by none. */
static bool check_said(const JoinRows *r, Error *e)
{
    bool *there = mem_try_alloc(r->said.rows + 1, sizeof *there, e);
    for (size_t i = 0; there && i < r->rows->rows; i++)
        if (table_row_id(r->rows, i) < r->said.rows)
            there[table_row_id(r->rows, i)] = true;
    bool ok = there != NULL;
    for (size_t i = 0; ok && i < r->said.rows; i++)
        if (r->said.faults[i] && !there[i])
            ok = error_set(e, ERROR_FAILED, "row %zu: %s; mend this row or leave it out", i + 1, r->said.faults[i]);
    mem_free(there);
    return ok;
}

static bool make_fresh(Job *job, const StepInput *in, const Table *given, const JoinedSide *side, JoinRows *out, Error *e)
{
    Roles none = {0};
    out->said = (RowReasons){.rows = given->rows,
                             .faults = mem_try_alloc(given->rows + 1, sizeof(char *), e),
                             .remarks = mem_try_alloc(given->rows + 1, sizeof(char *), e)};
    if (!out->said.faults || !out->said.remarks)
        return false;
    Table *read = schema_coerce(side->schema, given, out->said.faults, e);
    RecipeWatch watch = {.sides = in->sides, .rows = &out->said};
    out->rows = read && side->steps ? recipe_apply_watched(job, side->steps, read, &none, &watch, e) : read ? table_ref(read) : NULL;
    table_unref(read);
    return out->rows != NULL;
}

static bool is_word(const char *name)
{
    return strspn(name, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(name) &&
           !(*name >= '0' && *name <= '9');
}

static bool refuse(const Side *side, const JoinedSide *learned, Error *e)
{
    const char *name = side_title(side);
    char *need = side_need_text(&(SideNeed){name, learned->schema, false}), *key = text_format(is_word(name) ? "%s" : "[\"%s\"]", name);
    error_set(e, ERROR_USAGE, "the model needs the table %s: --table %s=FILE, in Lua tables = { %s = t }", need, name, key);
    mem_free(need);
    mem_free(key);
    return false;
}

bool join_rows_get(Job *job, const StepInput *in, const Joined *s, JoinRows *out, Error *e)
{
    const Join *p = in->params;
    const Side *side = p->table;
    const JoinedSide *learned = s->side;
    const Table *given = side_tables_find(in->sides, side->name);
    *out = (JoinRows){0};
    if (given)
        return (make_fresh(job, in, given, learned, out, e) && check_said(out, e)) || error_prefix(e, "the table %s: ", side->name);
    if (learned->rows && (!in->sides || learned->is_kept || side->csv)) {
        out->rows = table_ref(learned->rows);
        return true;
    }
    if (in->sides && !in->sides->labelled && brings_target_only(in, s))
        return true;
    if (in->sides && !side->csv)
        return refuse(side, learned, e);
    const SideMade *made = side_make(job, side, e);
    out->rows = made ? table_ref(made->rows) : NULL;
    return made != NULL;
}
