/* Two nets side by side in the Net view: A, which is being edited, and B, which was pinned; and what came of training both. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"
#include "learn/figure.h"
#include "net/metrics/metric.h"
#include "views/commands.h"
#include "views/frame.h"
#include "views/net.h"

enum { LINES_MOST = 400, NONE = -1, BESIDE_LEAST = 70, SEEDS = 5 };

typedef struct Pair { /* lines of A and of B that are the same, or one that the other net has not */
    int a, b;
} Pair;

typedef struct Pairs {
    const Model *a, *b;
    Pair *items;
    size_t count;
    bool beside; /* there is room for both */
} Pairs;

static char *line_text(const Model *m, size_t line)
{
    ModelLayerInfo info = model_layer_info(m, line);
    char *text = text_format("%d %s %s", info.depth, info.layer, info.is_head ? "" : info.settings);
    model_layer_info_done(&info);
    return text;
}

static size_t count_lines(const Model *m)
{
    size_t count = model_layer_count(m);
    return count < LINES_MOST ? count : LINES_MOST;
}

static char **all_lines(const Model *m, size_t count)
{
    char **lines = mem_alloc((count + 1) * sizeof *lines);
    for (size_t i = 0; i < count; i++)
        lines[i] = line_text(m, i);
    return lines;
}

static void free_lines(char **lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(lines[i]);
    mem_free(lines);
}

/* Along the longest common subsequence; what only B has stands before what only A has. */
static void walk(Pairs *p, const uint16_t *common, char **a, char **b)
{
    size_t rows = count_lines(p->a), across = count_lines(p->b), i = 0, k = 0;
    while (i < rows || k < across) {
        size_t at = i * (across + 1) + k;
        if (i < rows && k < across && text_equal(a[i], b[k]))
            p->items[p->count++] = (Pair){(int)i++, (int)k++};
        else if (k < across && (i == rows || common[at + 1] >= common[at + across + 1]))
            p->items[p->count++] = (Pair){NONE, (int)k++};
        else
            p->items[p->count++] = (Pair){(int)i++, NONE};
    }
}

static Pairs pairs_of(const Model *a, const Model *b)
{
    size_t rows = count_lines(a), across = count_lines(b);
    char **left = all_lines(a, rows), **right = all_lines(b, across);
    Pairs p = {.a = a, .b = b, .items = mem_alloc((rows + across + 1) * sizeof(Pair))};
    uint16_t *common = mem_alloc((rows + 1) * (across + 1) * sizeof *common);
    for (size_t i = rows; i-- > 0;)
        for (size_t k = across; k-- > 0;) {
            uint16_t *at = &common[i * (across + 1) + k], down = at[across + 1], beside = at[1];
            *at = text_equal(left[i], right[k]) ? (uint16_t)(at[across + 2] + 1) : down > beside ? down : beside;
        }
    walk(&p, common, left, right);
    mem_free(common);
    free_lines(left, rows);
    free_lines(right, across);
    return p;
}

static void paint_half(Pen *pen, Rect row, const Model *m, int line, bool is_both, Role role)
{
    enum { PARAMS = 9, OUT = 9, NAME = 13, OUT_LEAST = 48 };
    if (line == NONE)
        return;
    int shapes = row.width >= OUT_LEAST ? OUT : 0; /* what does not fit beside the settings is left out */
    char number[NUMBER_ROOM];
    ModelLayerInfo info = model_layer_info(m, (size_t)line);
    int indent = info.depth < 6 ? info.depth : 6, settings = row.width - NAME - 2 - PARAMS - shapes;
    Role plain = is_both ? ROLE_UI : role;
    pen_text_fit(pen, row.x + 2 + indent, row.y, NAME - 2 - indent, is_both && !info.depth ? ROLE_UI_STRONG : plain, info.layer);
    pen_text_fit(pen, row.x + NAME + 1, row.y, settings, is_both ? ROLE_UI_DIM : role, info.is_head ? "output, added" : info.settings);
    char *out = shape_text(info.out);
    pen_text_right(pen, row.x + row.width - PARAMS - shapes, row.y, shapes, is_both ? ROLE_DATA_NUMBER : role, out);
    mem_free(out);
    pen_text_right(pen, row.x + row.width - PARAMS + 1, row.y, PARAMS - 1, is_both ? ROLE_DATA_NUMBER : role,
                   info.params ? number_format_count(info.params, number) : "\u00b7");
    model_layer_info_done(&info);
}

static void paint_pair(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Pairs *p = self;
    Pair pair = p->items[index];
    bool is_both = pair.a != NONE && pair.b != NONE;
    Rect left = row, right = row;
    (void)is_cursor;
    if (p->beside) {
        left.width = right.width = (row.width - 2) / 2;
        right.x = row.x + row.width - right.width;
    }
    if (!is_both)
        pen_glyph(pen, pair.a != NONE ? left.x : right.x, row.y, pair.a != NONE ? ROLE_DATA_ADDED : ROLE_DATA_REMOVED,
                  pair.a != NONE ? '+' : 0x2212);
    paint_half(pen, left, p->a, pair.a, is_both, ROLE_DATA_ADDED);
    if (p->beside || pair.a == NONE)
        paint_half(pen, right, p->b, pair.b, is_both, ROLE_DATA_REMOVED);
}

static bool same_net(const Document *d, const SpecList *net)
{
    Value *a = spec_list_to_value(&d->train.net, "layer", true), *b = spec_list_to_value(net, "layer", true);
    bool same = value_equal(a, b);
    value_free(a);
    value_free(b);
    return same;
}

static bool is_stale(const Workbench *w, const NetState *s, const AppContest *c)
{
    const Document *d = app_document(w->app);
    return !same_net(c->a, &d->train.net) || !same_net(c->b, model_layers(s->pinned)) || c->a->pipeline != d->pipeline;
}

static size_t count_trained(const Tail *run)
{
    size_t count = run->end && !run->children_count && (text_equal(run->kind, "seed") || text_equal(run->kind, "train"));
    for (size_t i = 0; i < run->children_count; i++)
        count += count_trained(run->children[i]);
    return count;
}

static void add_figure(const Value *result, const Metric *m, const char *name, Text *out)
{
    const Value *figures = value_get(value_get(result, "models"), name);
    text_addf(out, "   %s ", name);
    figure_add(out, &(Figure){value_get_real(figures, m->spec.name, (double)NAN),
                              value_get_real(value_get(figures, "sd"), m->spec.name, (double)NAN), figure_decimals(m), false});
}

static Role say_result(const Workbench *w, const NetState *s, const AppContest *c, Text *out)
{
    const Metric *m = metric_find(value_get_text(c->result, "metric", ""));
    text_add(out, value_get_text(c->result, "verdict", ""));
    if (m) {
        text_addf(out, "\n%s %s", value_get_text(c->result, "on", ""), m->title);
        add_figure(c->result, m, "A", out);
        add_figure(c->result, m, "B", out);
        text_addf(out, "   %lld seed%s", (long long)c->a->train.seeds, c->a->train.seeds == 1 ? "" : "s");
    }
    if (!is_stale(w, s, c))
        return ROLE_UI;
    text_add(out, "\nThe nets or their rows have changed since; x trains them again.");
    return ROLE_STATE_STALE;
}

/* What has come of training both; returns its role. */
static Role say_contest(const Workbench *w, const NetState *s, Text *out)
{
    AppContest c = app_contest(w->app);
    if (c.result)
        return say_result(w, s, &c, out);
    if (c.run && !c.run->end && c.run->state != RUN_LOST) {
        text_addf(out, "\u25cf %zu of %lld trainings done   5 shows them", count_trained(c.run), 2 * (long long)c.a->train.seeds);
        return ROLE_STATE_RUNNING;
    }
    if (c.run) {
        text_addf(out, "\u2717 %s: %s", run_state_name(c.run->state),
                  value_get_text(c.run->end, "message",
                                 c.run->state == RUN_LOST ? "its worker was lost; 8 r resumes it" : "there is no comparison"));
        return ROLE_STATE_ERROR;
    }
    text_add(out, "x trains both over the same seeds, and compares them on the validation part.");
    return ROLE_UI_DIM;
}

static void paint_totals(Pen *pen, Rect row, const Pairs *p)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    pen_rule(pen, row.x, row.y, row.width, false, ROLE_UI_BORDER);
    char *line =
        text_format("params   A %s   B %s", number_format_count(model_params(p->a), a), number_format_count(model_params(p->b), b));
    pen_text_fit(pen, row.x + 2, row.y + 1, row.width - 2, ROLE_UI, line);
    mem_free(line);
}

static size_t place_of(const Pairs *p, size_t line)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].a == (int)line)
            return i;
    return 0;
}

void net_paint_pair(const Workbench *w, Pen *pen, Rect pane)
{
    enum { BELOW = 6 };
    const NetState *s = VIEW_STATE(NetState, w, VIEW_NET);
    Pairs p = pairs_of(s->model, s->pinned);
    Rect in = frame_head(pen, pane, true, "A and B", "v the list alone");
    Text said = {0};
    p.beside = in.width >= BESIDE_LEAST;
    int half = (in.width - 2) / 2, rows = in.height - 1 - BELOW;
    pen_text_fit(pen, in.x + 2, in.y, in.width, ROLE_UI_DIM, p.beside ? "A, this net" : "+ only A, this net   \u2212 only B, pinned");
    if (p.beside)
        pen_text_fit(pen, in.x + in.width - half + 2, in.y, half - 2, ROLE_UI_DIM, "B, pinned");
    rows = rows < 1 ? 1 : rows > (int)p.count ? (int)p.count : rows;
    ListState list = {.cursor = place_of(&p, s->list.cursor), .top = 0};
    list_fix(&list, p.count, rows);
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, rows}, &list, p.count, true, paint_pair, &p);
    int y = in.y + 1 + rows;
    paint_totals(pen, (Rect){in.x, y, in.width, 2}, &p);
    Role role = say_contest(w, s, &said);
    frame_text(pen, (Rect){in.x + 2, y + 2, in.width - 2, in.y + in.height - y - 2}, role, text_get(&said));
    text_done(&said);
    mem_free(p.items);
}

bool net_shows_pair(const NetState *s)
{
    return s->is_paired && s->pinned && s->model && !net_has_fault(s);
}

static bool need_pinned(const Workbench *w, Text *why)
{
    const NetState *s = VIEW_STATE(NetState, w, VIEW_NET);
    if (!need_table(w, why))
        return false;
    if (s->pinned && s->model && !net_has_fault(s))
        return true;
    text_add(why, s->pinned ? "this net does not fit together" : "there is no B yet; b pins this net as B, then edit it");
    return false;
}

static bool run_pair(Workbench *w, const char *argument, Error *e)
{
    NetState *s = VIEW_STATE(NetState, w, VIEW_NET);
    (void)argument, (void)e;
    s->is_paired = !s->is_paired;
    return true;
}

static bool run_contest(Workbench *w, const char *argument, Error *e)
{
    NetState *s = VIEW_STATE(NetState, w, VIEW_NET);
    int64_t seeds = app_document(w->app)->train.seeds;
    seeds = seeds > 1 ? seeds : SEEDS;
    if (argument && (!number_parse_int(argument, strlen(argument), &seeds) || seeds < 1 || seeds > 100))
        return error_set(e, ERROR_USAGE, "how many seeds: a whole number from 1 to 100");
    if (same_net(app_document(w->app), model_layers(s->pinned)))
        return error_set(e, ERROR_FAILED, "A and B are the same net; edit this one first");
    s->is_paired = true;
    return app_start_contest(w->app, model_layers(s->pinned), seeds, e);
}

#define NET(id, text, k, place, short_word, fn) \
    extern const Command command_net_##id; \
    const Command command_net_##id = {.spec = {.name = "net_" #id, .doc = text, .group = "n net"}, \
                                      .key = k, \
                                      .views = IN(VIEW_NET), \
                                      .hint = place, \
                                      .word = short_word, \
                                      .can_run = need_pinned, \
                                      .run = fn}

NET(pair, "B beside this net, or the list alone", "v", 0, NULL, run_pair);
NET(contest, "train this net and B over the same seeds, and compare them", "x", 10, "train A and B", run_contest);
