/* The walk over the numbers of a vector, and the way of its flags. */
#include "net/layers/number_columns.h"

NumberColumn number_column_before_first(void)
{
    return (NumberColumn){-1, SIZE_MAX, 0};
}

/* Those in between are flags. */
bool number_column_next(const NumberList *flags, Shape in, NumberColumn *c)
{
    for (c->place++; c->flag < flags->count && (int64_t)flags->items[c->flag] == c->place; c->place++)
        c->flag++;
    c->at++;
    return c->place < shape_size(in);
}

int64_t number_columns_count(const NumberList *flags, Shape in)
{
    return shape_size(in) - (int64_t)flags->count;
}

bool number_columns_shape(const NumberList *flags, int64_t width, Shape in, Shape *out, Error *e)
{
    if (!shape_is_vector(in)) {
        char *text = shape_text(in);
        error_set(e, ERROR_USAGE, "it reads a vector of numbers, but its input is %s; name the numbers in its from, or flatten it", text);
        mem_free(text);
        return false;
    }
    for (size_t i = 0; i < flags->count; i++)
        if (flags->items[i] >= (double)shape_size(in) || (i && flags->items[i] <= flags->items[i - 1]))
            return error_set(e, ERROR_USAGE, "its flags must be places of its input in ascending order, below %lld",
                             (long long)shape_size(in));
    *out = shape_vector(number_columns_count(flags, in) * width + (int64_t)flags->count);
    return true;
}

void number_columns_pass_flags(const NumberList *flags, const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (size_t r = 0; r < p->rows; r++)
        for (size_t i = 0; i < flags->count; i++)
            p->y[(r + 1) * out - flags->count + i] = p->x[r * in + (size_t)flags->items[i]];
}

void number_columns_flags_back(const NumberList *flags, const LayerPass *p)
{
    size_t in = (size_t)shape_size(p->in), out = (size_t)shape_size(p->out);
    for (size_t r = 0; p->dx && r < p->rows; r++)
        for (size_t i = 0; i < flags->count; i++)
            p->dx[r * in + (size_t)flags->items[i]] = p->dy[(r + 1) * out - flags->count + i];
}
