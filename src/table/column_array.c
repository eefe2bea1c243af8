/* Array cells: their shape, and a cell as the nested lists that JSON would hold. */
#include "table/column_array.h"

#include <math.h>

#include "base/mem.h"
#include "base/number.h"

size_t cell_shape_width(const CellShape *s)
{
    size_t width = 1;
    for (int i = 0; i < s->rank; i++)
        if (!mem_mul(width, s->dims[i], &width) || width > ARRAY_MOST)
            return 0;
    return width;
}

bool cell_shape_equal(const CellShape *a, const CellShape *b)
{
    bool same = a->rank == b->rank;
    for (int i = 0; same && i < a->rank; i++)
        same = a->dims[i] == b->dims[i];
    return same;
}

void cell_shape_format(const CellShape *s, Text *out)
{
    for (int i = 0; i < s->rank; i++)
        text_addf(out, "%s%zu", i ? "x" : "", s->dims[i]);
}

size_t column_channels(const Column *c)
{
    return c->shape.rank > 1 ? c->shape.dims[c->shape.rank - 1] : 1;
}

static void format_number(float x, Text *out)
{
    char number[NUMBER_ROOM];
    text_add(out, isfinite(x) ? number_format_real(x == 0 ? 0 : (double)x, number) : "null");
}

/* Brackets open before a number that begins a list of some depth, and close behind the one that ends it. */
static int lists_at(const CellShape *s, size_t number)
{
    int lists = 0;
    size_t size = 1;
    for (int i = s->rank - 1; i >= 0; i--) {
        size *= s->dims[i];
        lists += number % size == 0;
    }
    return lists;
}

void cell_array_format(const Column *c, size_t row, Text *out)
{
    const float *items = c->data.array + row * c->width;
    for (size_t i = 0; i < c->width; i++) {
        text_add(out, i ? ", " : "");
        for (int k = lists_at(&c->shape, i); k > 0; k--)
            text_add_char(out, '[');
        format_number(items[i], out);
        for (int k = lists_at(&c->shape, i + 1); k > 0; k--)
            text_add_char(out, ']');
    }
}
