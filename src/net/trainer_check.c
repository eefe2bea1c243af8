/* Where numbers stopped being finite: asked when a training has diverged, so it may cost a forward pass. */
#include <math.h>

#include "net/trainer.h"

static bool are_finite(const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

bool trainer_is_finite(const Trainer *t)
{
    bool is = model_is_finite(t->m);
    for (int i = 0; is && i < t->update.optimizer->moments; i++)
        is = are_finite(t->update.moments[i], t->m->trained);
    return is;
}

static char *layer_text(const Trainer *t, size_t i, const char *what)
{
    const ModelLayer *l = &t->m->items[i];
    return text_format("%s of layer %s (%s) %s not finite", what, *l->path ? l->path : "head", l->layer->spec.name,
                       text_equal(what, "the output") ? "is" : "are");
}

static bool output_is_finite(const Trainer *t, size_t i)
{
    const TrainerPlane *y = &t->layers[i].y;
    size_t size = (size_t)shape_size(t->m->items[i].out);
    for (size_t from = 0; y->floats && from < t->rows; from += t->slice_rows) {
        size_t rows = t->rows - from < t->slice_rows ? t->rows - from : t->slice_rows;
        if (!are_finite(y->floats + from * y->row, rows * size))
            return false;
    }
    return true;
}

static char *find_weights(const Trainer *t)
{
    for (size_t i = 0; i < t->m->tensor_count; i++) {
        const TensorPlace *place = &t->m->tensors[i];
        if (!are_finite(place->shown.data, place->count))
            return layer_text(t, place->layer, "weights");
    }
    return NULL;
}

/* Planes are shared by life time, so each output is looked at before the next layer runs. */
static char *find_output(Trainer *t)
{
    for (size_t i = 0; t->program[i].action != DO_LOSS; i++) {
        trainer_run(t, i, i + 1);
        if (t->program[i].action == DO_FORWARD && !output_is_finite(t, t->program[i].layer))
            return layer_text(t, t->program[i].layer, "the output");
    }
    return NULL;
}

char *trainer_find_bad(Trainer *t, const Batch *batch, int64_t epoch)
{
    size_t width = (size_t)shape_size(t->m->input.shape);
    if (!are_finite(batch->x, batch->rows * width))
        return mem_strdup("a number of the input is not finite");
    char *text = find_weights(t);
    if (text)
        return text;
    trainer_begin(t, batch, epoch);
    text = find_output(t);
    return text ? text : mem_strdup("outputs of all layers are finite, and their loss or its gradient is not");
}
