/* A model at work on tables that went through the structural prefix: evaluation, and teaching. */
#include <stdlib.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/bundle.h"

bool bundle_outputs(Job *job, const Bundle *b, const Table *t, const SideTables *sides, BundleOutputs *out, Error *e)
{
    *out = (BundleOutputs){0};
    Roles roles = bundle_roles(b);
    Table *after = recipe_apply_watched(job, b->fitted, t, &roles, &(RecipeWatch){.sides = sides}, e);
    if (!after)
        return false;
    bool has_target = b->target.is_input || table_find(after, b->target.name) != TABLE_NONE;
    bool ok = dataset_make(after, &b->features, has_target ? &b->target : NULL, &out->data, e);
    table_unref(after);
    ok = ok && features_check_shape(out->data.input.shape, model_input(b->model), e);
    if (!ok) {
        bundle_outputs_done(out);
        return false;
    }
    out->outputs = mem_try_aligned((out->data.rows + 1) * target_outputs(&b->target), sizeof(float), e);
    if (out->outputs && bundle_infer(b, NULL, out->data.x, out->data.rows, out->outputs, e))
        return true;
    bundle_outputs_done(out);
    return false;
}

void bundle_outputs_done(BundleOutputs *o)
{
    dataset_done(&o->data);
    mem_free(o->outputs);
    *o = (BundleOutputs){0};
}

static bool same_recipe(const Bundle *b, const Prepared *d)
{
    if (b->features.count != d->features.count)
        return false;
    for (size_t i = 0; i < b->features.count; i++)
        if (!text_equal(b->features.items[i], d->features.items[i]))
            return false;
    Value *left = recipe_to_value(b->fitted, true), *right = recipe_to_value(d->fitted, true);
    bool same = value_equal(left, right);
    value_free(left);
    value_free(right);
    return same;
}

static bool check_classes(const Bundle *teacher, const Prepared *d, Error *e)
{
    const TextList *a = &teacher->target.classes, *b = &d->target.classes;
    if (teacher->target.inputs)
        return error_set(e, ERROR_USAGE, "the teacher gives its input again and knows no classes; take one that was trained on them");
    bool same = teacher->target.is_classes && d->target.is_classes && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = text_equal(a->items[i], b->items[i]);
    return same || error_set(e, ERROR_USAGE, "the teacher knows other classes than %s of this pipeline", d->target.name);
}

typedef struct Place {
    uint64_t id;
    size_t row;
} Place;

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const Place *)a)->id, y = ((const Place *)b)->id;
    return (x > y) - (x < y);
}

/* Rows of `from` in the order of the wanted ids. */
static bool match_rows(const Dataset *from, const Dataset *wanted, float *x, Error *e)
{
    Place *places = mem_try_alloc(from->rows + 1, sizeof *places, e);
    if (!places)
        return false;
    for (size_t i = 0; i < from->rows; i++)
        places[i] = (Place){from->row_ids[i], i};
    qsort(places, from->rows, sizeof *places, by_id);
    bool ok = true;
    for (size_t i = 0; ok && i < wanted->rows; i++) {
        Place key = {wanted->row_ids[i], 0}, *found = bsearch(&key, places, from->rows, sizeof *places, by_id);
        if (found)
            memcpy(x + i * from->width, from->x + found->row * from->width, from->width * sizeof(float));
        else
            ok = error_set(e, ERROR_FAILED, "the teacher's steps drop row %llu, which the student learns from",
                           (unsigned long long)wanted->row_ids[i]);
    }
    mem_free(places);
    return ok;
}

bool teacher_input(Job *job, const Bundle *teacher, const Prepared *d, Part part, TeacherInput *out, Error *e)
{
    const Dataset *wanted = &d->data[part];
    *out = (TeacherInput){.x = wanted->x, .width = wanted->width};
    if (!check_classes(teacher, d, e))
        return false;
    if (same_recipe(teacher, d))
        return features_check_shape(wanted->input.shape, model_input(teacher->model), e) || error_prefix(e, "teacher: ");
    Roles roles = bundle_roles(teacher);
    Dataset from = {0};
    Table *after = recipe_apply(job, teacher->fitted, d->raw[part], &roles, e);
    bool ok = after && dataset_make(after, &teacher->features, NULL, &from, e) &&
              features_check_shape(from.input.shape, model_input(teacher->model), e);
    table_unref(after);
    if (ok) {
        out->owned = mem_try_aligned(wanted->rows * from.width, sizeof(float), e);
        out->x = out->owned;
        out->width = from.width;
        ok = out->owned && match_rows(&from, wanted, out->owned, e);
        dataset_done(&from);
    }
    return ok || error_prefix(e, "teacher: ");
}

bool teacher_logits(Job *job, const Bundle *teacher, const Prepared *d, Part part, float **logits, Error *e)
{
    TeacherInput input = {0};
    size_t rows = d->data[part].rows;
    *logits = NULL;
    bool ok = teacher_input(job, teacher, d, part, &input, e);
    if (ok) {
        *logits = mem_try_aligned((rows + 1) * target_outputs(&teacher->target), sizeof(float), e);
        ok = *logits && model_infer(teacher->model, NULL, input.x, rows, *logits, e);
    }
    mem_free(input.owned);
    return ok;
}
