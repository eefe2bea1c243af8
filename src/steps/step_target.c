/* Classes are found as the pipeline finds them; folds ask the unit, as every split does. */
#include "steps/step_target.h"

#include <math.h>

#include "steps/levels.h"
#include "steps/split_internal.h"

static bool find_column(const StepInput *in, StepTarget *t, Error *e)
{
    t->name = in->roles ? in->roles->target : NULL;
    if (!t->name)
        return error_set(e, ERROR_USAGE, "it learns from the target, and none is named; give the pipeline target = \"...\"");
    int at = table_get(in->rows, t->name, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "target: ");
    t->column = in->rows->columns[at];
    return true;
}

static void set_positive(StepTarget *t, const StepInput *in, const size_t rows[2])
{
    for (size_t i = 0; i < 2; i++)
        if (text_equal(t->classes.items[i], in->roles->positive)) {
            t->positive = i;
            return;
        }
    t->positive = rows[0] < rows[1] ? 0 : 1;
}

static bool read_classes(const StepInput *in, StepTarget *t, const Column *text, Level *levels, size_t count, Error *e)
{
    if (count < 2)
        return error_set(e, ERROR_FAILED, "the target %s has one class only in these rows, so there is nothing to learn from it", t->name);
    levels_sort(levels, count, column_is_numeric(t->column));
    for (size_t i = 0; i < count; i++)
        text_list_add(&t->classes, levels[i].text);
    size_t rows[2] = {levels[0].rows, levels[1].rows};
    set_positive(t, in, rows);
    Value *list = levels_list(levels, count);
    t->labels = levels_rows(text, list, e);
    value_free(list);
    return t->labels != NULL;
}

bool step_target_read(const StepInput *in, StepTarget *out, Error *e)
{
    *out = (StepTarget){0};
    if (!find_column(in, out, e))
        return false;
    Column *text = levels_text(table_column(in->rows, out->name), e);
    if (!text)
        return false;
    size_t count;
    Level *levels = levels_count(text, &count);
    bool ok = true;
    if (target_is_classes(out->column, count, in->roles))
        ok = read_classes(in, out, text, levels, count, e);
    else if (!column_is_numeric(out->column))
        ok = error_set(e, ERROR_USAGE, "the target %s is %s, neither classes nor a number", out->name, column_type_name(out->column->type));
    else if (!count)
        ok = error_set(e, ERROR_FAILED, "the target %s has no value in these rows", out->name);
    mem_free(levels);
    column_unref(text);
    return ok;
}

void step_target_done(StepTarget *t)
{
    text_list_done(&t->classes);
    mem_free(t->labels);
    *t = (StepTarget){0};
}

size_t step_target_outputs(const StepTarget *t)
{
    return t->classes.count > 2 ? t->classes.count - 1 : 1;
}

const char *step_target_class(const StepTarget *t, size_t output)
{
    return t->classes.count > 2 ? t->classes.items[output + 1] : NULL;
}

double step_target_number(const StepTarget *t, size_t output, size_t row)
{
    if (!t->labels)
        return column_real(t->column, row);
    if (t->labels[row] < 0)
        return (double)NAN;
    size_t due = t->classes.count > 2 ? output + 1 : t->positive;
    return (size_t)t->labels[row] == due;
}

bool step_target_resolve(const StepInput *in, const TextList *selectors, bool numeric, TextList *names, Error *e)
{
    if (!tools_resolve(in, selectors, numeric, names, e))
        return false;
    for (size_t i = 0; i < names->count; i++)
        if (tools_is_target(in, names->items[i]))
            return error_set(e, ERROR_USAGE, "%s is the target; no feature is made of it", names->items[i]);
    return true;
}

/* Of the rows, or where a step has left it out, of those before it. NULL: the rows are parted one by one. */
static Table *unit_table(const StepInput *in, Unit *unit, Error *e)
{
    const Roles *roles = in->roles;
    *unit = (Unit){.kind = roles->group ? UNIT_GROUP
                           : roles->key ? UNIT_KEY
                                        : UNIT_ROW,
                   .column = roles->group ? roles->group : roles->key};
    bool here = !unit->column || (in->source && table_find(in->source, unit->column) != TABLE_NONE);
    return unit_columns(unit, in->rows, here ? in->source : roles->source, e);
}

bool step_target_folds(const StepInput *in, const StepTarget *t, size_t folds, uint8_t *fold, Error *e)
{
    Unit unit;
    RowList all = {0};
    Units units = {0};
    Table *columns = unit_table(in, &unit, e);
    SplitTask task = {.unit = &unit, .columns = columns, .classes = t->labels ? t->column : NULL, .seed = in->key.key ^ in->key.stream};
    bool ok = columns && rows_list(in->rows->rows, NULL, 0, &all, e) && units_make(&task, &all, "cross-fit", &units, e);
    if (ok && units.count < 2)
        ok = error_set(e, ERROR_FAILED, "training rows are encoded by the answers of others, and there is one %s only",
                       unit_kind_name(unit.kind));
    if (ok)
        units_deal(&units, folds < units.count ? folds : units.count, fold);
    units_done(&units);
    mem_free(all.rows);
    table_unref(columns);
    return ok;
}
