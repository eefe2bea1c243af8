/* The survey of a trainer: one forward pass in evaluation mode over a few rows, and one pass over weights and gradients. */
#include "net/survey.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "net/trainer.h"

/* Numbers that come in parts that are added, as gradients of slices do. */
typedef struct Numbers {
    const float *parts[UPDATE_PARTS];
    int count_of_parts;
    double scale;
    size_t count;
} Numbers;

static double number_at(const Numbers *n, size_t i)
{
    double sum = 0;
    for (int p = 0; p < n->count_of_parts; p++)
        sum += (double)n->parts[p][i];
    return sum * n->scale;
}

typedef struct Spread {
    SurveyHistogram *h;
    double sum, squares;
} Spread;

static void spread_take(Spread *s, const Numbers *n)
{
    for (size_t i = 0; i < n->count; i++) {
        double x = number_at(n, i);
        if (!isfinite(x)) {
            s->h->not_finite++;
            continue;
        }
        s->h->least = s->h->count && s->h->least < x ? s->h->least : x;
        s->h->greatest = s->h->count && s->h->greatest > x ? s->h->greatest : x;
        s->h->count++;
        s->sum += x;
        s->squares += x * x;
    }
}

static void spread_end(Spread *s)
{
    double count = (double)s->h->count;
    if (!s->h->count)
        return;
    s->h->mean = s->sum / count;
    double variance = s->squares / count - s->h->mean * s->h->mean;
    s->h->sd = variance > 0 ? sqrt(variance) : 0;
}

static void spread_bin(const Spread *s, const Numbers *n)
{
    double span = s->h->greatest - s->h->least;
    for (size_t i = 0; i < n->count; i++) {
        double x = number_at(n, i);
        if (!isfinite(x))
            continue;
        double share = span > 0 ? (x - s->h->least) / span : 0.5;
        size_t bin = (size_t)(share * SURVEY_BINS);
        s->h->bins[bin < SURVEY_BINS ? bin : SURVEY_BINS - 1]++;
    }
}

static bool is_surveyed(const Trainer *t, const TensorPlace *tensor, size_t layer, bool only_weights)
{
    (void)t;
    return tensor->layer == layer && tensor->shown.is_trained && (tensor->is_penalized || !only_weights);
}

static bool has_weights(const Trainer *t, size_t layer, bool only_weights)
{
    for (size_t i = 0; i < t->m->tensor_count; i++)
        if (is_surveyed(t, &t->m->tensors[i], layer, only_weights) && t->m->tensors[i].count)
            return true;
    return false;
}

static Numbers numbers_of(const Trainer *t, const TensorPlace *tensor, bool is_gradient)
{
    Numbers n = {.count = tensor->count, .scale = 1};
    if (is_gradient) {
        n.count_of_parts = trainer_gradient_parts(t, tensor->offset, n.parts);
        n.scale = (double)t->update.mean;
    } else {
        n.parts[n.count_of_parts++] = t->m->weights + tensor->offset;
    }
    return n;
}

static double survey_tensors(const Trainer *t, size_t layer, bool is_gradient, SurveyHistogram *h)
{
    bool only_weights = has_weights(t, layer, true);
    Spread s = {.h = h};
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < t->m->tensor_count; i++) {
            const TensorPlace *tensor = &t->m->tensors[i];
            if (!is_surveyed(t, tensor, layer, only_weights))
                continue;
            Numbers n = numbers_of(t, tensor, is_gradient);
            if (turn == 0)
                spread_take(&s, &n);
            else
                spread_bin(&s, &n);
        }
        if (turn == 0)
            spread_end(&s);
    }
    return h->count ? sqrt(s.squares / (double)h->count) : 0;
}

/* All rows are of one slice: they lie one behind the other. */
static void survey_activations(const Trainer *t, size_t layer, SurveyLayer *out)
{
    const TrainerPlane *y = &t->layers[layer].y;
    size_t units = (size_t)shape_size(t->m->items[layer].out);
    Numbers n = {.parts = {y->floats}, .count_of_parts = 1, .scale = 1, .count = t->rows * units};
    Spread s = {.h = &out->activations};
    if (!y->floats)
        return;
    spread_take(&s, &n);
    spread_end(&s);
    spread_bin(&s, &n);
    out->units = units;
    for (size_t u = 0; u < units; u++) {
        size_t row = 0;
        while (row < t->rows && y->floats[row * units + u] == 0)
            row++;
        out->dead += row == t->rows;
    }
}

static void survey_layer(const Trainer *t, size_t layer, SurveyLayer *out)
{
    const ModelLayer *l = &t->m->items[layer];
    *out = (SurveyLayer){.kind = l->layer->spec.name};
    snprintf(out->name, sizeof out->name, "%.39s", l->is_head && !*l->path ? "head" : l->path);
    survey_activations(t, layer, out);
    survey_tensors(t, layer, false, &out->weights);
    out->gradient_rms = survey_tensors(t, layer, true, &out->gradients);
}

size_t trainer_survey(Trainer *t, const float *x, size_t rows, SurveyLayer *out, size_t most)
{
    size_t kept = t->slice_rows, count = 0;
    int active = t->active;
    t->slice_rows = t->evaluate_rows;
    t->batch = NULL;
    t->is_training = false;
    t->x = x;
    t->rows = rows < t->evaluate_rows ? rows : t->evaluate_rows;
    for (size_t i = 0; t->program[i].action != DO_LOSS; i++) {
        size_t layer = t->program[i].layer;
        if (t->program[i].action != DO_FORWARD)
            continue;
        trainer_run(t, i, i + 1);
        if (!has_weights(t, layer, false))
            continue;
        int evaluated = t->active;
        t->active = active; /* the gradient is that of the last step */
        if (count < most)
            survey_layer(t, layer, &out[count]);
        t->active = evaluated;
        count++;
    }
    t->slice_rows = kept;
    t->active = active;
    return count;
}
