/* How columns lie in the rows that a net is fed with: numbers side by side, arrays joined along their channels or laid flat. */
#include <math.h>
#include <string.h>

#include "learn/batch.h"

/* Length x channels, or height x width x channels. */
static Shape array_shape(const Column *c)
{
    int64_t channels = (int64_t)column_channels(c);
    if (c->shape.rank > 2)
        return shape_image((int64_t)c->shape.dims[0], (int64_t)c->shape.dims[1], channels);
    return shape_sequence((int64_t)c->width / channels, channels);
}

/* Arrays alone, all of the same places. */
static bool do_join(const FeaturePlan *p)
{
    bool join = p->count > 0;
    for (size_t k = 0; join && k < p->count; k++) {
        const Column *c = p->items[k].column;
        join = c->type == COLUMN_ARRAY;
        if (!join)
            break;
        Shape own = array_shape(c), first = array_shape(p->items[0].column);
        join = shape_equal(shape_with_channels(own, 1), shape_with_channels(first, 1));
    }
    return join;
}

static void join_channels(FeaturePlan *p)
{
    Shape shape = array_shape(p->items[0].column);
    int64_t channels = 0;
    for (size_t k = 0; k < p->count; k++) {
        FeaturePlace *f = &p->items[k];
        f->places = (size_t)shape_places(shape);
        f->channels = column_channels(f->column);
        f->from = (size_t)channels;
        channels += (int64_t)f->channels;
    }
    for (size_t k = 0; k < p->count; k++)
        p->items[k].step = (size_t)channels;
    p->input = net_input(shape_with_channels(shape, channels));
}

/* One more than the largest of whole numbers from 0; 0: there are others. */
static int64_t levels_of(const Column *c)
{
    static const float MOST = 1 << 24;
    float most = -1;
    for (size_t i = 0; i < c->rows; i++)
        for (size_t k = 0; column_is_valid(c, i) && k < c->width; k++) {
            float v = c->data.array[i * c->width + k];
            if (!(v >= 0 && v < MOST) || v != (float)(int64_t)v)
                return 0;
            most = v > most ? v : most;
        }
    return 1 + (int64_t)most;
}

static void add_part(NetInput *input, const char *name, int64_t from, const Column *array, Shape shape)
{
    NetPart *part = &input->parts[input->count];
    if (input->count == NET_PARTS || strlen(name) >= sizeof part->name)
        return;
    part->levels = array ? levels_of(array) : 0;
    memcpy(part->name, name, strlen(name) + 1);
    part->from = from;
    part->shape = shape;
    input->count++;
}

/* Numbers that lie one behind the other, as features_find puts them, and each array. */
static void name_parts(FeaturePlan *p, const TextList *features)
{
    int64_t numbers = 0, first = -1, last = -1;
    for (size_t k = 0; k < p->count; k++) {
        const FeaturePlace *f = &p->items[k];
        if (f->column->type == COLUMN_ARRAY)
            continue;
        first = numbers++ ? first : (int64_t)f->from;
        last = (int64_t)f->from;
    }
    if (numbers && last - first + 1 == numbers)
        add_part(&p->input, "numbers", first, NULL, shape_vector(numbers));
    for (size_t k = 0; k < p->count; k++)
        if (p->items[k].column->type == COLUMN_ARRAY)
            add_part(&p->input, features->items[k], (int64_t)p->items[k].from, p->items[k].column, array_shape(p->items[k].column));
}

static void note_flags(FeaturePlan *p)
{
    p->input.knows_flags = true;
    for (size_t k = 0; k < p->count; k++) {
        size_t at = p->items[k].from;
        if (p->items[k].column->type == COLUMN_BOOL && at < NET_FLAGS)
            p->input.flags[at / 64] |= UINT64_C(1) << at % 64;
    }
}

static void lay_flat(FeaturePlan *p, const TextList *features)
{
    int64_t numbers = 0;
    bool has_arrays = false;
    for (size_t k = 0; k < p->count; k++) {
        FeaturePlace *f = &p->items[k];
        *f = (FeaturePlace){.column = f->column, .from = (size_t)numbers, .places = 1, .channels = f->column->width};
        f->step = f->channels;
        numbers += (int64_t)f->channels;
        has_arrays = has_arrays || f->column->type == COLUMN_ARRAY;
    }
    p->input = net_input(has_arrays ? shape_flat(numbers) : shape_vector(numbers));
    note_flags(p);
    if (has_arrays)
        name_parts(p, features);
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
        lay_flat(out, features);
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
    size_t width = (size_t)shape_size(p->input.shape), rows = p->count ? p->items[0].column->rows : 0;
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
                             (long long)p->input.shape.length);
    text_done(&arrays);
    return p->input.shape.rank == 0 ? text : (mem_free(text), NULL);
}

bool features_check_shape(Shape found, Shape net, Error *e)
{
    if (shape_is_vector(found) == shape_is_vector(net) && shape_places(found) == shape_places(net) && found.length == net.length &&
        found.channels == net.channels)
        return true;
    char *is = shape_text(found), *due = shape_text(net);
    error_set(e, ERROR_FAILED, "the rows are %s to the net, which was made for %s", is, due);
    mem_free(is);
    mem_free(due);
    return false;
}
