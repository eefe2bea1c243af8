/* Where the values of a step lie. A value lives from its layer's forward pass to its backward pass; its gradient from the first layer
 * that writes it to its layer's backward pass. What never lives together shares a plane. */
#include "net/trainer.h"

static bool is_trained(const Model *m, const ModelLayer *l)
{
    for (size_t k = 0; k < l->tensor_count; k++)
        if (m->tensors[l->tensor_from + k].shown.is_trained)
            return true;
    return false;
}

/* A layer's gradient is needed where it, or anything that it reads, has something to learn. The last layer to read a value is the first
 * to write its gradient; the others add theirs. */
void trainer_plan_gradients(Trainer *t)
{
    const Model *m = t->m;
    for (size_t i = 0; i < m->count; i++) {
        const ModelLayer *l = &m->items[i];
        TrainerLayer *own = &t->layers[i];
        bool learns = is_trained(m, l);
        for (size_t k = 0; k < l->inputs; k++) {
            own->x[k] = model_value_root(m, l->from[k]);
            learns = learns || (own->x[k] && t->layers[own->x[k] - 1].dy.row);
        }
        own->dy.row = learns && !l->is_alias ? (size_t)shape_size(l->out) : 0;
    }
    for (size_t i = m->count; i-- > 0;) {
        TrainerLayer *own = &t->layers[i];
        if (!own->dy.row)
            continue;
        for (size_t k = 0; k < m->items[i].inputs; k++) {
            TrainerLayer *read = own->x[k] ? &t->layers[own->x[k] - 1] : NULL;
            if (!read || !read->dy.row)
                continue;
            own->dx[k].row = read->dy.row;
            own->is_added[k] = read->is_written;
            read->is_written = true;
        }
    }
}

typedef struct Uses {
    PlaneUse *items;
    TrainerPlane **places; /* whose each is */
    size_t count;
    size_t *forward, *backward; /* moments of each layer */
} Uses;

static bool make_uses(Trainer *t, Uses *u, Error *e)
{
    size_t layers = t->m->count, most = layers * (2 + LAYER_INPUTS) + 1;
    *u = (Uses){0};
    u->items = arena_alloc(&t->arena, most, sizeof *u->items, e);
    u->places = arena_alloc(&t->arena, most, sizeof(TrainerPlane *), e);
    u->forward = arena_alloc(&t->arena, layers, sizeof *u->forward, e);
    u->backward = arena_alloc(&t->arena, layers, sizeof *u->backward, e);
    return u->items && u->places && u->forward && u->backward;
}

static void note_moments(const Trainer *t, Uses *u)
{
    for (size_t at = 0; at < t->program_size; at++) {
        const Instruction *i = &t->program[at];
        if (i->action == DO_FORWARD)
            u->forward[i->layer] = u->backward[i->layer] = at;
        else if (i->action == DO_BACKWARD || (i->action == DO_LOSS && !u->backward[i->layer]))
            u->backward[i->layer] = at;
    }
}

static void use(Uses *u, TrainerPlane *place, PlaneUse life)
{
    u->items[u->count] = life;
    u->places[u->count++] = place;
}

/* The layer whose backward pass is the first to write the gradient of value i + 1: the last one to read it; the loss for the head. */
static size_t first_writer(const Trainer *t, const Uses *u, size_t i, size_t loss)
{
    size_t born = t->m->items[i].is_head ? loss : SIZE_MAX;
    for (size_t r = i + 1; r < t->m->count; r++)
        for (size_t k = 0; k < t->m->items[r].inputs; k++)
            if (t->layers[r].dx[k].row && t->layers[r].x[k] == i + 1 && !t->layers[r].is_added[k])
                born = u->backward[r];
    return born;
}

/* A value that is read where nothing is learned lives until its last reader's forward pass. */
static size_t last_read(const Trainer *t, const Uses *u, size_t i)
{
    size_t last = u->backward[i];
    for (size_t r = i + 1; r < t->m->count; r++)
        for (size_t k = 0; k < t->m->items[r].inputs; k++)
            if (!t->m->items[r].is_alias && t->layers[r].x[k] == i + 1 && u->backward[r] > last)
                last = u->backward[r];
    return last;
}

static void collect(Trainer *t, Uses *u)
{
    const Model *m = t->m;
    size_t loss = 0;
    while (t->program[loss].action != DO_LOSS)
        loss++;
    for (size_t i = 0; i < m->count; i++) {
        TrainerLayer *own = &t->layers[i];
        size_t row = (size_t)shape_size(m->items[i].out);
        if (m->items[i].is_alias)
            continue;
        use(u, &own->y,
            (PlaneUse){.row = row, .born = u->forward[i], .dies = last_read(t, u, i), .is_alone = m->items[i].is_head || t->is_whole});
        if (!own->dy.row)
            continue;
        use(u, &own->dy, (PlaneUse){.row = row, .born = first_writer(t, u, i, loss), .dies = u->backward[i], .is_alone = t->is_whole});
        for (size_t k = 0; k < m->items[i].inputs; k++)
            if (own->is_added[k])
                use(u, &own->dx[k], (PlaneUse){.row = own->dx[k].row, .born = u->backward[i], .dies = u->backward[i]});
    }
}

/* Gradients that are written where they belong. */
static void share_gradients(Trainer *t)
{
    for (size_t i = 0; i < t->m->count; i++)
        for (size_t k = 0; k < t->m->items[i].inputs; k++)
            if (t->layers[i].dx[k].row && !t->layers[i].is_added[k])
                t->layers[i].dx[k] = t->layers[t->layers[i].x[k] - 1].dy;
}

bool trainer_build_planes(Trainer *t, Error *e)
{
    Uses u;
    if (!make_uses(t, &u, e))
        return false;
    note_moments(t, &u);
    collect(t, &u);
    size_t *rows = arena_alloc(&t->arena, u.count + 1, sizeof *rows, e);
    float **planes = arena_alloc(&t->arena, u.count + 1, sizeof *planes, e);
    if (!rows || !planes)
        return false;
    size_t count = planes_assign(u.items, u.count, rows), cells;
    for (size_t k = 0; k < count; k++) {
        if (!mem_mul(t->plane_rows, rows[k], &cells))
            return error_set(e, ERROR_MEMORY, "batch of %zu rows is too large for this net", t->plane_rows);
        if (!(planes[k] = arena_alloc(&t->arena, cells, sizeof(float), e)))
            return false;
    }
    for (size_t i = 0; i < u.count; i++)
        *u.places[i] = (TrainerPlane){planes[u.items[i].plane], rows[u.items[i].plane]};
    share_gradients(t);
    return true;
}
