/* Shapes of rows, in words and in files; and what a net is fed with. */
#include <string.h>

#include "net/net.h"

static const int64_t MOST_NUMBERS = (int64_t)1 << 28; /* of a row, so that products of sizes stay in range */

static bool is_size(int64_t n)
{
    return n > 0 && n <= MOST_NUMBERS;
}

bool shape_is_size(Shape s)
{
    return is_size(s.height) && is_size(s.length) && is_size(s.channels) && is_size(s.height * s.length) && is_size(shape_size(s));
}

char *shape_text(Shape s)
{
    if (shape_is_vector(s))
        return text_format("Nx%lld", (long long)s.length);
    if (s.rank == 2)
        return text_format("Nx%lldx%lld", (long long)s.length, (long long)s.channels);
    return text_format("Nx%lldx%lldx%lld", (long long)s.height, (long long)s.length, (long long)s.channels);
}

Value *shape_to_value(Shape s)
{
    Value *v = value_list();
    if (s.rank == 3)
        value_add(v, value_int(s.height));
    value_add(v, value_int(s.length));
    if (s.rank > 1)
        value_add(v, value_int(s.channels));
    return v;
}

bool shape_from_value(Shape *s, const Value *v, Error *e)
{
    int64_t sizes[3] = {1, 1, 1};
    size_t rank = v && v->type == VALUE_LIST ? v->size : 0;
    bool ok = rank >= 1 && rank <= 3;
    for (size_t i = 0; ok && i < rank; i++) {
        ok = v->items[i]->type == VALUE_INT;
        sizes[i] = ok ? v->items[i]->integer : 0;
    }
    *s = rank == 3 ? shape_image(sizes[0], sizes[1], sizes[2]) : rank == 2 ? shape_sequence(sizes[0], sizes[1]) : shape_vector(sizes[0]);
    return (ok && shape_is_size(*s)) || error_set(e, ERROR_FAILED, "its shape is no list of one to three sizes");
}

void net_input_flags(const NetInput *in, NumberList *places)
{
    int64_t size = shape_size(in->shape);
    size_t count = 0;
    for (int64_t i = 0; i < size; i++)
        count += net_input_is_flag(in, i);
    places->items = mem_realloc(places->items, (count + 1) * sizeof *places->items);
    places->count = 0;
    for (int64_t i = 0; i < size; i++)
        if (net_input_is_flag(in, i))
            places->items[places->count++] = (double)i;
}

bool net_input_equal(const NetInput *a, const NetInput *b)
{
    bool same = shape_equal(a->shape, b->shape) && a->count == b->count && a->knows_flags == b->knows_flags &&
                memcmp(a->flags, b->flags, sizeof a->flags) == 0;
    for (size_t i = 0; same && i < a->count; i++)
        same = text_equal(a->parts[i].name, b->parts[i].name) && a->parts[i].from == b->parts[i].from &&
               shape_equal(a->parts[i].shape, b->parts[i].shape);
    return same;
}
