/* The layers of the Net view as a list: what each makes, what it costs, what it keeps while training and how far it sees. */
#include <string.h>

#include "base/number.h"
#include "net/layer.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/net.h"

enum { SETTINGS_AT = 16, SETTINGS_LEAST = 12, SETTINGS_MOST = 18, SHARE_LEAST = 6 };
typedef enum ListColumn { AT_OUT, AT_PARAMS, AT_MACS, AT_MEMORY, AT_SEES, AT_COUNT } ListColumn;

/* Where columns are, from the left edge of the list; 0: there is no room. */
typedef struct Layout {
    int settings, at[AT_COUNT], share;
} Layout;

static const struct {
    const char *title;
    int width; /* with the gap before it */
} columns[AT_COUNT] = {{"out", 10}, {"params", 10}, {"MACs", 9}, {"memory", 10}, {"sees", 7}};

static bool is_shown(const Model *m, int width, ListColumn c)
{
    static const int least[AT_COUNT] = {0, 0, 70, 74, 76};
    return width >= least[c] && (c != AT_SEES || model_has_windows(m));
}

/* What is left widens the settings, then shows the share of each layer. */
static Layout layout_of(const Model *m, int width)
{
    Layout l = {0};
    int rest = width - SETTINGS_AT;
    for (ListColumn c = 0; c < AT_COUNT; c++)
        rest -= is_shown(m, width, c) ? columns[c].width : 0;
    l.settings = rest < SETTINGS_LEAST ? SETTINGS_LEAST : rest > SETTINGS_MOST ? SETTINGS_MOST : rest;
    int x = SETTINGS_AT + l.settings;
    for (ListColumn c = 0; c < AT_COUNT; c++) {
        if (!is_shown(m, width, c))
            continue;
        l.at[c] = x + 1;
        x += columns[c].width;
    }
    l.share = width - x - 1 >= SHARE_LEAST ? x + 1 : 0;
    return l;
}

static void paint_cell(Pen *pen, Rect row, const Layout *l, ListColumn c, Role role, const char *text)
{
    if (l->at[c])
        pen_text_right(pen, row.x + l->at[c], row.y, columns[c].width - 1, role, text);
}

static void paint_count(Pen *pen, Rect row, const Layout *l, ListColumn c, int64_t count)
{
    char number[NUMBER_ROOM];
    paint_cell(pen, row, l, c, ROLE_DATA_NUMBER, count ? number_format_count(count, number) : "\u00b7");
}

static void paint_reach(Pen *pen, Rect row, const Layout *l, const Model *m, const ModelLayerInfo *info)
{
    Shape in = model_input(m);
    bool is_all = info->reach[0] == in.height && info->reach[1] == in.length;
    char *text = is_all         ? mem_strdup("all")
                 : in.rank == 3 ? text_format("%lldx%lld", (long long)info->reach[0], (long long)info->reach[1])
                                : text_format("%lld", (long long)info->reach[1]);
    paint_cell(pen, row, l, AT_SEES, ROLE_DATA_NUMBER, text);
    mem_free(text);
}

/* The item-th list entry's layers, itself first. row: how many of them to pass; what is left of it comes back. */
static bool walk(const SpecList *list, LayerAddress at, size_t *row, LayerAddress *out)
{
    const SpecUse *use = &list->items[address_place(&at)];
    const SpecList *inner = block_layers(use);
    *out = at;
    if ((*row)-- == 0)
        return true;
    for (size_t i = 0; inner && at.depth < ADDRESS_DEPTH && i < inner->count; i++) {
        LayerAddress below = at;
        below.at[below.depth++] = i;
        if (walk(inner, below, row, out))
            return true;
    }
    return false;
}

static LayerAddress unfit_in(const SpecList *net, size_t fault, size_t row)
{
    LayerAddress at = {0};
    for (size_t i = fault; i < net->count; i++)
        if (walk(net, address_of(i), &row, &at))
            return at;
    return (LayerAddress){0};
}

LayerAddress net_unfit_at(const NetState *s, size_t row)
{
    return unfit_in(&s->of->train.net, s->fault, row);
}

/* "layer 2, 2.0.1 (max_pool): ...": its number in the innermost list is the last of the path. */
LayerAddress net_find_fault(const NetState *s, const SpecList *net)
{
    const char *named = strstr(s->problem, " ("), *end = named ? strchr(named, ')') : NULL, *dot = named;
    while (dot && dot > s->problem && *dot != '.')
        dot--;
    int64_t place;
    bool is_inside = end && *dot == '.' && number_parse_int(dot + 1, (size_t)(named - dot - 1), &place);
    for (size_t row = 1; is_inside; row++) {
        LayerAddress at = unfit_in(net, s->fault, row);
        const SpecUse *use = at.depth ? address_use(net, &at) : NULL;
        if (!use || at.at[0] != s->fault)
            break;
        if ((int64_t)address_place(&at) == place && strlen(use->spec->name) == (size_t)(end - named - 2) &&
            text_starts(named + 2, use->spec->name))
            return at;
    }
    return address_of(s->fault);
}

/* The fault stands beside its layer; it and the layers behind it have no shapes yet. */
static void paint_unfit(const NetState *s, Pen *pen, Rect row, const LayerAddress *at)
{
    const SpecUse *use = address_use(&s->of->train.net, at);
    bool is_fault = address_equal(at, &s->fault_at);
    int width = row.width - SETTINGS_AT, indent = at->depth - 1;
    pen_text_fit(pen, row.x + 4 + indent, row.y, 11 - indent < 3 ? 3 : 11 - indent,
                 is_fault ? ROLE_STATE_ERROR
                 : indent ? ROLE_UI
                          : ROLE_UI_STRONG,
                 use->spec->name);
    if (is_fault) {
        pen_glyph(pen, row.x + SETTINGS_AT, row.y, ROLE_STATE_ERROR, 0x2717);
        const char *named = strstr(s->problem, "): "); /* "layer 3 (conv1d): " stands there already */
        pen_text_fit(pen, row.x + SETTINGS_AT + 2, row.y, width - 2, ROLE_STATE_ERROR, named ? named + 3 : s->problem);
        return;
    }
    char *settings = model_settings_text(use->spec, use->params);
    pen_text_fit(pen, row.x + SETTINGS_AT, row.y, width, ROLE_UI_DIM, settings);
    mem_free(settings);
}

/* Layers of blocks have no number of their own. */
static size_t number_of_line(const NetState *s, size_t line)
{
    size_t number = 0;
    for (size_t i = 1; i <= line; i++) {
        ModelLayerInfo info = model_layer_info(s->model, i);
        number += info.depth == 0;
        if (i == line && info.depth)
            number = 0;
        model_layer_info_done(&info);
    }
    return number;
}

static void paint_name(Pen *pen, Rect row, const ModelLayerInfo *info, int settings)
{
    int indent = info->depth < 8 ? info->depth : 8;
    Role role = info->is_head ? ROLE_UI_DIM : info->depth ? ROLE_UI : ROLE_UI_STRONG;
    pen_text_fit(pen, row.x + 4 + indent, row.y, 11 - indent < 3 ? 3 : 11 - indent, role, info->layer);
    pen_text_fit(pen, row.x + SETTINGS_AT, row.y, settings, ROLE_UI_DIM, info->is_head ? "output, added" : info->settings);
}

static void paint_layer(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const NetState *s = self;
    bool fits = index < net_line_count(s);
    LayerAddress at = fits ? (LayerAddress){0} : net_address_of_row(s, index);
    size_t layer = fits ? number_of_line(s, index) : at.depth == 1 ? at.at[0] + 1 : 0;
    (void)is_cursor;
    if (layer)
        pen_format(pen, row.x, row.y, ROLE_UI_DIM, "%2zu", layer);
    if (!fits) {
        paint_unfit(s, pen, row, &at);
        return;
    }
    ModelLayerInfo info = model_layer_info(s->model, index);
    Layout l = layout_of(s->model, row.width);
    char *out = shape_text(info.out), memory[NUMBER_ROOM];
    paint_name(pen, row, &info, l.settings);
    paint_cell(pen, row, &l, AT_OUT, ROLE_DATA_NUMBER, out);
    paint_count(pen, row, &l, AT_PARAMS, info.params);
    paint_count(pen, row, &l, AT_MACS, info.macs);
    double bytes = 4.0 * (double)info.numbers; /* of a row */
    paint_cell(pen, row, &l, AT_MEMORY, ROLE_DATA_NUMBER, bytes > 0 ? number_format_size(bytes, memory) : "\u00b7");
    paint_reach(pen, row, &l, s->model, &info);
    double share = model_params(s->model) ? (double)info.params / (double)model_params(s->model) : 0;
    if (l.share && info.params)
        plot_bar(pen, row.x + l.share, row.y, row.width - l.share, share, ROLE_CHART_BAR, false);
    mem_free(out);
    model_layer_info_done(&info);
}

static int64_t kept_numbers(const Model *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < model_layer_count(m); i++) {
        ModelLayerInfo info = model_layer_info(m, i);
        sum += info.depth == 0 ? info.numbers : 0;
        model_layer_info_done(&info);
    }
    return sum;
}

/* Bytes of a row that a training keeps, and of the weights in a file. */
static void paint_total(const NetState *s, Pen *pen, Rect row)
{
    char memory[NUMBER_ROOM];
    Layout l = layout_of(s->model, row.width);
    pen_rule(pen, row.x, row.y, row.width, false, ROLE_UI_BORDER);
    row.y++;
    pen_text(pen, row.x + 4, row.y, ROLE_UI_DIM, "total");
    char number[NUMBER_ROOM];
    paint_cell(pen, row, &l, AT_PARAMS, ROLE_UI_STRONG, number_format_count(model_params(s->model), number));
    paint_count(pen, row, &l, AT_MACS, model_macs(s->model));
    paint_cell(pen, row, &l, AT_MEMORY, ROLE_DATA_NUMBER, number_format_size(4.0 * (double)kept_numbers(s->model), memory));
}

void net_paint_layers(const Workbench *w, Pen *pen, Rect pane)
{
    const NetState *s = VIEW_STATE(NetState, w, VIEW_NET);
    char number[NUMBER_ROOM];
    size_t count = net_row_count(s);
    Rect in = frame_head(pen, pane, true, "Layers", number_format_count((int64_t)count, number));
    Layout l = layout_of(s->model, in.width);
    int rows = in.height - 3;
    pen_text(pen, in.x + 4, in.y, ROLE_UI_DIM, "layer");
    pen_text(pen, in.x + SETTINGS_AT, in.y, ROLE_UI_DIM, "settings");
    for (ListColumn c = 0; c < AT_COUNT; c++)
        paint_cell(pen, in, &l, c, ROLE_UI_DIM, columns[c].title);
    if (l.share)
        pen_text(pen, in.x + l.share, in.y, ROLE_UI_DIM, "share");
    rows = rows > (int)count ? (int)count : rows;
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, rows}, &s->list, count, true, paint_layer, s);
    Rect below = {in.x, in.y + 1 + rows, in.width, in.height - 1 - rows};
    if (net_has_fault(s))
        frame_text(pen, (Rect){below.x, below.y + 1, below.width, below.height - 1}, ROLE_STATE_ERROR, s->problem);
    else
        paint_total(s, pen, below);
}

bool net_has_fault(const NetState *s)
{
    return *s->problem != 0;
}

size_t net_line_count(const NetState *s)
{
    return net_has_fault(s) ? s->fitting : model_layer_count(s->model);
}

size_t net_row_count(const NetState *s)
{
    size_t count = net_line_count(s);
    for (size_t row = 0; net_has_fault(s) && net_unfit_at(s, row).depth; row++)
        count++;
    return count;
}
