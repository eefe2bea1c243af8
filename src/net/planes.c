/* Which values share a plane: in the order of their birth, each takes the free plane that has to grow least. */
#include "net/model.h"

typedef struct Planes {
    PlaneUse *uses;
    size_t count, planes;
    size_t *rows;
} Planes;

static bool is_free(const Planes *p, size_t plane, const PlaneUse *use)
{
    for (size_t i = 0; i < p->count; i++) {
        const PlaneUse *u = &p->uses[i];
        if (u->plane == plane && (u->is_alone || use->is_alone || (u->born <= use->dies && use->born <= u->dies)))
            return false;
    }
    return true;
}

static size_t growth(const Planes *p, size_t plane, size_t row)
{
    return row > p->rows[plane] ? row - p->rows[plane] : 0;
}

static void place(Planes *p, PlaneUse *use)
{
    size_t best = SIZE_MAX;
    for (size_t k = 0; k < p->planes; k++)
        if (is_free(p, k, use) && (best == SIZE_MAX || growth(p, k, use->row) < growth(p, best, use->row) ||
                                   (growth(p, k, use->row) == growth(p, best, use->row) && p->rows[k] < p->rows[best])))
            best = k;
    if (best == SIZE_MAX || growth(p, best, use->row) >= use->row) {
        best = p->planes++;
        p->rows[best] = 0;
    }
    if (use->row > p->rows[best])
        p->rows[best] = use->row;
    use->plane = best;
}

size_t planes_assign(PlaneUse *uses, size_t count, size_t *rows)
{
    Planes p = {uses, count, 0, rows};
    for (size_t i = 0; i < count; i++)
        uses[i].plane = SIZE_MAX;
    for (;;) {
        PlaneUse *next = NULL;
        for (size_t i = 0; i < count; i++)
            if (uses[i].plane == SIZE_MAX && (!next || uses[i].born < next->born))
                next = &uses[i];
        if (!next)
            return p.planes;
        place(&p, next);
    }
}
