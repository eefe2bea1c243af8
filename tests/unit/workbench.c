/* The workbench without a screen: any form may be opened, typed into and left in every state; every key of every view acts or says why. */
#include "tests/unit/workbench_help.h"

static const char *const typed[] = {"",
                                    "score",
                                    "a b",
                                    "score > 1",
                                    "(",
                                    "\"",
                                    "-1",
                                    "1e308",
                                    "99999999999999999999",
                                    "nan",
                                    "name, score",
                                    "/[/",
                                    "!",
                                    "{\"a\": 1}",
                                    "{\"",
                                    "dense width=3, relu",
                                    "\xE6\xBC\xA2",
                                    "nothing=1",
                                    ",,,",
                                    "true"};
enum { TYPED = sizeof typed / sizeof *typed };

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
    static const AppHost host = {0};
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

static void unit_required(void)
{
    Workbench w;
    TEST("a form whose required field is empty asks for it, on any table, before and after something is typed");
    CHECK(open_table(&w, "required.csv"));
    press(&w, KEYS_CHAR, '&');
    CHECK(shows(&w, "type an expression"));
    press(&w, KEYS_ENTER, 0);
    CHECK(w.popup && shows(&w, "type an expression"));
    type_keys(&w, "score >");
    CHECK(!shows(&w, "ready to apply") && !shows(&w, "is empty")); /* half an expression is told as such while it is typed */
    paste(&w, " 2\n");
    CHECK(shows(&w, "rows 8 \u2192 4") && shows(&w, "ready to apply"));
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
    CHECK(w.popup && shows(&w, "this ( is not closed"));
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
    unit_moving();
    TEST("every key of every view acts or says why not");
    unit_keys(120, 36);
    unit_keys(60, 18);
}
