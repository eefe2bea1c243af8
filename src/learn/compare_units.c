/* Rows of one customer or site are alike: what varies independently is the unit. Shares of rows become shares of units, whose mean is
 * the same and whose spread is that of sampling whole units. */
#include <math.h>
#include <stdlib.h>

#include "learn/compare.h"

typedef struct Place {
    uint64_t unit;
    size_t row;
} Place;

static int by_unit(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t count_units(const Place *places, size_t rows, size_t *largest)
{
    size_t count = 0, size = 0;
    *largest = 0;
    for (size_t i = 0; i < rows; i++) {
        bool begins = i == 0 || places[i].unit != places[i - 1].unit;
        count += begins;
        size = begins ? 1 : size + 1;
        *largest = size > *largest ? size : *largest;
    }
    return count;
}

/* Unit g gets units / rows times the sum of its rows' shares. */
static void add_up(const Place *places, size_t units, const PairedFigures *rows, double *out)
{
    double scale = (double)units / (double)rows->rows;
    size_t at = 0;
    for (size_t i = 0; i < rows->rows; i++) {
        at += i > 0 && places[i].unit != places[i - 1].unit;
        for (size_t s = 0; s < rows->seeds; s++)
            out[at * rows->seeds + s] += scale * rows->shares[places[i].row * rows->seeds + s];
    }
}

bool figures_by_unit(const uint64_t *units, PairedFigures *figures, Error *e)
{
    Place *places = mem_try_alloc(figures->rows + 1, sizeof *places, e);
    if (!places)
        return false;
    for (size_t i = 0; i < figures->rows; i++)
        places[i] = (Place){units[i], i};
    qsort(places, figures->rows, sizeof *places, by_unit);
    size_t largest, count = count_units(places, figures->rows, &largest);
    double *shares = mem_try_alloc((count + 1) * figures->seeds, sizeof *shares, e);
    if (shares) {
        add_up(places, count, figures, shares);
        mem_free((double *)(uintptr_t)figures->shares);
        figures->shares = shares;
        figures->widest *= (double)largest * (double)count / (double)figures->rows;
        figures->rows = count;
        figures->independent = count < figures->independent ? count : figures->independent;
    }
    mem_free(places);
    return shares != NULL;
}
