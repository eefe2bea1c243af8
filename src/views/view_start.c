/* Start: what can be opened, what runs here, how to learn; guided: the three things to do first. */
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "views/commands.h"
#include "views/frame.h"

typedef struct StartState {
    int cursor;
} StartState;

static const struct {
    const char *path, *doc;
} samples[] = {
    {"sample_data/churn.csv", "customers, one row each; who leaves?"},
    {"lua/pipelines/churn.lua", "clean, engineer, train, tune and distill in one file"},
    {"lua/pipelines/demo.lua", "the whole chain in a minute, without a screen"},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void paint_samples(const Workbench *w, Pen *pen, Rect pane)
{
    const StartState *s = VIEW_STATE(StartState, w, VIEW_START);
    Rect in = frame_head(pen, pane, true, "Open", "Enter");
    for (int i = 0; i < SAMPLES && i < in.height; i++) {
        pen_text_fit(pen, in.x, in.y + i, 26, ROLE_UI_STRONG, samples[i].path);
        pen_text_fit(pen, in.x + 28, in.y + i, in.width - 28, ROLE_UI_DIM, samples[i].doc);
        if (i == s->cursor)
            pen_ground(pen, (Rect){in.x, in.y + i, in.width, 1}, GROUND_ROW);
    }
}

static void paint_shell(Pen *pen, Rect pane)
{
    static const char *const rows[][2] = {
        {"limbeck FILE", "CSV, TSV, gz; a script; a run directory"}, {"limbeck watch RUN", "follow a run started elsewhere, read-only"},
        {"limbeck run X.lua", "the same work without a screen"},     {"limbeck predict MODEL", "a model on new rows, raw in, answers out"},
        {"limbeck help NAME", "any step, layer, verb or option"},
    };
    Rect in = frame_head(pen, pane, false, "From the shell", "");
    for (int i = 0; i < 5 && i < in.height; i++) {
        pen_text_fit(pen, in.x, in.y + i, 24, ROLE_UI, rows[i][0]);
        pen_text_fit(pen, in.x + 26, in.y + i, in.width - 26, ROLE_UI_DIM, rows[i][1]);
    }
}

static void paint_runs(const Workbench *w, Pen *pen, Rect pane)
{
    const Value *runs = app_run_cards(w->app);
    size_t count = runs->size;
    char number[NUMBER_ROOM];
    Rect in = frame_head(pen, pane, false, "Runs here", number_format_count((int64_t)count, number));
    if (!count) {
        static const char *const words[] = {"t train", NULL};
        frame_empty(pen, in, app_runs_are_known(w->app) ? "No runs yet." : "Reading the runs ...", words);
    }
    for (int i = 0; i < (int)count && i < in.height; i++) {
        Role role;
        const char *state = value_get_text(runs->items[i], "state", "");
        uint32_t glyph = frame_state_glyph(run_state_of_name(state), &role);
        pen_glyph(pen, in.x, in.y + i, role, glyph);
        pen_text_fit(pen, in.x + 2, in.y + i, in.width - 12, ROLE_UI, value_get_text(runs->items[i], "name", ""));
        pen_text_right(pen, in.x, in.y + i, in.width, ROLE_UI_DIM, state);
    }
}

/* One line of the guide: its key, what to do, and what is known about it so far. */
static void paint_guide_line(Pen *pen, Rect row, bool done, const char *const words[3])
{
    pen_glyph(pen, row.x, row.y, done ? ROLE_STATE_OK : ROLE_UI_DIM, done ? 0x2713 : 0x25cb);
    pen_text(pen, row.x + 2, row.y, ROLE_UI_KEY, words[0]);
    pen_text(pen, row.x + 5, row.y, ROLE_UI_STRONG, words[1]);
    pen_text_fit(pen, row.x + 15, row.y, row.width - 15, ROLE_UI, words[2]);
}

static void paint_guide(const Workbench *w, Pen *pen, Rect pane)
{
    const Table *t = app_table(w->app);
    const Profile *p = app_profile(w->app);
    const Document *d = app_document(w->app);
    const AppReady *ready = app_ready(w->app);
    bool repaired = d && d->pipeline->recipe->count > 0, can = ready && !*ready->problem;
    char rows[NUMBER_ROOM], train[NUMBER_ROOM];
    Text look = {0}, repair = {0}, fit = {0};
    text_addf(&look, "%s rows, %zu columns%s%s", number_format_count((int64_t)t->rows, rows), t->columns_count,
              d && d->pipeline->target ? "; what to predict: " : "", d && d->pipeline->target ? d->pipeline->target : "");
    if (!p)
        text_add(&repair, "the table is being profiled");
    else
        text_addf(&repair, "%zu findings; A adds the repairs and the encoding%s", p->findings_count, repaired ? ": done" : "");
    if (can)
        text_addf(&fit, "press t: %s rows, %zu features, a small net, about 10 s",
                  number_format_count((int64_t)ready->rows[PART_TRAIN], train), ready->features);
    else
        text_add(&fit, "press t: adds the repairs first, then trains a small net, about 10 s");
    Rect in = frame_head(pen, pane, true, "Three things to do", "");
    paint_guide_line(pen, (Rect){in.x, in.y + 1, in.width, 1}, false, (const char *const[3]){"1", "look", text_get(&look)});
    paint_guide_line(pen, (Rect){in.x, in.y + 3, in.width, 1}, repaired, (const char *const[3]){"2", "repair", text_get(&repair)});
    paint_guide_line(pen, (Rect){in.x, in.y + 5, in.width, 1}, app_run(w->app) != NULL,
                     (const char *const[3]){"3", "train", text_get(&fit)});
    frame_text(
        pen, (Rect){in.x, in.y + 7, in.width, 4}, ROLE_UI_DIM,
        "Nothing can go wrong: the file is never changed, U takes any step back, and a training goes on in its own process when this "
        "screen is left. ? helps in every place.");
    text_done(&look);
    text_done(&repair);
    text_done(&fit);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    Rect pane, side;
    if (app_is_guided(w->app) && app_table(w->app)) {
        paint_guide(w, pen, (Rect){body.x, body.y, body.width, 12});
        if (body.height > 20)
            paint_shell(pen, (Rect){body.x, body.y + 13, body.width, 6});
        return;
    }
    frame_columns(w, body, 38, &pane, &side);
    paint_samples(w, pen, (Rect){pane.x, pane.y, pane.width, SAMPLES + 1});
    int y = pane.y + SAMPLES + 2;
    paint_shell(pen, (Rect){pane.x, y, pane.width, 6});
    if (side.width)
        paint_runs(w, pen, side);
    else if (body.height > SAMPLES + 12)
        paint_runs(w, pen, (Rect){pane.x, y + 7, pane.width, body.y + body.height - y - 7});
}

static bool key(Workbench *w, Key k)
{
    StartState *s = VIEW_STATE(StartState, w, VIEW_START);
    if ((k.code == KEYS_DOWN || key_is(k, 'j')) && s->cursor + 1 < SAMPLES)
        s->cursor++;
    else if ((k.code == KEYS_UP || key_is(k, 'k')) && s->cursor > 0)
        s->cursor--;
    else
        return false;
    return true;
}

static bool run_enter(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    const StartState *s = VIEW_STATE(StartState, w, VIEW_START);
    if (app_is_guided(w->app) && app_table(w->app)) {
        workbench_show(w, VIEW_DATA);
        return true;
    }
    char *path = io_find_shared(samples[s->cursor].path);
    bool ok = open_path(w, path ? path : samples[s->cursor].path, e);
    mem_free(path);
    return ok;
}

static void status(const Workbench *w, Text *left, Text *right)
{
    if (app_is_guided(w->app) && app_table(w->app)) {
        text_add(left, "guided: 1 look, 2 repair, t train");
        return;
    }
    text_add(left, "ready");
    text_add(right, "o opens any table, script or run");
}

const View view_start = {.name = "Start", .state_size = sizeof(StartState), .paint = paint, .key = key, .status = status, .panes = 1};

const Command command_start_open = {.spec = {.name = "start_open", .doc = "open what the cursor is on", .group = ""},
                                    .key = "<Enter>",
                                    .views = IN(VIEW_START),
                                    .hint = 1,
                                    .word = "open",
                                    .run = run_enter};
