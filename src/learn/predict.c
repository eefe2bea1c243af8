/* Prediction: raw rows in, one output row per input row out. A row that cannot be judged has empty cells and a reason. */
#include "learn/predict.h"

#include <math.h>
#include <string.h>

#include "table/reader.h"

static Table *apply_recipe(Job *job, Predicting *p, const Recipe *r, const Table *t, Error *e)
{
    Roles roles = bundle_roles(p->b);
    RecipeWatch watch = {.self = p, .sides = &p->sides, .rows = &p->said, .stepped = predict_watch};
    return recipe_apply_watched(job, r, t, &roles, &watch, e);
}

static bool all_finite(const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

/* Of several rows that a step made of one, the first that can be judged counts. */
static void take_row(Predicting *p, const Table *t, const PredictRow *at, const float *outputs)
{
    size_t width = target_outputs(&p->b->target);
    uint64_t row = table_row_id(t, at->row);
    if (row >= p->rows || p->has[row] || p->said.faults[row])
        return;
    char *why = predict_why_not(p, t, at);
    if (!why && !all_finite(outputs, width))
        why = text_format("the net gives no finite number for this row");
    p->said.faults[row] = why;
    if (why)
        return;
    p->has[row] = true;
    memcpy(p->outputs + row * width, outputs, width * sizeof(float));
}

static bool infer_planned(Predicting *p, const Table *t, const FeaturePlan *plan, Error *e)
{
    const Bundle *b = p->b;
    size_t width = (size_t)shape_size(plan->input.shape), outputs = target_outputs(&b->target), cells;
    if (!mem_mul(t->rows + 1, width, &cells))
        return error_set(e, ERROR_MEMORY, "%zu rows are too many", t->rows);
    float *x = mem_try_aligned(cells, sizeof *x, e), *logits = mem_try_aligned((t->rows + 1) * outputs, sizeof *logits, e);
    if (x)
        features_fill(plan, x);
    bool ok = x && logits && bundle_infer(b, NULL, x, t->rows, logits, e);
    for (size_t i = 0; ok && i < t->rows; i++)
        take_row(p, t, &(PredictRow){plan, i, x + i * width}, logits + i * outputs);
    mem_free(x);
    mem_free(logits);
    return ok;
}

static bool infer_rows(Predicting *p, const Table *t, Error *e)
{
    const Bundle *b = p->b;
    FeaturePlan plan;
    bool ok = features_plan(t, &b->features, &plan, e) && features_check_shape(plan.input.shape, model_input(b->model), e) &&
              infer_planned(p, t, &plan, e);
    features_plan_done(&plan);
    return ok;
}

static bool read_labels(Predicting *p, const Table *t, Error *e)
{
    const TargetInfo *target = &p->b->target;
    const Column *c = table_column(t, target->name);
    Text text = {0};
    for (size_t i = 0; target->is_input && i < p->rows; i++)
        p->labels[i] = LABEL_KNOWN;
    if (target->is_input)
        return true;
    if (!c)
        return error_set(e, ERROR_FAILED, "the table has no column %s to judge by", target->name);
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t row = table_row_id(t, i);
        text_clear(&text);
        if (target->is_classes)
            column_format(c, i, &text);
        bool given = column_is_valid(c, i), known = given && (!target->is_classes || target_info_class(target, text_get(&text)) >= 0);
        if (row >= p->rows)
            continue; /* a step has put it in: nobody asked for it */
        p->labels[row] = known ? LABEL_KNOWN : LABEL_NONE;
        p->unlabelled += !given;
        p->strange += given && !known;
    }
    text_done(&text);
    return true;
}

/* A column of the schema that only the target is made of, and that these rows do not have. */
static bool is_absent_target(const Predicting *p, const StepUse *use)
{
    const Value *schema = p->b->input_schema;
    for (size_t i = 0; i < schema->size; i++) {
        const char *name = value_get_text(schema->items[i], "name", "");
        if (text_equal(value_get_text(schema->items[i], "role", ""), "target") && step_use_names(use, name))
            return !table_column(p->input, name);
    }
    return false;
}

/* Steps that choose rows by the target chose what to learn from. Rows to predict have none yet, and are not judged by it. */
static Recipe *before_of(const Predicting *p)
{
    Recipe *kept = recipe_ref(p->b->before);
    for (size_t i = 0; !p->labels && i < kept->count; i++) {
        const StepUse *use = &kept->uses[i];
        if (use->off || step_use_effect(use) != STEP_DROPS_ROWS || !(step_use_names(use, p->b->target.name) || is_absent_target(p, use)))
            continue;
        Recipe *less = recipe_switch(kept, i, true);
        recipe_unref(kept);
        kept = less;
    }
    return kept;
}

static bool run(Job *job, Predicting *p, Error *e)
{
    Recipe *first = before_of(p);
    Table *input = schema_coerce(p->b->input_schema, p->input, p->said.faults, e);
    p->before = input ? apply_recipe(job, p, first, input, e) : NULL;
    bool ready = p->before && (!p->labels || read_labels(p, p->before, e)) && predict_newest(job, p, NULL, p->before, e);
    Table *after = ready ? apply_recipe(job, p, p->b->fitted, p->before, e) : NULL;
    bool ok = after && infer_rows(p, after, e);
    for (size_t i = 0; ok && i < p->rows; i++)
        if (!p->has[i] && !p->said.faults[i])
            p->said.faults[i] = text_format("dropped by a step");
    recipe_unref(first);
    table_unref(input);
    table_unref(after);
    return ok;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        mem_free(texts[i]);
    mem_free(texts);
}

void bundle_side_needs(const Bundle *b, SideNeeds *out)
{
    side_needs_of(b->before, out);
    side_needs_of(b->fitted, out);
}

static bool check_sides(const Bundle *b, const SideTables *given, Error *e)
{
    SideNeeds needs = {0};
    bundle_side_needs(b, &needs);
    bool ok = side_tables_check(given, &needs, e);
    side_needs_done(&needs);
    return ok;
}

bool predict_run(Job *job, const Bundle *b, const PredictTask *task, Predicting *p, Error *e)
{
    bool labelled = task->labelled;
    *p = (Predicting){.b = b, .job = job, .input = task->rows, .rows = task->rows->rows, .said.rows = task->rows->rows};
    p->sides = task->sides ? *task->sides : (SideTables){0};
    p->sides.labelled = labelled;
    p->newest = task->last ? mem_try_alloc(p->rows + 1, sizeof *p->newest, e) : NULL;
    p->said.faults = mem_try_alloc(p->rows + 1, sizeof(char *), e);
    p->said.remarks = mem_try_alloc(p->rows + 1, sizeof(char *), e);
    p->lost = mem_try_alloc(p->rows + 1, sizeof(char *), e);
    p->has = mem_try_alloc(p->rows + 1, sizeof *p->has, e);
    p->labels = labelled ? mem_try_alloc(p->rows + 1, 1, e) : NULL;
    p->outputs = mem_try_aligned((p->rows + 1) * target_outputs(&b->target), sizeof(float), e);
    bool ready =
        p->said.faults && p->said.remarks && p->lost && p->has && p->outputs && (p->labels || !labelled) && (p->newest || !task->last);
    return ready && check_sides(b, &p->sides, e) && run(job, p, e);
}

void predict_done(Predicting *p)
{
    free_texts(p->said.faults, p->rows);
    free_texts(p->said.remarks, p->rows);
    free_texts(p->lost, p->rows);
    text_list_done(&p->made);
    text_list_done(&p->makers);
    table_unref(p->before);
    table_unref(p->places);
    mem_free(p->newest);
    mem_free(p->has);
    mem_free(p->labels);
    mem_free(p->outputs);
}

Table *bundle_predict(Job *job, const Bundle *b, const PredictTask *task, Error *e)
{
    Predicting p;
    Table *out = predict_run(job, b, task, &p, e) ? predict_table(&p, e) : NULL;
    predict_done(&p);
    return out;
}

/* What the model learned as text stays text, a list for a model that hears is one of sounds, and no row is too much: each gets its answer.
 */
Value *bundle_read_options(const Bundle *b)
{
    Value *options = value_map(), *known = value_map(), *texts = value_list();
    for (size_t i = 0; b->input_schema && i < b->input_schema->size; i++) {
        const Value *column = b->input_schema->items[i];
        if (text_equal(value_get_text(column, "type", ""), column_type_name(COLUMN_TEXT)))
            value_add(texts, value_text(value_get_text(column, "name", "")));
        if (text_equal(value_get_text(column, "type", ""), column_type_name(COLUMN_SOUND)))
            value_set(options, "reader", value_text("sounds")); /* a list of names means the sounds */
    }
    value_set(known, "header", value_text("yes"));
    value_set(known, "text", texts);
    value_set(known, "ragged", value_text("exact"));
    value_set(known, "max_rejects", value_int(1000000000));
    value_set(options, TABLE_READ_WHERE_KNOWN, known);
    return options;
}
