/* Net: the layers with their shapes, parameters and work, what they cost, and checks before a training. */
#include <limits.h>
#include <string.h>

#include "base/number.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/frame.h"
#include "views/net.h"

static NetState *state_of(const Workbench *w)
{
    return VIEW_STATE(NetState, w, VIEW_NET);
}

/* The layer of the document that a row belongs to; what a block adds of its own belongs to the block. */
LayerAddress net_address_of_row(const NetState *s, size_t row)
{
    size_t lines = net_line_count(s);
    LayerAddress address = {0};
    if (row >= lines)
        return net_has_fault(s) ? net_unfit_at(s, row - lines) : address;
    for (int above = INT_MAX; row > 0; row--) {
        ModelLayerInfo info = model_layer_info(s->model, row);
        const void *params = info.depth < above ? info.own : NULL;
        above = info.depth < above ? info.depth : above;
        model_layer_info_done(&info);
        if (address_find(model_layers(s->model), params, &address) || above == 0)
            break;
    }
    return address;
}

LayerAddress net_cursor(const Workbench *w)
{
    const NetState *s = state_of(w);
    return app_document(w->app) && s->model ? net_address_of_row(s, s->list.cursor) : (LayerAddress){0};
}

/* A net that is not built yet has no rows: the row is found when it is. */
void net_set_cursor(Workbench *w, LayerAddress layer)
{
    state_of(w)->wanted = layer;
}

static void go_to_wanted(NetState *s)
{
    for (size_t row = 1; s->wanted.depth && row < net_row_count(s); row++) {
        LayerAddress here = net_address_of_row(s, row);
        if (!address_equal(&here, &s->wanted))
            continue;
        s->list.cursor = row;
        break;
    }
    s->wanted.depth = 0;
}

/* Columns of blocks, as high as the layer is wide, on a log scale. */
static void paint_shape(const NetState *s, Pen *pen, Rect pane)
{
    Rect in = frame_head(pen, pane, false, "Shape", "height: units, log");
    int64_t units[16], most = 1;
    int n = 0;
    for (size_t i = 0; i < model_layer_count(s->model) && n < 16; i++) {
        ModelLayerInfo info = model_layer_info(s->model, i);
        if (i == 0 || (info.params > 0 && !info.is_block))
            units[n++] = shape_size(info.out);
        model_layer_info_done(&info);
    }
    for (int i = 0; i < n; i++)
        most = units[i] > most ? units[i] : most;
    int rows = in.height - 2, step = n > 1 ? (in.width - 8) / (n - 1) : 0, scale = 1;
    while ((most >> scale) > 1)
        scale++;
    for (int i = 0; i < n && rows > 2; i++) {
        char number[NUMBER_ROOM];
        int bits = 1, x = in.x + 3 + i * step;
        while ((units[i] >> bits) >= 1)
            bits++;
        int height = bits * rows / (scale + 1);
        height = height < 1 ? 1 : height > rows ? rows : height;
        pen_fill(pen, (Rect){x, in.y + (rows - height) / 2, 2, height}, ROLE_CHART_BAR, 0x2588);
        pen_text(pen, x, in.y + rows + 1, ROLE_CHART_LABEL, number_format_count(units[i], number));
    }
}

static int paint_cost(const Workbench *w, Pen *pen, Rect area)
{
    const NetState *s = state_of(w);
    char a[NUMBER_ROOM];
    Rect in = frame_head(pen, area, false, "Cost", s->pinned ? "this net against B" : "b pins it as B");
    const struct {
        const char *name;
        double here, there;
        bool is_size;
    } rows[] = {
        {"params", (double)model_params(s->model), s->pinned ? (double)model_params(s->pinned) : 0, false},
        {"float32", (double)model_bytes(s->model), s->pinned ? (double)model_bytes(s->pinned) : 0, true},
        {"MACs a row", (double)model_macs(s->model), s->pinned ? (double)model_macs(s->pinned) : 0, false},
    };
    for (int i = 0; i < 3; i++) {
        const char *(*format)(double, char *) = rows[i].is_size ? number_format_size : number_format_large;
        pen_text(pen, in.x, in.y + i, ROLE_UI_DIM, rows[i].name);
        pen_text_right(pen, in.x + 10, in.y + i, 9, ROLE_DATA_NUMBER, format(rows[i].here, a));
        if (!s->pinned)
            continue;
        pen_text_right(pen, in.x + 19, in.y + i, 9, ROLE_DATA_NUMBER, format(rows[i].there, a));
        if (rows[i].there > 0)
            pen_format(pen, in.x + 29, in.y + i, ROLE_UI_DIM, "%.1f \u00d7", rows[i].here / rows[i].there);
    }
    return in.y + 4;
}

static void paint_check(Pen *pen, Rect in, int *y, bool ok, const char *text)
{
    if (*y >= in.y + in.height)
        return;
    pen_glyph(pen, in.x, *y, ok ? ROLE_STATE_OK : ROLE_STATE_ERROR, ok ? 0x2713 : 0x2717);
    *y += frame_text(pen, (Rect){in.x + 2, *y, in.width - 2, in.y + in.height - *y}, ok ? ROLE_UI : ROLE_STATE_ERROR, text);
}

static void paint_gradient_line(const NetState *s, Pen *pen, Rect in, int *y)
{
    double worst = 0;
    const char *name = "";
    bool ok = true;
    for (size_t i = 0; i < s->checks_count; i++) {
        ok = ok && s->checks[i].passed;
        if (s->checks[i].worst > worst) {
            worst = s->checks[i].worst;
            name = s->checks[i].name;
        }
    }
    char rate[NUMBER_ROOM];
    char *line = text_format("gradients: worst %s in %s", number_format_rate(worst, rate), name);
    paint_check(pen, in, y, ok, line);
    mem_free(line);
}

static void paint_checks(const Workbench *w, Pen *pen, Rect area)
{
    const NetState *s = state_of(w);
    const AppReady *ready = app_ready(w->app);
    Rect in = frame_head(pen, area, false, "Checks", "C gradients");
    int y = in.y;
    paint_check(pen, in, &y, !net_has_fault(s), net_has_fault(s) ? s->problem : "shapes agree from input to loss");
    if (s->checks_count)
        paint_gradient_line(s, pen, in, &y);
    if (ready && *ready->problem) {
        paint_check(pen, in, &y, false, ready->problem);
        return;
    }
    if (!ready || net_has_fault(s) || y >= in.y + in.height)
        return;
    char a[NUMBER_ROOM];
    char *line = text_format("%s training rows, %.2f params each", number_format_count((int64_t)ready->rows[PART_TRAIN], a),
                             ready->rows[PART_TRAIN] ? (double)model_params(s->model) / (double)ready->rows[PART_TRAIN] : 0);
    paint_check(pen, in, &y, true, line);
    mem_free(line);
    for (size_t i = 0; i < ready->notes.count + (s->proposal != NULL) && y < in.y + in.height; i++) {
        const char *note = i < ready->notes.count ? ready->notes.items[i] : s->proposal;
        pen_glyph(pen, in.x, y, ROLE_STATE_INFO, 0x25cf);
        y += frame_text(pen, (Rect){in.x + 2, y, in.width - 2, in.y + in.height - y}, ROLE_UI, note);
    }
}

static void paint_side(const Workbench *w, Pen *pen, Rect side)
{
    const NetState *s = state_of(w);
    if (!side.width)
        return;
    int y = net_has_fault(s) ? side.y : paint_cost(w, pen, side);
    paint_checks(w, pen, (Rect){side.x, y, side.width, side.y + side.height - y});
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const NetState *s = state_of(w);
    Rect pane, side;
    if (!s->model) {
        static const char *const words[] = {"o open a table", NULL};
        Rect in = frame_head(pen, body, true, "Layers", "");
        if (*s->problem)
            frame_text(pen, in, ROLE_STATE_ERROR, s->problem);
        else
            frame_empty(pen, in, app_table(w->app) ? "Choose a target first: T in Data." : "No table open.", words);
        return;
    }
    frame_columns(w, body, 38, &pane, &side);
    if (net_shows_pair(s)) {
        net_paint_pair(w, pen, pane);
        paint_side(w, pen, side);
        return;
    }
    int layers = (int)net_row_count(s) + (net_has_fault(s) ? 6 : 4);
    layers = layers > body.height ? body.height : layers;
    net_paint_layers(w, pen, (Rect){pane.x, pane.y, pane.width, layers});
    int rest = body.height - layers - 1;
    if (rest >= 7 && !net_has_fault(s))
        paint_shape(s, pen, (Rect){pane.x, pane.y + layers + 1, pane.width, rest > 16 ? 16 : rest});
    paint_side(w, pen, side);
}

static void forget(NetState *s)
{
    model_free(s->model);
    s->model = NULL;
    s->problem[0] = 0;
}

/* The whole net, or the longest beginning of it that fits. */
static void build(NetState *s, const SpecList *net, int64_t outputs)
{
    Error e = {0}, ignored = {0};
    const NetInput *input = &s->input;
    forget(s);
    s->model = model_new(net, input, outputs, 1, &e);
    if (s->model)
        return;
    error_format(&e, s->problem, sizeof s->problem);
    for (s->fault = net->count; !s->model && s->fault-- > 0;) {
        SpecList head = {net->items, s->fault};
        s->model = model_new(&head, input, outputs, 1, &ignored);
    }
    s->fault_at = net_find_fault(s, net);
    for (s->fitting = 0; s->model && s->fitting < model_layer_count(s->model); s->fitting++) {
        ModelLayerInfo info = model_layer_info(s->model, s->fitting);
        bool is_added = s->fitting > 0 && info.depth == 0 && info.item == SIZE_MAX;
        model_layer_info_done(&info);
        if (is_added)
            break;
    }
}

static void follow(Workbench *w)
{
    NetState *s = state_of(w);
    const Document *d = app_document(w->app);
    const AppReady *ready = app_ready(w->app);
    NetInput input = ready && ready->features ? ready->input : net_input(shape_vector(1));
    int64_t outputs = ready && ready->outputs ? ready->outputs : 2;
    if (s->of == d && net_input_equal(&s->input, &input) && s->outputs == outputs)
        return;
    document_unref(s->of);
    s->of = d ? document_ref(d) : NULL;
    mem_free(s->proposal);
    s->proposal = d ? net_tabular_proposal(d, ready) : NULL;
    s->input = input;
    s->outputs = outputs;
    if (d && d->pipeline && d->pipeline->target)
        build(s, &d->train.net, outputs);
    else
        forget(s);
    if (s->model)
        go_to_wanted(s);
    if (s->model)
        list_fix(&s->list, net_row_count(s), w->body.height - 4);
}

static bool key(Workbench *w, Key k)
{
    NetState *s = state_of(w);
    return s->model && list_key(&s->list, k, net_row_count(s), w->body.height - 4);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const NetState *s = state_of(w);
    const Document *d = app_document(w->app);
    LayerAddress at = net_cursor(w);
    const SpecUse *use = d ? address_use(&d->train.net, &at) : NULL;
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (use)
        text_addf(left, "layer %zu  %s   %s", at.at[0] + 1, use->spec->name, use->spec->doc);
    else if (d)
        text_add(left, "input and output follow from the table");
    else
        frame_say_none(w, left);
    if (net_has_fault(s))
        text_add(right, "the net does not fit together   Enter changes a layer, d takes it out");
    else if (s->model)
        text_addf(right, "%s params   %s", number_format_count(model_params(s->model), a),
                  number_format_size((double)model_bytes(s->model), b));
}

static void done(Workbench *w)
{
    model_free(state_of(w)->model);
    model_free(state_of(w)->pinned);
    mem_free(state_of(w)->proposal);
    document_unref(state_of(w)->of);
}

const View view_net = {.name = "Net",
                       .state_size = sizeof(NetState),
                       .paint = paint,
                       .key = key,
                       .status = status,
                       .refresh = follow,
                       .done = done,
                       .panes = 1};

static bool run_gradients(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    NetState *s = state_of(w);
    s->checks_count = gradient_check_all(s->checks, 32);
    size_t passed = 0;
    for (size_t i = 0; i < s->checks_count; i++)
        passed += s->checks[i].passed;
    app_say(w->app, passed < s->checks_count, "%zu of %zu gradients agree with finite differences", passed, s->checks_count);
    return true;
}

static bool run_pin(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    NetState *s = state_of(w);
    Model *copy = s->model && !net_has_fault(s) ? model_copy(s->model, e) : NULL;
    if (!copy)
        return s->model && !net_has_fault(s) ? false : error_set(e, ERROR_FAILED, "no net to pin: it has to fit together first");
    model_free(s->pinned);
    s->pinned = copy;
    s->is_paired = true;
    app_say(w->app, false, "pinned as B   edit this net, then x trains both   v hides B");
    return true;
}

#define NET(id, text, k, place, short_word, fn, may) \
    const Command command_net_##id = {.spec = {.name = "net_" #id, .doc = text, .group = "n net"}, \
                                      .key = k, \
                                      .views = IN(VIEW_NET), \
                                      .hint = place, \
                                      .word = short_word, \
                                      .can_run = may, \
                                      .run = fn}

NET(gradients, "check every gradient by finite differences", "C", 0, NULL, run_gradients, NULL);
NET(pin, "pin this net as B, to compare", "b", 8, "pin as B", run_pin, need_table);
