/* The workbench without a screen: learning rates before a run. */
#include "tests/unit/workbench_help.h"

/* A table that a net can learn from. */
static void write_table(const char *name)
{
    Text text = {0};
    Error e = {0};
    text_add(&text, "x,z,label\n");
    for (int i = 0; i < 300; i++)
        text_addf(&text, "%d,%d,%s\n", i * 37 % 101, i * 61 % 97, i * 37 % 101 + i * 61 % 97 > 98 ? "yes" : "no");
    char *path = io_join(test_directory(), name);
    CHECK_OK(io_replace(path, text_get(&text), strlen(text_get(&text)), &e), e);
    mem_free(path);
    text_done(&text);
}

static double rate_of_plan(const Workbench *w)
{
    return optimizer_rate(&app_document(w->app)->train.optimizer);
}

static void unit_find_rate(void)
{
    Workbench w;
    TEST("a sweep runs in the background, shows what it found, and Enter takes it into the plan");
    write_table("rates.csv");
    CHECK(open_table(&w, "rates.csv"));
    press(&w, KEYS_CHAR, 'A');
    press(&w, KEYS_CHAR, '4');
    CHECK(!app_found_rate(w.app) && rate_of_plan(&w) == 0.001);
    press(&w, KEYS_CHAR, 'L');
    settle(&w);
    const Value *found = app_found_rate(w.app);
    CHECK(found && value_get_real(found, "suggested", 0) > 0);
    CHECK(shows(&w, "suggested"));
    press(&w, KEYS_CHAR, 'L');
    CHECK(w.popup && shows(&w, "Learning rates") && shows(&w, "log10 rate") && shows(&w, "Enter take it"));
    double suggested = value_get_real(found, "suggested", 0);
    press(&w, KEYS_ENTER, 0);
    CHECK(!w.popup && rate_of_plan(&w) == suggested && !app_found_rate(w.app));
    app_undo(w.app);
    CHECK(rate_of_plan(&w) == 0.001);
    leave(&w);
}

static void unit_schedule(void)
{
    Workbench w;
    TEST("the curve of the schedule is shown before the run");
    CHECK(open_table(&w, "curve.csv"));
    press(&w, KEYS_CHAR, '4');
    press(&w, KEYS_CHAR, 'S');
    CHECK(w.popup && shows(&w, "Schedule") && shows(&w, "the same rate all the way") && shows(&w, "epoch"));
    press(&w, KEYS_ESCAPE, 0);
    CHECK(!w.popup);
    leave(&w);
}

void unit_workbench_rates(void);
void unit_workbench_rates(void)
{
    unit_find_rate();
    unit_schedule();
}
