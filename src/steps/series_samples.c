/* Copies of training rows, and their series changed one by one. */
#include "steps/series_samples.h"

#include <math.h>
#include <string.h>

typedef struct Changing {
    const StepInput *in;
    const SeriesSamples *how;
    size_t rows; /* as there were: the copies stand behind them */
} Changing;

static void change_one(const Changing *x, size_t copy, SeriesChange *s)
{
    Rng random = rng_begin(rng_child(x->in->key, copy));
    s->random = &random;
    x->how->change(x->in->params, s);
}

static bool change_array(const Changing *x, Column *c, Error *e)
{
    size_t channels = column_channels(c);
    float *from = mem_try_alloc(c->width + 1, sizeof *from, e);
    for (size_t i = x->rows; from && i < c->rows; i++) {
        float *to = c->data.array + i * c->width;
        if (!column_is_valid(c, i))
            continue;
        memcpy(from, to, c->width * sizeof *from);
        change_one(x, i - x->rows, &(SeriesChange){.from = from, .to = to, .places = c->width / channels, .channels = channels});
    }
    mem_free(from);
    return from != NULL;
}

static void put_place(Column *c, size_t row, float value)
{
    if (c->type == COLUMN_REAL)
        c->data.reals[row] = (double)value;
    else
        c->data.ints[row] = llround((double)value);
}

/* Columns side by side: the places of one series. */
static bool change_columns(const Changing *x, Column *const *columns, size_t count, Error *e)
{
    float *from = mem_try_alloc(2 * count + 1, sizeof *from, e), *to = from ? from + count : NULL;
    for (size_t i = x->rows; from && count && i < columns[0]->rows; i++) {
        bool is_whole = true;
        for (size_t k = 0; k < count; k++) {
            from[k] = to[k] = (float)column_real(columns[k], i);
            is_whole = is_whole && isfinite(from[k]);
        }
        if (is_whole)
            change_one(x, i - x->rows, &(SeriesChange){.from = from, .to = to, .places = count, .channels = 1});
        for (size_t k = 0; is_whole && k < count; k++)
            if (to[k] < from[k] || to[k] > from[k])
                put_place(columns[k], i, to[k]);
    }
    mem_free(from);
    return from != NULL;
}

static bool check(const StepInput *in, const int *columns, size_t count, Error *e)
{
    if (!count)
        return error_set(e, ERROR_USAGE, "no column holds arrays; make them by window or stack before, or name the columns of a series");
    for (size_t i = 0; i < count; i++) {
        const Column *c = in->rows->columns[columns[i]];
        const char *name = in->rows->names[columns[i]];
        if (c->type == COLUMN_ARRAY && c->shape.rank > 2)
            return error_set(e, ERROR_USAGE, "%s holds pictures, which have no order in time", name);
        if (c->type != COLUMN_ARRAY && c->type != COLUMN_INT && c->type != COLUMN_REAL)
            return error_set(e, ERROR_USAGE, "%s is %s, neither arrays nor numbers of a series", name, column_type_name(c->type));
    }
    return true;
}

static bool change_all(const Changing *x, const Table *t, const int *columns, size_t count, Error *e)
{
    Column **plain = mem_alloc((count + 1) * sizeof(Column *));
    size_t plains = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        Column *c = t->columns[columns[i]];
        if (c->type == COLUMN_ARRAY)
            ok = change_array(x, c, e);
        else
            plain[plains++] = c;
    }
    ok = ok && change_columns(x, plain, plains, e);
    mem_free(plain);
    return ok;
}

bool series_samples_add(Job *job, const StepInput *in, const SeriesSamples *how, Table **out, Error *e)
{
    Sampling r = {.job = job, .in = in};
    Changing x = {in, how, in->rows->rows};
    int *columns = NULL;
    size_t count = 0;
    *out = NULL;
    bool ok = tools_select(in, how->columns, &columns, &count, e) && check(in, columns, count, e) &&
              sampling_copies(&r, how->copies, out, e) && change_all(&x, *out, columns, count, e);
    mem_free(columns);
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}

float series_between(const SeriesChange *s, size_t channel, double at)
{
    size_t place = (size_t)fmax(0, fmin(floor(at), (double)(s->places - 1))), next = place + 1 < s->places ? place + 1 : place;
    double part = fmin(fmax(at - (double)place, 0), 1);
    double a = (double)s->from[place * s->channels + channel], b = (double)s->from[next * s->channels + channel];
    return (float)(a + part * (b - a));
}

double series_curve(const double *knots, size_t count, double at)
{
    double where = at * (double)(count - 1), part;
    size_t knot = (size_t)fmin(floor(where), (double)(count - 2));
    part = where - (double)knot;
    part = part * part * (3 - 2 * part); /* level at each knot */
    return knots[knot] + part * (knots[knot + 1] - knots[knot]);
}
