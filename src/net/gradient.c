/* Finite-difference checks of all layers and losses. Settings that a declaration requires get small values. */
#include "net/gradient.h"

#include <math.h>

enum { ROWS = 5, WIDTH = 4, NET_SIZE = 3 };
static const double LIMIT = 1e-4, GRID = 1.0 / 1024; /* outputs lie on the grid, and no step is rounded */

/* Losses of values have kinks, but are computed in double; those of classes round their exp, but are smooth. */
static double loss_step(const Loss *loss)
{
    return loss->takes_classes ? 16 * GRID : GRID;
}

static double loss_at(const Loss *loss, LossPass *p)
{
    return loss->pass(p) * p->scale;
}

static double loss_slope(const Loss *loss, LossPass *p, float *at)
{
    float kept = *at;
    double f[4], step = loss_step(loss);
    static const double away[4] = {1, -1, 2, -2};
    for (int i = 0; i < 4; i++) {
        *at = (float)((double)kept + away[i] * step);
        f[i] = loss_at(loss, p);
    }
    *at = kept;
    return (8 * (f[0] - f[1]) - (f[2] - f[3])) / (12 * step);
}

bool gradient_check_loss(const Loss *loss, const Value *settings, double *worst, Error *e)
{
    float outputs[ROWS * WIDTH], values[ROWS * WIDTH], teacher[ROWS * WIDTH], found[ROWS * WIDTH], other[ROWS * WIDTH];
    float scratch[2 * WIDTH], weights[ROWS] = {1, 0.5F, 2, 1, 3};
    size_t width = loss->classes ? loss->classes : WIDTH;
    int32_t labels[ROWS] = {0, 3, 1, 2, 2};
    Rng r = rng_begin(rng_key(2, "gradient"));
    for (int i = 0; i < ROWS * WIDTH; i++) {
        outputs[i] = (float)(GRID * round(rng_normal(&r) / GRID));
        values[i] = (float)rng_normal(&r);
        teacher[i] = (float)rng_normal(&r);
    }
    for (int i = 0; i < ROWS; i++)
        labels[i] %= (int32_t)width;
    void *params = params_from_value(&loss->spec, settings, e);
    if (!params)
        return false;
    LossPass p = {.params = params,
                  .outputs = outputs,
                  .rows = ROWS,
                  .width = width,
                  .labels = loss->takes_classes ? labels : NULL,
                  .positive = 1,
                  .values = values,
                  .weights = weights,
                  .teacher = teacher,
                  .scale = 1 / 7.5,
                  .gradient = found,
                  .scratch = scratch};
    SpecUse use = {&loss->spec, params};
    Error why = {0};
    p.error = &why;
    p.state = loss->open ? loss->open(&use, e) : NULL;
    if (loss->open && !p.state) {
        params_free(&loss->spec, params);
        return false;
    }
    loss_at(loss, &p);
    p.gradient = other;
    double largest = 1e-6, difference = 0;
    for (size_t i = 0; i < ROWS * width; i++) {
        double expected = loss_slope(loss, &p, outputs + i);
        largest = fmax(largest, fabs(expected));
        difference = isfinite(found[i]) ? fmax(difference, fabs((double)found[i] - expected)) : INFINITY;
    }
    *worst = why.code ? INFINITY : difference / largest;
    if (loss->close)
        loss->close(p.state);
    params_free(&loss->spec, params);
    if (why.code)
        *e = why;
    return !why.code;
}

/* Two layers: of two values, one behind the other or side by side. */
static Value *small_layers(int64_t size)
{
    Value *list = value_list(), *dense = value_map(), *bend = value_map();
    value_set(dense, "layer", value_text("dense"));
    value_set(dense, "width", value_int(size));
    value_set(bend, "layer", value_text("tanh"));
    value_add(list, dense);
    value_add(list, bend);
    return list;
}

/* Required sizes, and those that are found in a table, become `size`, the others of a whole net the least; its activation is one without a
 * kink. What keeps a division finite is as large as is sensible: with less, outputs of norms of two numbers are so flat beside their steps
 * that floats do not show the slope. */
static Value *small_settings(const Spec *spec, int64_t size)
{
    Value *v = value_map();
    bool is_net = text_equal(spec->group, LAYER_NETS);
    for (const Field *f = spec->params; f && f->name; f++)
        if (text_equal(f->name, "eps"))
            value_set(v, f->name, value_real(f->soft_max));
        else if (f->type == FIELD_INT && (!f->def || is_net || text_equal(f->name, "levels")))
            value_set(v, f->name, value_int(f->def && is_net ? NET_SIZE : size));
        else if (f->type == FIELD_SPEC && is_net)
            value_set(v, f->name, value_text("tanh"));
        else if (!f->def && f->type == FIELD_REAL)
            value_set(v, f->name, value_real(f->soft_min));
        else if (f->type == FIELD_SPECS)
            value_set(v, f->name, small_layers(size));
    return v;
}

static bool check_any_layer(const Layer *layer, const Value *settings, Shape in, double *worst, Error *e)
{
    if (!layer->expand)
        return gradient_check_layer(layer, settings, in, worst, e);
    SpecList one = {0};
    void *params = params_from_value(&layer->spec, settings, e);
    if (!params)
        return false;
    spec_list_add(&one, &layer->spec, params);
    bool ok = gradient_check_net(&one, in, worst, e);
    spec_list_done(&one);
    return ok;
}

/* The worst over shapes and sizes that the layer accepts; infinite when it accepts none. */
static double worst_of_layer(const Layer *layer)
{
    static const Shape shapes[] = {SHAPE_VECTOR(9), SHAPE_SEQUENCE(6, 3), SHAPE_IMAGE(5, 4, 2)};
    static const int64_t sizes[] = {3, 20};
    double worst = -1;
    for (int i = 0; i < 6; i++) {
        Value *settings = small_settings(&layer->spec, sizes[i / 3]);
        double found;
        Error e = {0};
        if (check_any_layer(layer, settings, shapes[i % 3], &found, &e))
            worst = fmax(worst, found);
        value_free(settings);
    }
    return worst < 0 ? INFINITY : worst;
}

static double worst_of_loss(const Loss *loss)
{
    double worst = INFINITY;
    Error e = {0};
    Value *settings = small_settings(&loss->spec, 3);
    gradient_check_loss(loss, settings, &worst, &e);
    value_free(settings);
    return worst;
}

size_t gradient_check_all(GradientCheck *out, size_t room)
{
    const Family *families[] = {layer_family(), loss_family()};
    size_t count = 0;
    for (int f = 0; f < 2; f++)
        for (size_t i = 0; i < families[f]->count && count < room; i++) {
            const Spec *spec = families[f]->members[i];
            double worst = f ? worst_of_loss((const Loss *)spec) : worst_of_layer((const Layer *)spec);
            out[count++] = (GradientCheck){families[f]->name, spec->name, worst, worst < LIMIT};
        }
    return count;
}
