/* The workbench without a screen, in each of its states: no table, no rows, a run that goes on, one that stopped early, one that failed.
 * Every key of every view acts or says why not, and Esc leads back. */
#include "base/json.h"
#include "run/run_dir.h"
#include "tests/unit/workbench_help.h"

typedef enum State { NO_TABLE, NO_ROWS, RUN_GOES_ON, RUN_STOPPED_EARLY, RUN_HAS_FAILED, STATES } State;
static const char *const state_names[STATES] = {"no table", "no rows", "a run that goes on", "a run that stopped early", "a failed run"};

typedef struct Bench {
    Workbench w;
    RunDir *run; /* open: it goes on */
} Bench;

static Value *fields(const char *json)
{
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    CHECK_OK(v != NULL, e);
    return v;
}

static void add_event(RunDir *run, const char *name, const char *json)
{
    Error e = {0};
    CHECK_OK(run_event(run, name, fields(json), false, &e), e);
}

static int epochs = 8; /* that a run has */

static RunDir *make_run(State state, const char *name)
{
    Error e = {0};
    char *runs = io_join(test_directory(), "runs"), *path = io_join(runs, name);
    RunDir *run = run_create(path, "train", name, &e);
    CHECK_OK(run != NULL, e);
    if (state != RUN_HAS_FAILED)
        add_event(run, "start",
                  "{\"epochs\":1200,\"steps_per_epoch\":10,\"patience\":529,\"early_stop\":{},\"metric\":\"valid.auc\",\"loss\":\"cross_"
                  "entropy\"}");
    for (int i = 1; i <= epochs && state != RUN_HAS_FAILED; i++) {
        char *epoch = text_format(
            "{\"epoch\":%d,\"step\":%d,\"m\":{\"train.loss\":%.4f,\"valid.loss\":%.4f,\"valid.auc\":%.4f,\"valid.log_loss\":0.5}}", i,
            10 * i, 1.0 / i, 1.0 / i, i < 171 ? 0.5 + i * 0.001 : 0.6);
        add_event(run, "epoch", epoch);
        mem_free(epoch);
    }
    if (state == RUN_STOPPED_EARLY)
        add_event(run, "end",
                  "{\"status\":\"done\",\"epochs\":700,\"best_epoch\":170,\"why\":\"early stop: no better valid.auc since epoch 170, "
                  "patience 529\"}");
    if (state == RUN_HAS_FAILED)
        add_event(run, "end", "{\"status\":\"failed\",\"message\":\"the disk has gone\"}");
    mem_free(runs);
    mem_free(path);
    return run;
}

static void enter(Bench *b, State state)
{
    static int number;
    static const AppHost host = {0};
    Error e = {0};
    b->run = NULL;
    if (state == NO_TABLE) {
        char *runs = io_join(test_directory(), "none");
        families_register();
        workbench_init(&b->w, app_new(&(AppOptions){.runs = runs, .headless = true, .threads = 1}, &host), 120, 36);
        mem_free(runs);
        return;
    }
    if (state == NO_ROWS) {
        char *path = io_join(test_directory(), "no_rows.csv");
        CHECK_OK(io_replace(path, "a,b\n", 4, &e), e);
        mem_free(path);
    }
    CHECK(open_table(&b->w, state == NO_ROWS ? "no_rows.csv" : "states.csv"));
    cells_resize(&b->w.cells, 120, 36);
    if (state == NO_ROWS)
        return;
    char *name = text_format("2026-states-%d", number++), *runs = io_join(test_directory(), "runs"), *path = io_join(runs, name);
    b->run = make_run(state, name);
    if (state != RUN_GOES_ON) {
        run_close(b->run);
        b->run = NULL;
    }
    CHECK_OK(app_open(b->w.app, path, &e), e);
    settle(&b->w);
    mem_free(name);
    mem_free(runs);
    mem_free(path);
}

static void leave_state(Bench *b)
{
    leave(&b->w);
    run_close(b->run);
}

/* These start a worker when they can. */
static bool starts_worker(const Command *c)
{
    static const char *const names[] = {"train",       "tune",          "distill",     "train_start",
                                        "tune_search", "distill_start", "runs_resume", "recipe_price"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(c->spec.name, names[i]))
            return true;
    return false;
}

static void check_key(Bench *b, State state, const Command *c, ViewId view)
{
    Workbench *w = &b->w;
    Key key;
    Text why = {0}, before = {0}, after = {0};
    bool is_error;
    workbench_show(w, view);
    settle(w);
    bool can = command_can_run(w, c, &why);
    const Command *taken = key_parse(c->key, &key) ? command_for_key(w, key) : NULL;
    if (taken != c || (can && starts_worker(c)))
        goto done;
    take_text(w, &before);
    press(w, key.code, key.glyph);
    take_text(w, &after);
    const char *said = app_status(w->app, &is_error);
    bool acted = w->quit || w->popup || w->view != view || *said || !text_equal(text_get(&before), text_get(&after));
    test_check(acted || text_equal(c->spec.name, "redraw"), __FILE__, __LINE__, "%s: %s (%s) in %s: nothing happens and nothing is said",
               state_names[state], c->spec.name, c->key, view_get(view)->name);
    test_check(can || (*said && is_error), __FILE__, __LINE__, "%s: %s in %s can't act and does not say why", state_names[state], c->key,
               view_get(view)->name);
    test_check(!strstr(said, "does nothing here"), __FILE__, __LINE__, "%s: %s in %s is a hint that leads nowhere", state_names[state],
               c->key, view_get(view)->name);
    w->quit = false;
    for (int i = 0; i < 8; i++)
        press(w, KEYS_ESCAPE, 0);
    test_check(!w->popup && !w->quit, __FILE__, __LINE__, "%s: after %s in %s Esc does not lead back", state_names[state], c->key,
               view_get(view)->name);
    while (app_undo(w->app))
        settle(w);
done:
    text_done(&before);
    text_done(&after);
    text_done(&why);
}

static void unit_states(void)
{
    for (State s = 0; s < STATES; s++) {
        Bench b;
        TEST("in every state every key of every view acts or says why not, and Esc leads back");
        enter(&b, s);
        for (int v = 0; v < VIEW_COUNT; v++)
            for (size_t i = 0; command_at(i); i++)
                if (command_at(i)->key && (command_at(i)->views >> v & 1))
                    check_key(&b, s, command_at(i), (ViewId)v);
        leave_state(&b);
    }
}

/* The status row is never empty where something can be said of the place. */
static void unit_status(void)
{
    for (State s = 0; s < STATES; s++)
        for (int width = 60; width <= 120; width += 60) {
            Bench b;
            TEST("every view has a status in every state");
            enter(&b, s);
            cells_resize(&b.w.cells, width, width == 60 ? 18 : 36);
            for (int v = VIEW_DATA; v < VIEW_COUNT; v++) {
                Text left = {0}, right = {0};
                workbench_show(&b.w, (ViewId)v);
                settle(&b.w);
                workbench_paint(&b.w);
                view_get((ViewId)v)->status(&b.w, &left, &right);
                test_check(left.size > 0, __FILE__, __LINE__, "%s: %s has nothing to say", state_names[s], view_get((ViewId)v)->name);
                text_done(&left);
                text_done(&right);
            }
            leave_state(&b);
        }
}

/* The rows outside of the body. */
static void frame_rows(Workbench *w, Text *out)
{
    workbench_paint(w);
    for (int y = 0; y < w->cells.height; y++)
        for (int x = 0; x < w->cells.width && (y < w->body.y || y >= w->body.y + w->body.height); x++)
            text_addf(out, "%x ", (unsigned)cells_at(&w->cells, x, y)->glyph);
}

/* Status, hints and tabs stay as they are under every box of every view. */
static void unit_boxes(void)
{
    static const char *const openers[] = {" ", "?", ":", "  ", "o"};
    static const int sizes[][2] = {{60, 18}, {40, 10}, {80, 24}, {120, 36}};
    Bench b;
    TEST("a box never paints over the rows of the frame");
    enter(&b, RUN_STOPPED_EARLY);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int v = VIEW_DATA; v < VIEW_COUNT; v++)
            for (size_t o = 0; o < sizeof openers / sizeof *openers; o++) {
                Text before = {0}, after = {0};
                cells_resize(&b.w.cells, sizes[s][0], sizes[s][1]);
                workbench_show(&b.w, (ViewId)v);
                settle(&b.w);
                frame_rows(&b.w, &before);
                type_keys(&b.w, openers[o]);
                CHECK(b.w.popup != NULL);
                frame_rows(&b.w, &after);
                test_check(text_equal(text_get(&before), text_get(&after)), __FILE__, __LINE__,
                           "the box of \"%s\" in %s at %dx%d leaves the body", openers[o], view_get((ViewId)v)->name, sizes[s][0],
                           sizes[s][1]);
                close_all(&b.w);
                text_done(&before);
                text_done(&after);
            }
    leave_state(&b);
}

static void unit_train_side(void)
{
    Bench b;
    epochs = 700;
    TEST("Train: long runs keep their columns, a run that stopped early is not at 100 %, and why it ended is said");
    enter(&b, RUN_STOPPED_EARLY);
    workbench_show(&b.w, VIEW_TRAIN);
    CHECK(shows(&b.w, "58 %") && !shows(&b.w, "100 %"));
    CHECK(shows(&b.w, "0.6000  0.6700  170") && shows(&b.w, "\u2501   529 of 529") && shows(&b.w, "valid log loss"));
    CHECK(shows(&b.w, "early stop: no better") && shows(&b.w, "at 170   early stop: no better valid.auc since epoch 170"));
    cells_resize(&b.w.cells, 80, 24);
    CHECK(shows(&b.w, "58 %") && shows(&b.w, "early stop: no better valid.auc since epoch 170"));
    leave_state(&b);
    enter(&b, RUN_GOES_ON);
    workbench_show(&b.w, VIEW_TRAIN);
    add_event(b.run, "control", "{\"verb\":\"set\",\"learning_rate\":0.01,\"patience\":40}");
    add_event(b.run, "control", "{\"verb\":\"note\",\"text\":\"warmer\"}");
    add_event(b.run, "control", "{\"verb\":\"stop\"}");
    settle(&b.w);
    CHECK(shows(&b.w, "stopped by hand") && shows(&b.w, "note: warmer") && shows(&b.w, "changed: learning_rate"));
    CHECK(!shows(&b.w, "control"));
    leave_state(&b);
    enter(&b, RUN_HAS_FAILED);
    workbench_show(&b.w, VIEW_TRAIN);
    CHECK(shows(&b.w, "failed: the disk has gone"));
    leave_state(&b);
}

static void add_trial(RunDir *study, int number, double score)
{
    Error e = {0};
    char *name = text_format("trials/%04d", number), *epoch = text_format("{\"epoch\":1,\"step\":1,\"m\":{\"valid.auc\":%.4f}}", score);
    RunDir *trial = run_create_child(study, name, "trial", &e);
    CHECK_OK(trial != NULL, e);
    add_event(trial, "start", "{\"epochs\":1,\"steps_per_epoch\":1,\"metric\":\"valid.auc\",\"net\":\"4-2\"}");
    add_event(trial, "epoch", epoch);
    add_event(trial, "end", "{\"status\":\"done\"}");
    run_close(trial);
    mem_free(name);
    mem_free(epoch);
}

static void unit_study_in_runs(void)
{
    static const double scores[] = {0.61, 0.83, 0.47};
    Error e = {0};
    Bench b;
    TEST("Runs tells a study by its best trial, not by its last");
    char *runs = io_join(test_directory(), "runs"), *path = io_join(runs, "2027-study-x");
    RunDir *study = run_create(path, "tune", "study", &e);
    for (int i = 0; i < 3; i++)
        add_trial(study, i + 1, scores[i]);
    add_event(study, "end", "{\"status\":\"done\"}");
    run_close(study);
    enter(&b, RUN_HAS_FAILED);
    workbench_show(&b.w, VIEW_RUNS);
    CHECK(shows(&b.w, "3 trials") && shows(&b.w, "0.8300") && !shows(&b.w, "0.4700"));
    leave_state(&b);
    mem_free(runs);
    mem_free(path);
}

static void show_scores(const char *name, const double scores[4], bool is_log)
{
    Error e = {0};
    Bench b;
    char *runs = io_join(test_directory(), "runs"), *path = io_join(runs, name);
    RunDir *study = run_create(path, "tune", "scores", &e);
    add_event(study, "start", "{\"metric\":\"valid.loss\",\"trials\":4}");
    for (int i = 0; i < 4; i++) {
        char *trial = text_format("{\"n\":%d,\"status\":\"done\",\"metric\":%.4f,\"settings\":{\"width\":8}}", i + 1, scores[i]);
        add_event(study, "trial", trial);
        mem_free(trial);
    }
    run_close(study);
    enter(&b, NO_ROWS);
    CHECK_OK(app_open(b.w.app, path, &e), e);
    settle(&b.w);
    workbench_show(&b.w, VIEW_TUNE);
    CHECK(shows(&b.w, "by trial") && shows(&b.w, "by trial, log") == is_log && !shows(&b.w, " above"));
    leave_state(&b);
    mem_free(runs);
    mem_free(path);
}

static void unit_scores(void)
{
    TEST("Tune: losses of several magnitudes are drawn in logarithms, others as they are");
    show_scores("2027-scores-a", (double[4]){0.9, 0.0021, 0.05, 0.7}, true);
    show_scores("2027-scores-b", (double[4]){0.9, 0.51, 0.62, 0.7}, false);
}

void unit_workbench_states(void)
{
    unit_scores();
    unit_study_in_runs();
    unit_states();
    unit_status();
    unit_boxes();
    unit_train_side();
}
