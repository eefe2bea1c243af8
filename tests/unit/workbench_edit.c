/* The workbench without a screen: starting, targets, nets, plans and reading again. */
#include "tests/unit/workbench_help.h"

/* Refused where the user stands, with the same words, and no run begins. */
static void check_refused(Workbench *w, const char *keys, ViewId view, const char *words)
{
    bool is_error;
    type_keys(w, keys);
    const char *said = app_status(w->app, &is_error);
    test_check(is_error && strstr(said, words), __FILE__, __LINE__, "view %d says \"%s\", not %s", (int)view, said, words);
    CHECK(w->view == view);
    close_all(w);
    CHECK(app_run_cards(w->app)->size == 0 && !app_run(w->app));
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
    press(&w, KEYS_CHAR, '4'); /* the cursor is where the layer was put */
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
    close_all(&w); /* the whole of a long message */
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
    press(&w, KEYS_LEFT, 0);
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

static char *side_file(const char *name, const char *text)
{
    char *path = io_join(test_directory(), name);
    Error e = {0};
    CHECK_OK(io_replace(path, text, strlen(text), &e), e);
    return path;
}

static void check_preview(Workbench *w, const char *file, const char *words)
{
    Error e = {0};
    AppPreview p;
    Value *map = value_map();
    value_set(map, "table", value_text(file));
    value_set(map, "on", value_text("id"));
    const Step *join = step_find("join");
    void *params = params_from_value(&join->spec, map, &e);
    bool ok = params && app_preview(w->app, 0, join, params, &p, &e);
    char *notes = ok ? mem_strdup(p.notes.count ? p.notes.items[0] : "") : mem_strdup(e.message);
    test_check(strstr(notes, words) != NULL, __FILE__, __LINE__, "%s: %s, not %s", file, notes, words);
    if (ok)
        app_preview_done(&p);
    mem_free(notes);
    params_free(&join->spec, params);
    value_free(map);
}

static void unit_join_table(void)
{
    Workbench w;
    TEST("a join in the workbench: its preview tells what it finds, it is read again with the table, its script names the file, and "
         "without the file it says so");
    CHECK(open_table(&w, "join.csv"));
    char *zones = side_file("zones.csv", "id,zone\n1,7\n2,8\n9,9\n"), *gone = io_join(test_directory(), "gone.csv");
    check_preview(&w, zones, "2 of 8 rows found their id; 6 did not, 0 have none; 2 of 3 keys of zones are used");
    check_preview(&w, gone, "gone.csv");
    char *command = text_format("join table=%s on=id", zones);
    command_line_run(&w, command);
    settle(&w);
    Error e = {0};
    const Column *zone = app_table(w.app) ? table_column(app_table(w.app), "zone") : NULL;
    CHECK(zone && column_real(zone, 0) == 7);
    mem_free(side_file("zones.csv", "id,zone\n1,5\n"));
    CHECK_OK(app_reload(w.app, &e), e);
    settle(&w);
    zone = table_column(app_table(w.app), "zone");
    CHECK(zone && column_real(zone, 0) == 5 && zone->missing == 7);
    Text script = {0};
    document_to_script(app_document(w.app), &script);
    char *line = text_format("p = p:join { table = \"%s\", on = \"id\" }\n", zones);
    CHECK(strstr(text_get(&script), line) != NULL);
    CHECK(app_undo(w.app) && app_undo(w.app));
    mem_free(command);
    command = text_format("join table=%s on=id", gone);
    command_line_run(&w, command);
    settle(&w);
    bool is_error;
    CHECK(strstr(app_status(w.app, &is_error), "gone.csv") != NULL || (app_ready(w.app) && strstr(app_ready(w.app)->problem, "gone.csv")));
    text_done(&script);
    mem_free(line);
    mem_free(command);
    mem_free(zones);
    mem_free(gone);
    leave(&w);
}

void unit_workbench_edit(void)
{
    unit_join_table();
    unit_start();
    unit_net_fault();
    unit_target();
    unit_plan();
    unit_reload();
}
