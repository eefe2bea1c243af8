/* How columns lie in the rows that a net is fed with: numbers side by side, arrays joined along their channels or laid flat. */
#include <math.h>

#include "learn/batch.h"

/* Length x channels; a picture has height * width places. */
static Shape array_shape(const Column *c)
{
    int64_t channels = (int64_t)column_channels(c);
    return (Shape){2, (int64_t)c->width / channels, channels};
}

static bool is_picture(const Column *c)
{
    return c->shape.rank > 2;
}

/* Arrays alone, all of one length. */
static bool do_join(const FeaturePlan *p)
{
    bool join = p->count > 0;
    for (size_t k = 0; join && k < p->count; k++) {
        const Column *c = p->items[k].column;
        join = c->type == COLUMN_ARRAY && !is_picture(c) && array_shape(c).length == array_shape(p->items[0].column).length;
    }
    return join;
}

static void join_channels(FeaturePlan *p)
{
    p->shape = array_shape(p->items[0].column);
    p->shape.channels = 0;
    for (size_t k = 0; k < p->count; k++) {
        FeaturePlace *f = &p->items[k];
        f->places = (size_t)p->shape.length;
        f->channels = column_channels(f->column);
        f->from = (size_t)p->shape.channels;
        p->shape.channels += (int64_t)f->channels;
    }
    for (size_t k = 0; k < p->count; k++)
        p->items[k].step = (size_t)p->shape.channels;
}

static void lay_flat(FeaturePlan *p)
{
    p->shape = (Shape){1, 0, 1};
    for (size_t k = 0; k < p->count; k++) {
        FeaturePlace *f = &p->items[k];
        *f = (FeaturePlace){.column = f->column, .from = (size_t)p->shape.length, .places = 1, .channels = f->column->width};
        f->step = f->channels;
        p->shape.length += (int64_t)f->channels;
        if (f->column->type == COLUMN_ARRAY)
            p->shape.rank = 0;
    }
}

bool features_plan(const Table *t, const TextList *features, FeaturePlan *out, Error *e)
{
    *out = (FeaturePlan){.items = mem_alloc((features->count + 1) * sizeof *out->items)};
    for (size_t k = 0; k < features->count; k++) {
        const Column *c = table_column(t, features->items[k]);
        if (!c)
            return error_set(e, ERROR_FAILED, "column %s is not there", features->items[k]);
        if (!column_is_numeric(c) && c->type != COLUMN_ARRAY)
            return error_set(e, ERROR_FAILED, "column %s is %s, expected numbers", features->items[k], column_type_name(c->type));
        out->items[out->count++].column = c;
    }
    if (do_join(out))
        join_channels(out);
    else
        lay_flat(out);
    return true;
}

void features_plan_done(FeaturePlan *p)
{
    mem_free(p->items);
    *p = (FeaturePlan){0};
}

/* Cells of one column, rows from .. to - 1, into every width-th place of x. */
static void fill_numbers(const Column *c, size_t from, size_t to, float *x, size_t width)
{
    for (size_t i = from; i < to; i++, x += width) {
        float value = c->type == COLUMN_REAL ? (float)c->data.reals[i] : (float)column_real(c, i);
        *x = isfinite(value) && column_is_valid(c, i) ? value : NAN;
    }
}

static void fill_arrays(const FeaturePlace *f, size_t from, size_t to, float *x, size_t width)
{
    const Column *c = f->column;
    for (size_t i = from; i < to; i++, x += width)
        for (size_t place = 0; place < f->places; place++)
            for (size_t k = 0; k < f->channels; k++) {
                float value = c->data.array[i * c->width + place * f->channels + k];
                x[place * f->step + k] = isfinite(value) && column_is_valid(c, i) ? value : NAN;
            }
}

/* Some rows at a time, so that a row of x is still in the cache when the next column writes to it. */
void features_fill(const FeaturePlan *p, float *x)
{
    enum { ROWS = 64 };
    size_t width = (size_t)shape_size(p->shape), rows = p->count ? p->items[0].column->rows : 0;
    for (size_t from = 0; from < rows; from += ROWS)
        for (size_t k = 0; k < p->count; k++) {
            const FeaturePlace *f = &p->items[k];
            size_t to = from + ROWS < rows ? from + ROWS : rows;
            float *first = x + from * width + f->from;
            if (f->column->type == COLUMN_ARRAY)
                fill_arrays(f, from, to, first, width);
            else
                fill_numbers(f->column, from, to, first, width);
        }
}

bool feature_is_whole(const FeaturePlace *f, const float *row)
{
    for (size_t place = 0; place < f->places; place++)
        for (size_t k = 0; k < f->channels; k++)
            if (isnan(row[f->from + place * f->step + k]))
                return false;
    return true;
}

char *features_flat_text(const FeaturePlan *p, const TextList *features)
{
    Text arrays = {0};
    size_t others = 0;
    for (size_t k = 0; k < p->count; k++) {
        const Column *c = p->items[k].column;
        others += c->type != COLUMN_ARRAY;
        if (c->type != COLUMN_ARRAY)
            continue;
        text_addf(&arrays, "%s%s ", arrays.size ? ", " : "", features->items[k]);
        cell_shape_format(&c->shape, &arrays);
    }
    char *text = text_format("arrays lie flat: %s and %zu number%s make Nx%lld", text_get(&arrays), others, others == 1 ? "" : "s",
                             (long long)p->shape.length);
    text_done(&arrays);
    return p->shape.rank == 0 ? text : (mem_free(text), NULL);
}

bool features_check_shape(Shape found, Shape net, Error *e)
{
    if (shape_is_vector(found) == shape_is_vector(net) && found.length == net.length && found.channels == net.channels)
        return true;
    char *is = shape_text(found), *due = shape_text(net);
    error_set(e, ERROR_FAILED, "the rows are %s to the net, which was made for %s", is, due);
    mem_free(is);
    mem_free(due);
    return false;
}
