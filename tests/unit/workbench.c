/* The workbench without a screen: any form may be opened, typed into and left in every state; every key of every view acts or says why. */
#include "views/workbench.h"

#include "base/io.h"
#include "cli/cli.h"
#include "steps/step.h"
#include "tests/unit/test.h"
#include "views/data.h"

static const char table[] = "id,name,score,day,label\n1,Ann,1.5,2026-01-02,yes\n2,Bob,,2026-01-03,no\n3,,3.25,,yes\n4,Dee,9,2026-02-01,no\n5,Eve,2,2026-02-02,yes\n"
                            "6,Fay,7,2026-02-03,no\n7,Gil,8.5,2026-02-04,yes\n8,Hal,0,2026-02-05,no\n";

static const char *const typed[] = {"", "score", "a b", "score > 1", "(", "\"", "-1", "1e308", "99999999999999999999", "nan", "name, score", "/[/", "!",
                                    "{\"a\": 1}", "{\"", "dense width=3, relu", "\xE6\xBC\xA2", "nothing=1", ",,,", "true"};
enum { TYPED = sizeof typed / sizeof *typed };

static void settle(Workbench *w)
{
    for (int i = 0; i < 6; i++)
        workbench_poll(w);
    if (view_get(w->view)->refresh)
        view_get(w->view)->refresh(w);
}

static void press(Workbench *w, KeyCode code, uint32_t glyph)
{
    workbench_key(w, (Key){code, glyph});
    settle(w);
    workbench_paint(w);
}

static void paste(Workbench *w, const char *text)
{
    w->pasted = text;
    press(w, KEYS_PASTE, 0);
    w->pasted = "";
}

static void close_all(Workbench *w)
{
    for (int i = 0; i < 20 && w->popup; i++)
        press(w, KEYS_ESCAPE, 0);
}

static bool open_table(Workbench *w, const char *name)
{
    static const AppHost host = {NULL};
    char *path = io_join(test_directory(), name), *runs = io_join(test_directory(), "runs");
    IoInfo is;
    Error e = {0};
    families_register();
    App *app = app_new(&(AppOptions){.runs = runs, .headless = true, .threads = 1}, &host);
    bool ok = (io_stat(path, &is) || io_replace(path, table, sizeof table - 1, &e)) && app_open(app, path, &e);
    workbench_init(w, app, 80, 24);
    w->view = VIEW_DATA;
    settle(w);
    mem_free(path);
    mem_free(runs);
    return ok && app_document(app) != NULL;
}

static void leave(Workbench *w)
{
    App *app = w->app;
    workbench_done(w);
    app_free(app);
}

/* Every text into every field, left by each of the ways there are. The form is open. */
static void fill_form(Workbench *w, size_t field, const char *text)
{
    workbench_paint(w);
    for (size_t i = 0; i < field; i++)
        press(w, KEYS_TAB, 0);
    paste(w, text);
    press(w, KEYS_TAB, 0);
    press(w, KEYS_BACKTAB, 0);
    press(w, KEYS_BACKSPACE, 0);
    press(w, KEYS_ENTER, 0);
    close_all(w);
    while (app_undo(w->app))
        ;
    settle(w);
}

static void unit_forms(void)
{
    Workbench w;
    TEST("the form of every step takes any text in any field");
    CHECK(open_table(&w, "forms.csv"));
    const Family *steps = step_family();
    for (size_t i = 0; i < steps->count; i++) {
        size_t fields = 0;
        while (steps->members[i]->params && steps->members[i]->params[fields].name)
            fields++;
        for (size_t f = 0; f < fields; f++)
            for (size_t t = 0; t < TYPED; t++) {
                popup_step_new(&w, (const Step *)(const void *)steps->members[i], NULL, "test");
                fill_form(&w, f, typed[t]);
            }
    }
    CHECK(app_document(w.app)->pipeline->recipe->count == 0 && !w.popup);
    leave(&w);
}

static void take_text(Workbench *w, Text *out)
{
    workbench_paint(w);
    cells_text(&w->cells, out);
}

static void type_keys(Workbench *w, const char *keys)
{
    for (; *keys; keys++)
        press(w, *keys == '\n' ? KEYS_ENTER : KEYS_CHAR, *keys == '\n' ? 0 : (uint32_t)(unsigned char)*keys);
}

static void unit_other_forms(void)
{
    static const char *const openers[] = {"4p", "6p", "7p", "3\n", "4j\n", "1f", "1^", "1c", "1/", "4a", "3a", ":", "o"};
    Workbench w;
    TEST("so do the forms of plans, split and layers, every prompt, and all of them without a table");
    CHECK(open_table(&w, "others.csv"));
    const Document *first = app_document(w.app);
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        for (size_t field = 0; field < (i < 4 ? 26u : 3u); field++)
            for (size_t k = 0; k < 5; k++) {
                type_keys(&w, openers[i]);
                fill_form(&w, field, typed[(field + 4 * k) % TYPED]);
            }
    CHECK(app_document(w.app) == first && !w.popup);
    leave(&w);
    static const AppHost host = {NULL};
    App *app = app_new(&(AppOptions){.headless = true, .threads = 1}, &host);
    workbench_init(&w, app, 80, 24);
    for (size_t i = 0; i < step_family()->count; i++) {
        popup_step_new(&w, (const Step *)(const void *)step_family()->members[i], NULL, "test");
        fill_form(&w, 0, "score");
    }
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        type_keys(&w, openers[i]);
        fill_form(&w, 0, "score");
    }
    CHECK(!app_document(app));
    leave(&w);
}

static bool shows(Workbench *w, const char *words)
{
    Text out = {0};
    take_text(w, &out);
    bool found = strstr(text_get(&out), words) != NULL;
    text_done(&out);
    return found;
}

static void unit_required(void)
{
    Workbench w;
    TEST("a form whose required field is empty asks for it, on any table, before and after something is typed");
    CHECK(open_table(&w, "required.csv"));
    press(&w, KEYS_CHAR, '&');
    CHECK(shows(&w, "type an expression"));
    press(&w, KEYS_ENTER, 0);
    CHECK(w.popup && shows(&w, "type an expression"));
    paste(&w, "score > 2\n");
    press(&w, KEYS_TAB, 0);
    CHECK(shows(&w, "rows 8 \u2192 4"));
    press(&w, KEYS_CONTROL, 'u');
    press(&w, KEYS_TAB, 0);
    CHECK(shows(&w, "type an expression"));
    paste(&w, "score > 2");
    press(&w, KEYS_ENTER, 0);
    CHECK(!w.popup && app_document(w.app)->pipeline->recipe->count == 1 && app_table(w.app)->rows == 4);
    press(&w, KEYS_CHAR, '=');
    CHECK(w.popup && shows(&w, "\"name\" is empty"));
    close_all(&w);
    leave(&w);
}

static void unit_paste(void)
{
    Workbench w;
    TEST("pasted text is text: in a field one line, outside of one nothing happens and it says so");
    CHECK(open_table(&w, "paste.csv"));
    const char *target = app_document(w.app)->pipeline->target;
    CHECK_TEXT(target, "label");
    paste(&w, "T-\n");
    bool is_error;
    CHECK(strstr(app_status(w.app, &is_error), "not taken for keys") != NULL);
    press(&w, KEYS_CHAR, '/');
    paste(&w, "Ev\nT-\r\nx\n");
    CHECK(w.popup && shows(&w, "Ev T- x"));
    CHECK_TEXT(app_document(w.app)->pipeline->target, "label");
    CHECK_INT(app_document(w.app)->pipeline->recipe->count, 0);
    close_all(&w);
    leave(&w);
}

static size_t row_of(const Workbench *w)
{
    return VIEW_STATE(const DataState, w, VIEW_DATA)->row;
}

static void search(Workbench *w, const char *text)
{
    press(w, KEYS_CHAR, '/');
    paste(w, text);
    press(w, KEYS_ENTER, 0);
}

static void unit_search(void)
{
    Workbench w;
    bool is_error;
    TEST("a search begins at the cursor's row and goes once round, forwards and backwards, in the order that is shown");
    CHECK(open_table(&w, "search.csv"));
    search(&w, "Ann");
    CHECK(row_of(&w) == 0 && !*app_status(w.app, &is_error));
    press(&w, KEYS_CHAR, 'n');
    CHECK(row_of(&w) == 0 && strstr(app_status(w.app, &is_error), "only in this row") && !is_error);
    search(&w, "2026-02");
    CHECK_INT(row_of(&w), 3);
    press(&w, KEYS_CHAR, 'N');
    CHECK(row_of(&w) == 7 && strstr(app_status(w.app, &is_error), "on from the end"));
    press(&w, KEYS_CHAR, 'n');
    CHECK(row_of(&w) == 3 && strstr(app_status(w.app, &is_error), "on from the top"));
    press(&w, KEYS_CHAR, 'n');
    CHECK(row_of(&w) == 4 && !*app_status(w.app, &is_error));
    search(&w, "Bob");
    CHECK_INT(row_of(&w), 1);
    search(&w, "nowhere");
    CHECK(row_of(&w) == 1 && w.popup && shows(&w, "is not in the table"));
    close_all(&w);
    data_move_to(&w, 0, 0);
    press(&w, KEYS_CHAR, ']'); /* id, largest first */
    search(&w, "Ann");
    CHECK(row_of(&w) == 7 && VIEW_STATE(DataState, &w, VIEW_DATA)->sorted_by == 0);
    leave(&w);
}

/* Refused where the user stands, with the same words, and no run begins. */
static void check_refused(Workbench *w, const char *keys, ViewId view, const char *words)
{
    bool is_error;
    size_t count;
    type_keys(w, keys);
    const char *said = app_status(w->app, &is_error);
    test_check(is_error && strstr(said, words), __FILE__, __LINE__, "view %d says \"%s\", not %s", (int)view, said, words);
    CHECK(w->view == view);
    close_all(w);
    app_runs(w->app, &count);
    CHECK(count == 0 && !app_run(w->app));
}

static void check_all_starts(Workbench *w, const char *words)
{
    check_refused(w, "2t", VIEW_PROFILE, words);
    check_refused(w, "5\n", VIEW_TRAIN, words);
    check_refused(w, "6u", VIEW_TUNE, words);
    check_refused(w, "7D", VIEW_DISTILL, words);
}

static void unit_start(void)
{
    Workbench w;
    TEST("every start goes through the same preparation and says the same error where the user stands");
    CHECK(open_table(&w, "start.csv"));
    command_line_run(&w, "log1p columns=score");
    settle(&w);
    check_all_starts(&w, "add one_hot for them, or drop them");
    leave(&w);
}

static void unit_net_fault(void)
{
    Workbench w;
    TEST("a net with a fault is shown: shapes up to it, the fault beside its layer, and it can be mended");
    CHECK(open_table(&w, "fault.csv"));
    press(&w, KEYS_CHAR, 'A');
    press(&w, KEYS_CHAR, '4');
    press(&w, KEYS_CHAR, 'j');
    press(&w, KEYS_CHAR, 'a');
    paste(&w, "max_pool");
    press(&w, KEYS_ENTER, 0);
    paste(&w, "999");
    press(&w, KEYS_ENTER, 0);
    CHECK_INT(app_document(w.app)->train.net.count, 7);
    CHECK(shows(&w, "1  dense") && shows(&w, "Nx64") && shows(&w, "max_pool    \u2717 nothing is left") && shows(&w, "7  dropout"));
    check_all_starts(&w, "nothing is left");
    press(&w, KEYS_CHAR, '4');
    press(&w, KEYS_CHAR, 'j');
    press(&w, KEYS_ENTER, 0);
    CHECK(w.popup && shows(&w, "max_pool \u2500"));
    paste(&w, "2");
    press(&w, KEYS_ENTER, 0);
    CHECK(!w.popup && shows(&w, "Nx32x1") && shows(&w, "put a flatten"));
    press(&w, KEYS_CHAR, 'd');
    CHECK(!shows(&w, "\u2717") && shows(&w, "total"));
    leave(&w);
}

static void unit_target(void)
{
    Workbench w;
    bool is_error;
    TEST("the plans and the split follow the target from classes to a number and back; what was chosen stays while it can");
    CHECK(open_table(&w, "target.csv"));
    const EarlyStop *stop = app_document(w.app)->train.early_stop.params;
    CHECK_TEXT(stop->metric, "valid.auc");
    data_move_to(&w, 0, 2);
    press(&w, KEYS_CHAR, 'T');
    const Document *d = app_document(w.app);
    stop = d->train.early_stop.params;
    CHECK(text_equal(d->pipeline->target, "score") && text_equal(stop->metric, "valid.loss") && d->pipeline->split.by == SPLIT_RANDOM);
    stop = d->distill.base.early_stop.params;
    CHECK(text_equal(d->tune.metric, "valid.loss") && text_equal(stop->metric, "valid.loss"));
    press(&w, KEYS_CHAR, 'A');
    CHECK(app_ready(w.app) && !*app_ready(w.app)->problem && app_ready(w.app)->classes == 0);
    check_refused(&w, "7D", VIEW_DISTILL, "distill needs a target with classes; score is a number");
    press(&w, KEYS_CHAR, '5');
    command_line_run(&w, "data_target label");
    d = app_document(w.app);
    CHECK_TEXT(d->pipeline->target, "score"); /* of another view */
    press(&w, KEYS_CHAR, '2');
    press(&w, KEYS_CHAR, '1');
    command_line_run(&w, "data_target label");
    d = app_document(w.app);
    stop = d->train.early_stop.params;
    CHECK(text_equal(d->pipeline->target, "label") && text_equal(stop->metric, "valid.auc") && d->pipeline->split.by == SPLIT_STRATIFIED);
    command_line_run(&w, "data_target nope");
    CHECK(*app_status(w.app, &is_error) && is_error);
    leave(&w);
}

static void unit_moving(void)
{
    Workbench w;
    bool is_error;
    TEST("c goes to a column by name or a part of it; Esc goes back: box, zoom, error, view by view");
    CHECK(open_table(&w, "moving.csv"));
    const DataState *s = VIEW_STATE(const DataState, &w, VIEW_DATA);
    static const struct {
        const char *typed;
        int column;
    } steps[] = {{"score", 2}, {"^L", 4}, {"a", 1}, {"a", 3}, {"a", 4}, {"a", 1}, {"D.Y", 3}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        press(&w, KEYS_CHAR, 'c');
        paste(&w, steps[i].typed);
        press(&w, KEYS_ENTER, 0);
        test_check(!w.popup && s->column == steps[i].column, __FILE__, __LINE__, "c %s goes to column %d", steps[i].typed, s->column);
    }
    press(&w, KEYS_CHAR, 'c');
    paste(&w, "(");
    press(&w, KEYS_ENTER, 0);
    CHECK(w.popup && shows(&w, "is no regular expression"));
    press(&w, KEYS_ESCAPE, 0);
    CHECK(!w.popup && w.view == VIEW_DATA);
    press(&w, KEYS_CHAR, '3');
    press(&w, KEYS_CHAR, '9');
    press(&w, KEYS_CHAR, 'z');
    press(&w, KEYS_ESCAPE, 0);
    CHECK(!w.zoomed && w.view == VIEW_SCRIPT);
    press(&w, KEYS_CHAR, '}'); /* no key here: only said */
    press(&w, KEYS_ESCAPE, 0);
    CHECK_INT(w.view, VIEW_RECIPE);
    press(&w, KEYS_CHAR, 'x');
    CHECK(*app_status(w.app, &is_error) && is_error);
    press(&w, KEYS_ESCAPE, 0);
    CHECK(w.view == VIEW_RECIPE && !*app_status(w.app, &is_error));
    press(&w, KEYS_CHAR, 'a');
    CHECK(w.popup && shows(&w, "drop_duplicates") && !shows(&w, "command"));
    paste(&w, "clip");
    press(&w, KEYS_TAB, 0);
    CHECK(shows(&w, "> clip_outliers"));
    press(&w, KEYS_ENTER, 0);
    CHECK(shows(&w, "new step"));
    close_all(&w);
    press(&w, KEYS_ESCAPE, 0);
    CHECK_INT(w.view, VIEW_DATA);
    press(&w, KEYS_ESCAPE, 0);
    CHECK(w.view == VIEW_DATA && strstr(app_status(w.app, &is_error), "q leaves"));
    leave(&w);
}

static void unit_reload(void)
{
    Workbench w;
    Error e = {0};
    bool is_error;
    TEST("F5 reads the file as it is now, keeps the steps, and can be undone; what cannot be read changes nothing");
    CHECK(open_table(&w, "reload.csv"));
    char *path = io_join(test_directory(), "reload.csv"), *longer = text_format("%s9,Ida,3,2026-03-01,no\n", table);
    press(&w, KEYS_CHAR, '-'); /* id */
    CHECK_OK(io_replace(path, longer, strlen(longer), &e), e);
    press(&w, KEYS_FUNCTION, 5);
    CHECK(app_table(w.app)->rows == 9 && app_document(w.app)->pipeline->recipe->count == 1 && app_has_unsaved(w.app));
    press(&w, KEYS_FUNCTION, 5);
    CHECK(strstr(app_status(w.app, &is_error), "nothing has changed") != NULL);
    press(&w, KEYS_CHAR, 'U');
    CHECK(app_table(w.app)->rows == 8 && app_document(w.app)->pipeline->recipe->count == 1);
    press(&w, KEYS_CHAR, 'U');
    CHECK(app_document(w.app)->pipeline->recipe->count == 0);
    press(&w, KEYS_CHAR, 'R');
    CHECK_OK(io_remove(path, &e), e);
    press(&w, KEYS_FUNCTION, 5);
    CHECK(app_status(w.app, &is_error) && is_error && app_table(w.app)->rows == 8 && app_document(w.app)->pipeline->recipe->count == 1);
    press(&w, KEYS_CHAR, 'U');
    CHECK(app_document(w.app)->pipeline->recipe->count == 0);
    mem_free(path);
    mem_free(longer);
    leave(&w);
}

static void go_to_field(Workbench *w, const char *name)
{
    char *marked = text_format("%s  ", name);
    for (int i = 0; i < 40; i++) {
        Text out = {0};
        take_text(w, &out);
        const char *mark = strstr(text_get(&out), "\u25B8");
        mark = mark ? mark + strlen("\u25B8") : "";
        bool here = text_starts(mark + strspn(mark, " "), marked);
        text_done(&out);
        if (here)
            break;
        press(w, KEYS_TAB, 0);
    }
    mem_free(marked);
}

static void unit_plan(void)
{
    Workbench w;
    TEST("what the optimizer and the early stop take are fields of the plan's form; arrows change the member");
    CHECK(open_table(&w, "plan.csv"));
    press(&w, KEYS_CHAR, '4');
    press(&w, KEYS_CHAR, 'p');
    go_to_field(&w, "learning_rate");
    paste(&w, "0.0125");
    go_to_field(&w, "patience");
    paste(&w, "17");
    press(&w, KEYS_ENTER, 0);
    const TrainPlan *plan = &app_document(w.app)->train;
    Value *v = spec_use_to_value(&plan->optimizer, "optimizer", false);
    CHECK(text_equal(plan->optimizer.spec->name, "adam") && value_get_real(v, "learning_rate", 0) == 0.0125);
    value_free(v);
    CHECK_INT(((const EarlyStop *)plan->early_stop.params)->patience, 17);
    press(&w, KEYS_CHAR, 'p');
    go_to_field(&w, "optimizer");
    press(&w, KEYS_RIGHT, 0);
    go_to_field(&w, "nesterov");
    press(&w, KEYS_CHAR, ' ');
    go_to_field(&w, "early_stop");
    press(&w, KEYS_LEFT, 0);
    press(&w, KEYS_ENTER, 0);
    plan = &app_document(w.app)->train;
    v = spec_use_to_value(&plan->optimizer, "optimizer", false);
    const Value *nesterov = value_get(v, "nesterov");
    CHECK(text_equal(plan->optimizer.spec->name, "sgd") && nesterov && nesterov->flag && !plan->early_stop.spec);
    value_free(v);
    leave(&w);
}

/* These start a worker. */
static bool starts_run(const Command *c)
{
    static const char *const names[] = {"train", "tune", "distill", "train_start", "tune_search", "distill_start"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(c->spec.name, names[i]))
            return true;
    return false;
}

/* From a fresh table, so that no key stands on what another one did. */
static void check_command(const Command *c, ViewId view, int width, int height)
{
    Workbench w;
    Key key;
    Text why = {0}, before = {0}, after = {0};
    bool is_error;
    CHECK(open_table(&w, "keys.csv") && key_parse(c->key, &key));
    cells_resize(&w.cells, width, height);
    workbench_show(&w, view);
    settle(&w);
    bool can = command_can_run(&w, c, &why);
    take_text(&w, &before);
    press(&w, key.code, key.glyph);
    take_text(&w, &after);
    const char *said = app_status(w.app, &is_error);
    bool acted = w.quit || w.popup || w.view != view || *said || !text_equal(text_get(&before), text_get(&after));
    test_check(acted || text_equal(c->spec.name, "redraw"), __FILE__, __LINE__, "%s (%s) in %s: nothing happens and nothing is said",
               c->spec.name, c->key, view_get(view)->name);
    test_check(can || (*said && is_error), __FILE__, __LINE__, "%s in %s can't act and does not say why", c->key, view_get(view)->name);
    text_done(&before);
    text_done(&after);
    text_done(&why);
    leave(&w);
}

static void unit_keys(int width, int height)
{
    for (int v = 0; v < VIEW_COUNT; v++)
        for (size_t i = 0; command_at(i); i++)
            if (command_at(i)->key && (command_at(i)->views >> v & 1) && !starts_run(command_at(i)))
                check_command(command_at(i), (ViewId)v, width, height);
}

void unit_workbench(void)
{
    unit_forms();
    unit_other_forms();
    unit_required();
    unit_paste();
    unit_search();
    unit_start();
    unit_net_fault();
    unit_target();
    unit_moving();
    unit_plan();
    unit_reload();
    TEST("every key of every view acts or says why not");
    unit_keys(120, 36);
    unit_keys(60, 18);
}
