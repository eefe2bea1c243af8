/* Sums by level and fold are taken once. What the other folds say is added up from theirs: a difference from the sum of all would keep
 * something of the row in its rounding. */
#include "steps/target_levels.h"

#include <math.h>

const char *const target_levels_missing[] = {"level", "keep", NULL};
enum { MISSING_LEVEL, MISSING_KEEP };

/* What is tallied: training rows with their target, and the fold of each. */
typedef struct Answers {
    const StepInput *in;
    TargetScore *score;
    StepTarget target;
    uint8_t *fold;
    size_t folds, rows;
} Answers;

/* Sums of one column for one output. Levels are codes of its dictionary; behind the last is that of missing cells. */
typedef struct Tally {
    Column *text;
    size_t levels, folds;
    TargetSum *by_level; /* levels + 1 of them, each by fold */
    TargetSum *all;      /* by fold */
} Tally;

static void answers_done(Answers *a)
{
    step_target_done(&a->target);
    mem_free(a->fold);
}

static const TargetLevels *params_of(const Answers *a)
{
    return a->in->params;
}

static bool answers_read(const StepInput *in, TargetScore *score, bool with_folds, Answers *a, Error *e)
{
    const TargetLevels *p = in->params;
    *a = (Answers){.in = in, .score = score, .folds = with_folds ? (size_t)p->folds : 1, .rows = in->rows->rows};
    if (!step_target_read(in, &a->target, e))
        return false;
    a->fold = mem_try_alloc(a->rows + 1, sizeof *a->fold, e);
    return a->fold && (!with_folds || step_target_folds(in, &a->target, a->folds, a->fold, e));
}

static size_t level_of(const Tally *t, size_t row)
{
    return column_is_valid(t->text, row) ? t->text->data.codes[row] : t->levels;
}

static void add_to(TargetSum *s, double y)
{
    s->rows++;
    s->sum += y;
}

static void tally_done(Tally *t)
{
    column_unref(t->text);
    mem_free(t->by_level);
    mem_free(t->all);
}

static bool tally_open(const Answers *a, Column *c, size_t output, Tally *t, Error *e)
{
    size_t cells;
    *t = (Tally){.text = levels_text(c, e), .folds = a->folds};
    if (!t->text)
        return false;
    t->levels = dictionary_count(t->text->dictionary);
    if (!mem_mul(t->levels + 1, t->folds, &cells))
        return error_set(e, ERROR_MEMORY, "too many levels");
    t->by_level = mem_try_alloc(cells, sizeof *t->by_level, e);
    t->all = mem_alloc(t->folds * sizeof *t->all);
    for (size_t row = 0; t->by_level && row < a->rows; row++) {
        double y = step_target_number(&a->target, output, row);
        if (!isfinite(y))
            continue;
        add_to(&t->by_level[level_of(t, row) * t->folds + a->fold[row]], y);
        add_to(&t->all[a->fold[row]], y);
    }
    return t->by_level != NULL;
}

enum { NO_FOLD = 255 };

/* Of all folds, or of all but one. */
static TargetSum sum_of(const Tally *t, const TargetSum *sums, size_t without)
{
    TargetSum s = {0, 0};
    for (size_t i = 0; i < t->folds; i++)
        if (i != without) {
            s.rows += sums[i].rows;
            s.sum += sums[i].sum;
        }
    return s;
}

static double score_of(const Answers *a, const Tally *t, size_t level, size_t without)
{
    return a->score(sum_of(t, t->by_level + level * t->folds, without), sum_of(t, t->all, without), params_of(a)->smoothing);
}

static char *output_name(const char *column, const StepTarget *target, size_t output)
{
    const char *class = step_target_class(target, output);
    return class ? text_format("%s_%s", column, class) : mem_strdup(column);
}

static bool learn(const Answers *a, const char *name, size_t output, LevelMap *map, Error *e)
{
    Tally t;
    bool ok = tally_open(a, table_column(a->in->rows, name), output, &t, e);
    Value *levels = value_list(), *values = value_list();
    for (uint32_t i = 0; ok && i < t.levels; i++) {
        size_t size;
        const char *text = dictionary_get(t.text->dictionary, i, &size);
        if (sum_of(&t, t.by_level + i * t.folds, NO_FOLD).rows == 0)
            continue;
        value_add(levels, value_bytes(text, size));
        value_add(values, value_real(score_of(a, &t, i, NO_FOLD)));
    }
    if (ok) {
        char *made = output_name(name, &a->target, output);
        double unknown = a->score((TargetSum){0, 0}, sum_of(&t, t.all, NO_FOLD), params_of(a)->smoothing);
        level_map_add(map, &(LevelEntry){name, made, levels, values, unknown, score_of(a, &t, t.levels, NO_FOLD)});
        mem_free(made);
    } else {
        value_free(levels);
        value_free(values);
    }
    tally_done(&t);
    return ok;
}

static void note_learned(const StepInput *in, const char *name, const Answers *a)
{
    enum { FEW = 2 };
    const Column *c = table_column(in->rows, name);
    if (c->missing == c->rows)
        tools_note(in, "%s holds no value in these rows: every row becomes the same number; drop it", name);
    else if (c->type == COLUMN_TEXT && dictionary_count(c->dictionary) > a->rows / FEW)
        tools_note(in, "%s: most of its levels are in one row only, which says nothing about other rows; drop it, or group it with rare",
                   name);
}

bool target_levels_fit(Job *job, const StepInput *in, TargetScore *score, LevelMap *map, Error *e)
{
    const TargetLevels *p = in->params;
    Answers a = {0};
    TextList names = {0};
    level_map_open(map);
    bool ok = step_target_resolve(in, &p->columns, false, &names, e) && answers_read(in, score, false, &a, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        note_learned(in, names.items[i], &a);
        for (size_t k = 0; ok && k < step_target_outputs(&a.target); k++)
            ok = job_go_on(job, e) && learn(&a, names.items[i], k, map, e);
    }
    answers_done(&a);
    text_list_done(&names);
    return ok;
}

bool target_levels_apply(Job *job, const StepInput *in, const LevelMap *map, Table **out, Error *e)
{
    LevelRule rule = {.missing_stays = ((const TargetLevels *)in->params)->missing == MISSING_KEEP};
    return level_map_apply(job, in, map, rule, out, e);
}

/* Every training row by what the other folds say of its level. */
static Column *cross_fitted(const Answers *a, const char *name, size_t output, Error *e)
{
    Tally t;
    bool keeps = params_of(a)->missing == MISSING_KEEP;
    bool ok = tally_open(a, table_column(a->in->rows, name), output, &t, e);
    Column *to = ok ? column_new(COLUMN_REAL, a->rows, e) : NULL;
    ok = to != NULL;
    for (size_t row = 0; ok && row < a->rows; row++) {
        size_t level = level_of(&t, row);
        if (level == t.levels && keeps)
            ok = column_set_missing(to, row, e);
        else
            to->data.reals[row] = score_of(a, &t, level, a->fold[row]);
    }
    tally_done(&t);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

bool target_levels_apply_train(Job *job, const StepInput *in, TargetScore *score, const LevelMap *map, Table **out, Error *e)
{
    Answers a = {0};
    bool ok = answers_read(in, score, true, &a, e);
    size_t outputs = ok ? step_target_outputs(&a.target) : 0;
    LevelRule rule = {0};
    ok = ok && level_map_apply(job, in, map, rule, out, e);
    for (size_t i = 0; ok && i < map->columns.count; i++)
        ok = job_go_on(job, e) && tools_put(out, map->outputs.items[i], cross_fitted(&a, map->columns.items[i], i % outputs, e), e);
    answers_done(&a);
    return ok;
}

void target_levels_describe(const void *params, const void *state, Text *out)
{
    level_map_describe(&((const TargetLevels *)params)->columns, state, out);
}
