/* lb.chart: the curves of a training as plain characters, for logs and terminals without a workbench; lb.curve: its card. */
#include <math.h>

#include "base/io.h"
#include "base/number.h"
#include "learn/curve.h"
#include "run/tail.h"
#include "script/bind.h"
#include "script/objects.h"
#include "script/value.h"

enum { CHART_WIDTH = 64, CHART_HEIGHT = 12, LABEL = 8 };

typedef struct Chart {
    double low, high, first, last;
    char cells[CHART_HEIGHT][CHART_WIDTH + 1];
} Chart;

static void stretch(Chart *c, const TailSeries *s)
{
    for (size_t i = 0; s && i < s->count; i++) {
        if (!isfinite(s->y[i]))
            continue;
        c->low = fmin(c->low, s->y[i]);
        c->high = fmax(c->high, s->y[i]);
        c->first = fmin(c->first, s->x[i]);
        c->last = fmax(c->last, s->x[i]);
    }
}

/* Every column is drawn, between the points by the line that joins them. */
static void draw(Chart *c, const TailSeries *s, char mark)
{
    double span = c->last > c->first ? c->last - c->first : 1;
    for (size_t i = 0; s && i + 1 < s->count; i++) {
        int from = (int)lround((s->x[i] - c->first) / span * (CHART_WIDTH - 1)),
            to = (int)lround((s->x[i + 1] - c->first) / span * (CHART_WIDTH - 1));
        for (int x = from; x <= to && x >= 0 && x < CHART_WIDTH; x++) {
            double share = to > from ? (double)(x - from) / (to - from) : 1, y = s->y[i] + share * (s->y[i + 1] - s->y[i]);
            if (!isfinite(y))
                continue;
            int row = (int)lround((c->high - y) / (c->high - c->low) * (CHART_HEIGHT - 1));
            char *cell = &c->cells[row][x];
            *cell = *cell == ' ' || *cell == mark ? mark : '*';
        }
    }
}

static void print_chart(const Chart *c, const char *metric, Text *out)
{
    char number[NUMBER_ROOM];
    text_addf(out, "%s   t train  v valid  * both\n", metric);
    for (int row = 0; row < CHART_HEIGHT; row++) {
        double y = c->high - (c->high - c->low) * row / (CHART_HEIGHT - 1);
        bool labelled = row % 4 == 0 || row == CHART_HEIGHT - 1;
        text_addf(out, "%*s |", LABEL, labelled ? number_format_fixed(y, 3, number) : "");
        size_t size = CHART_WIDTH;
        while (size && c->cells[row][size - 1] == ' ')
            size--;
        text_add_bytes(out, c->cells[row], size);
        text_add_char(out, '\n');
    }
    text_addf(out, "%*s +", LABEL, "");
    for (int i = 0; i < CHART_WIDTH; i++)
        text_add_char(out, '-');
    text_addf(out, "\n%*s  epoch %.0f to %.0f", LABEL, "", c->first, c->last);
}

static bool chart_draw(const Tail *t, const char *metric, Text *out, Error *e)
{
    char *train = text_format("train.%s", metric), *valid = text_format("valid.%s", metric);
    const TailSeries *a = tail_series(t, train), *b = tail_series(t, valid);
    mem_free(train);
    mem_free(valid);
    if (!a && !b)
        return error_set(e, ERROR_FAILED, "chart: the run recorded no %s", metric);
    Chart *c = MEM_NEW(Chart);
    *c = (Chart){.low = (double)INFINITY, .high = -(double)INFINITY, .first = (double)INFINITY, .last = -(double)INFINITY};
    for (int row = 0; row < CHART_HEIGHT; row++)
        for (int x = 0; x < CHART_WIDTH; x++)
            c->cells[row][x] = ' ';
    stretch(c, a);
    stretch(c, b);
    if (!(c->high > c->low)) {
        c->low = isfinite(c->low) ? c->low - 0.5 : 0;
        c->high = c->low + 1;
    }
    draw(c, a, 't');
    draw(c, b, 'v');
    print_chart(c, metric, out);
    mem_free(c);
    return true;
}

/* The run of the model in which it was trained; NULL: e says why. */
static Tail *open_run(lua_State *L, const char *what, Error *e)
{
    const ModelObject *o = model_check(L, 1);
    if (!o->bundles[0]->path) {
        error_set(e, ERROR_USAGE, "%s: this model has no run directory", what);
        return NULL;
    }
    char *directory = io_directory(o->bundles[0]->path);
    Tail *t = tail_open(directory, e);
    mem_free(directory);
    if (t)
        tail_poll(t, false, e);
    return t;
}

/* lb.chart(model [, METRIC]): a text. */
int chart_lua(lua_State *L)
{
    Error e = {0};
    if (state_of(L)->document || hollow_is(L, 1))
        return hollow_push(L);
    const char *metric = luaL_optstring(L, 2, METRIC_LOSS);
    Tail *t = open_run(L, "chart", &e);
    Text out = {0};
    bool ok = t && !e.code && chart_draw(t, metric, &out, &e);
    tail_free(t);
    lua_pushstring(L, text_get(&out));
    text_done(&out);
    return ok ? 1 : state_raise(L, &e);
}

/* lb.curve(model): the curve card of its training as a table. */
int curve_lua(lua_State *L)
{
    Error e = {0};
    if (state_of(L)->document || hollow_is(L, 1))
        return hollow_push(L);
    Tail *t = open_run(L, "curve", &e);
    if (!t || e.code) {
        tail_free(t);
        return state_raise(L, &e);
    }
    Curve c;
    curve_init(&c, t);
    Value *v = curve_value(&c);
    curve_done(&c);
    tail_free(t);
    value_push(L, v);
    value_free(v);
    return 1;
}
