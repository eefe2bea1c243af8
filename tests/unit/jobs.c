/* Jobs of the workbench that go on while the screen does: nothing is waited for, what is given up leaves all as it was. */
#include "base/clock.h"
#include "tests/unit/workbench_help.h"

/* A script whose top level does not end by itself. */
static char *describe_for_ever(Job *job, const TextList *options, const char *path, const char *text, Error *e)
{
    (void)options, (void)path, (void)text;
    while (job_go_on(job, e))
        clock_sleep(0.001);
    return NULL;
}

static App *open_live(const char *name)
{
    static const AppHost host = {.describe = describe_for_ever};
    Error e = {0};
    char *path = io_join(test_directory(), name), *runs = io_join(test_directory(), "live_runs");
    families_register();
    App *a = app_new(&(AppOptions){.runs = runs, .threads = 1}, &host);
    CHECK_OK(io_replace(path, table, sizeof table - 1, &e) && app_open(a, path, &e), e);
    for (int i = 0; i < 20000 && (app_poll(a) || !app_is_idle(a)); i++)
        clock_sleep(0.001);
    CHECK(app_document(a) && app_profile(a));
    mem_free(path);
    mem_free(runs);
    return a;
}

static void unit_given_up(void)
{
    static const char script[] = "while true do end\n";
    Error e = {0};
    TEST("a script that is described for ever is given up at once; until then the document is not edited, after it all is as it was");
    App *a = open_live("live.csv");
    const Document *before = app_document(a);
    char *path = io_join(test_directory(), "live.lua");
    CHECK_OK(io_replace(path, script, sizeof script - 1, &e), e);
    CHECK_OK(app_open(a, path, &e) && app_build_foreign(a, &e), e);
    app_poll(a);
    const char *doing = "";
    double share;
    CHECK(app_progress(a, &doing, &share) && text_equal(doing, "reading the script"));
    CHECK(!app_build_foreign(a, &e) && strstr(e.message, "live.lua is being opened"));
    error_clear(&e);
    CHECK(!app_set_target(a, "score", "test", &e) && strstr(e.message, "live.lua is being opened"));
    error_clear(&e);
    CHECK(!app_start(a, APP_TRAIN, &e) && strstr(e.message, "live.lua is being opened"));
    CHECK(!app_undo(a) && strstr(app_status(a, NULL), "live.lua is being opened"));
    CHECK(app_give_up(a) && strstr(app_status(a, NULL), "given up"));
    CHECK(app_is_idle(a) && !app_give_up(a) && !app_cancel(a));
    CHECK(app_document(a) == before);
    error_clear(&e);
    CHECK_OK(app_set_target(a, "score", "test", &e), e);
    CHECK(app_free(a));
    mem_free(path);
}

/* Saves and what is kept go to the disk in the order in which they were asked for. */
static void unit_order(void)
{
    Error e = {0};
    char *text = NULL;
    size_t size;
    TEST("what is saved is the session as it was when that was asked, whatever is edited meanwhile; the end waits for it");
    App *a = open_live("order.csv");
    char *path = io_join(test_directory(), "order.lua"), *script = app_script(a);
    CHECK_OK(app_save_script(a, path, false, &e), e);
    CHECK(app_is_saving(a) && app_save_check(a, path, &e) == APP_SAVE_REFUSED);
    error_clear(&e);
    CHECK_OK(app_set_target(a, "score", "test", &e), e);
    CHECK(app_has_unsaved(a));
    for (int i = 0; i < 20000 && app_is_saving(a); i++) {
        app_poll(a);
        clock_sleep(0.001);
    }
    CHECK(app_take_news(a) & APP_NEWS_SAVED);
    CHECK(app_has_unsaved(a) && app_undo(a) && !app_has_unsaved(a));
    CHECK_OK(io_read_file(path, 0, &text, &size, &e), e);
    CHECK_TEXT(text, script);
    mem_free(text);
    CHECK_OK(app_redo(a) && app_save_script(a, path, false, &e), e);
    CHECK(app_free(a));
    CHECK_OK(io_read_file(path, 0, &text, &size, &e), e);
    CHECK(strstr(text, "score") != NULL);
    mem_free(text);
    mem_free(script);
    mem_free(path);
}

void unit_jobs(void)
{
    unit_given_up();
    unit_order();
}
