/* The check of a net: the trainer's gradients of its weights against differences of its loss. */
#include <math.h>

#include "net/gradient.h"
#include "net/trainer.h"

enum { ROWS = 20, OUTPUTS = 3, PLACES = 24 };
static const double STEP = 0.01;

typedef struct NetProbe {
    Model *m;
    Trainer *t;
    Batch batch;
    float *x, *values;
} NetProbe;

static double loss_of(NetProbe *p)
{
    Trainer *t = p->t;
    trainer_begin(t, &p->batch, 0);
    trainer_run(t, 0, t->program_size);
    double sum = 0;
    for (int s = 0; s < t->active; s++)
        sum += t->losses[s];
    return sum * t->scale;
}

static double slope(NetProbe *p, float *at)
{
    static const double away[4] = {1, -1, 2, -2};
    float kept = *at;
    double f[4];
    for (int i = 0; i < 4; i++) {
        *at = (float)((double)kept + away[i] * STEP);
        f[i] = loss_of(p);
    }
    *at = kept;
    return (8 * (f[0] - f[1]) - (f[2] - f[3])) / (12 * STEP);
}

static float gradient_at(const Trainer *t, size_t place)
{
    float sum = 0;
    for (int s = 0; s < t->buffers && s < t->active; s++)
        sum += t->gradients[s][place];
    return sum;
}

/* The largest difference over some places of a tensor; *largest grows. */
static double difference_of(NetProbe *p, const TensorPlace *tensor, const float *found, double *largest)
{
    double difference = 0;
    size_t step = tensor->count / PLACES + 1;
    for (size_t i = 0; i < tensor->count; i += step) {
        double expected = slope(p, p->m->weights + tensor->offset + i), is = (double)found[tensor->offset + i];
        *largest = fmax(*largest, fabs(expected));
        difference = isfinite(is) ? fmax(difference, fabs(is - expected)) : INFINITY;
    }
    return difference;
}

/* Relative to the largest gradient of all: floats of the loss cannot show what is smaller than a millionth of it. */
static double check(NetProbe *p, float *found)
{
    double worst = 0, largest = 1e-3;
    loss_of(p);
    for (size_t i = 0; i < p->m->trained; i++)
        found[i] = gradient_at(p->t, i);
    for (size_t i = 0; i < p->m->tensor_count; i++)
        if (p->m->tensors[i].shown.is_trained)
            worst = fmax(worst, difference_of(p, &p->m->tensors[i], found, &largest));
    return worst / largest;
}

static void fill(Rng *r, float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_normal(r);
}

bool gradient_check_net(const SpecList *layers, Shape in, double *worst, Error *e)
{
    NetInput input = net_input(in);
    NetProbe p = {.m = model_new(layers, &input, OUTPUTS, 3, e)};
    TrainerPlan plan = {.batch = ROWS, .threads = 1};
    if (!p.m)
        return false;
    Rng r = rng_begin(rng_key(4, "gradient"));
    size_t width = (size_t)shape_size(in);
    float *found = mem_alloc((p.m->trained + 1) * sizeof *found);
    p.t = trainer_new(p.m, &plan, e);
    p.x = mem_alloc(ROWS * width * sizeof *p.x);
    p.values = mem_alloc((size_t)ROWS * OUTPUTS * sizeof *p.values);
    fill(&r, p.x, ROWS * width);
    fill(&r, p.values, (size_t)ROWS * OUTPUTS);
    p.batch = (Batch){.x = p.x, .values = p.values, .rows = ROWS};
    if (p.t)
        *worst = check(&p, found);
    bool ok = p.t != NULL;
    trainer_free(p.t);
    model_free(p.m);
    mem_free(p.x);
    mem_free(p.values);
    mem_free(found);
    return ok;
}
