/* Losses of modules: pass(outputs, truth, weights, params) gives the losses and their gradients by the outputs, both before the weights
 * of rows. The state lives as long as the training: it is called for each batch. */
#include "net/losses/defined.h"
#include "script/host.h"
#include "script/value.h"
#include "script/vector.h"

typedef struct LossState {
    Host *host;
    SpecUse use;
    Value *params;
} LossState;

typedef struct LossWork {
    const LossPass *pass;
    const Value *params;
    double total;
} LossWork;

static void loss_close(void *state)
{
    LossState *s = state;
    if (!s)
        return;
    host_close(s->host);
    value_free(s->params);
    mem_free(s);
}

static void *loss_open(const SpecUse *use, Error *e)
{
    LossState *s = MEM_NEW(LossState);
    s->use = *use;
    s->params = fields_to_value(use->spec->params, use->params, true);
    s->host = host_open(module_of(use->spec), NULL, e);
    if (s->host)
        return s;
    loss_close(s);
    return NULL;
}

/* The numbers of a function's vectors: one for each row; of values one for each number of each row, row after row. */
static size_t cells_of(const LossPass *p)
{
    return p->labels ? p->rows : p->rows * p->width;
}

static double cell_weight(const LossPass *p, size_t cell)
{
    return loss_weight(p, p->labels ? cell : cell / p->width);
}

/* A loss of several numbers is their mean. */
static double cell_share(const LossPass *p)
{
    return p->labels ? 1 : 1 / (double)p->width;
}

static void push_floats(lua_State *L, const float *from, size_t step, size_t count)
{
    Vector *v = vector_push(L, count);
    for (size_t i = 0; i < count; i++)
        v->cells[i] = (double)from[i * step];
}

/* Of classes a vector for each. */
static void push_outputs(lua_State *L, const LossPass *p)
{
    if (!p->labels) {
        push_floats(L, p->outputs, 1, cells_of(p));
        return;
    }
    lua_createtable(L, (int)p->width, 0);
    for (size_t k = 0; k < p->width; k++) {
        push_floats(L, p->outputs + k, p->width, p->rows);
        lua_rawseti(L, -2, (lua_Integer)k + 1);
    }
}

static void push_truth(lua_State *L, const LossPass *p)
{
    if (!p->labels) {
        push_floats(L, p->values, 1, cells_of(p));
        return;
    }
    Vector *v = vector_push(L, p->rows);
    v->whole = true;
    for (size_t r = 0; r < p->rows; r++)
        v->cells[r] = p->labels[r] + 1;
}

static void push_weights(lua_State *L, const LossPass *p)
{
    if (!p->weights) {
        lua_pushnil(L);
        return;
    }
    Vector *v = vector_push(L, cells_of(p));
    for (size_t i = 0; i < v->count; i++)
        v->cells[i] = cell_weight(p, i);
}

/* The value at index as a vector of all cells; NULL with the error set. */
static const Vector *cells_at(lua_State *L, int index, const LossPass *p, const char *what, HostCall *c)
{
    if (!vector_test(L, index) && !lua_istable(L, index)) {
        error_set(&c->e, ERROR_FAILED, "a %s as %s, not a vector of %zu numbers", luaL_typename(L, index), what, cells_of(p));
        return NULL;
    }
    const Vector *v = vector_take(L, index);
    if (v->count == cells_of(p))
        return v;
    error_set(&c->e, ERROR_FAILED, "%zu numbers as %s of %zu", v->count, what, cells_of(p));
    return NULL;
}

static void take_losses(lua_State *L, int index, LossWork *w, HostCall *c)
{
    const Vector *losses = cells_at(L, index, w->pass, "losses", c);
    for (size_t i = 0; losses && i < losses->count; i++)
        w->total += cell_weight(w->pass, i) * cell_share(w->pass) * losses->cells[i];
}

/* Into every `step`-th number from `to` on. */
static void take_gradient(lua_State *L, int index, const LossPass *p, float *to, HostCall *c)
{
    const Vector *g = cells_at(L, index, p, "gradients", c);
    size_t step = p->labels ? p->width : 1;
    for (size_t i = 0; g && i < g->count; i++)
        to[i * step] = (float)(cell_weight(p, i) * cell_share(p) * p->scale * g->cells[i]);
}

static void take_gradients(lua_State *L, int index, const LossPass *p, HostCall *c)
{
    if (!p->labels) {
        take_gradient(L, index, p, p->gradient, c);
        return;
    }
    if (!lua_istable(L, index) || lua_rawlen(L, index) != p->width) {
        error_set(&c->e, ERROR_FAILED, "gradients that are no list of %zu vectors, for each class one", p->width);
        return;
    }
    for (size_t k = 0; !c->e.code && k < p->width; k++) {
        lua_rawgeti(L, index, (lua_Integer)k + 1);
        take_gradient(L, lua_gettop(L), p, p->gradient + k, c);
        lua_pop(L, 1);
    }
}

static int call_pass(lua_State *L)
{
    HostCall *c = lua_touserdata(L, 1);
    LossWork *w = c->own;
    host_push_function(L, c);
    push_outputs(L, w->pass);
    push_truth(L, w->pass);
    push_weights(L, w->pass);
    value_push(L, w->params);
    lua_call(L, 4, 2);
    take_losses(L, lua_gettop(L) - 1, w, c);
    if (!c->e.code)
        take_gradients(L, lua_gettop(L), w->pass, c);
    return c->e.code ? host_raise(L, c) : 0;
}

static double loss_pass(const LossPass *p)
{
    LossState *s = p->state;
    LossWork w = {.pass = p, .params = s->params};
    HostCall c = {.member = s->use.spec, .family = "loss", .function = "pass", .body = call_pass, .own = &w};
    if (!host_call_in(s->host, &c, p->error))
        error_prefix(p->error, "loss %s: ", s->use.spec->name);
    return w.total;
}

void host_open_losses(void)
{
    static const LossHost host = {loss_open, loss_close, loss_pass};
    defined_losses_open(&host);
}
