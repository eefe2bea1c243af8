/* Answers of runs about the recipe: they are known to be of the recipe as it is, and what is done about them is one edit that U takes
 * back, or a sentence that says why not. */
#include "base/json.h"
#include "run/run_dir.h"
#include "tests/unit/workbench_help.h"

static int runs_made;

static void open_answer(Workbench *w, const char *card, const char *json)
{
    Error e = {0};
    char *name = text_format("runs/2026-answer-%d", runs_made++), *path = io_join(test_directory(), name), *file = io_join(path, card);
    RunDir *run = run_create(path, "script", "answer", &e);
    Value *end = json_parse("{\"status\":\"done\"}", 17, &e);
    CHECK_OK(run && end && run_event(run, "end", end, false, &e), e);
    CHECK_OK(io_replace(file, json, strlen(json), &e), e);
    run_close(run);
    CHECK_OK(app_open(w->app, path, &e), e);
    settle(w);
    mem_free(name);
    mem_free(path);
    mem_free(file);
}

static void add(Workbench *w, const char *step, const char *json)
{
    Error e = {0};
    Value *params = json_parse(json, strlen(json), &e);
    CHECK_OK(params && app_add_step(w->app, SIZE_MAX, step, params, "test", &e), e);
    value_free(params);
}

/* drop id; log1p score; robust_scale score */
static void begin(Workbench *w)
{
    CHECK(open_table(w, "questions.csv"));
    add(w, "drop", "{\"columns\":[\"id\"]}");
    add(w, "log1p", "{\"columns\":[\"score\"]}");
    add(w, "robust_scale", "{\"columns\":[\"score\"]}");
    settle(w);
}

#define ASKED \
    "\"recipe\":[{\"step\":\"drop\",\"text\":\"id\"},{\"step\":\"log1p\",\"text\":\"score\"},{\"step\":\"robust_scale\",\"text\":" \
    "\"score\"}]"
#define PRICED(TOGETHER) \
    "{\"status\":\"done\",\"metric\":\"auc\",\"folds\":5,\"margin\":0.01," ASKED ",\"steps\":[" \
    "{\"n\":1,\"step\":\"drop\",\"text\":\"id\",\"verdict\":\"needed\",\"needed_by\":\"the net\"}," \
    "{\"n\":2,\"step\":\"log1p\",\"text\":\"score\",\"verdict\":\"does nothing\",\"worth\":0.001,\"low\":-0.002,\"high\":0.004}," \
    "{\"n\":3,\"step\":\"robust_scale\",\"text\":\"score\",\"verdict\":\"harms\",\"worth\":-0.05,\"low\":-0.06,\"high\":-0.04}]" TOGETHER \
    "}"
#define TOGETHER(VERDICT) ",\"together\":{\"numbers\":[2,3],\"verdict\":\"" VERDICT "\",\"worth\":0.1,\"low\":0.05,\"high\":0.15}"

static const Recipe *recipe_of(const Workbench *w)
{
    return app_document(w->app)->pipeline->recipe;
}

static void strikes(void)
{
    TEST("what buys nothing is struck by one edit that names it, unless it buys something together");
    Workbench w;
    Error e = {0};
    bool is_error;
    begin(&w);
    CHECK(!app_strike(w.app, "test", &e) && strstr(e.message, "has not been priced yet; p does it"));
    open_answer(&w, "price.json", PRICED(TOGETHER("helps")));
    CHECK(app_answer_state(w.app, APP_PRICE) == RUN_DONE && !app_answer_is_stale(w.app, APP_PRICE));
    CHECK(!app_strike(w.app, "test", &e) && strstr(e.message, "cannot all go: together the verdict is \"helps\"; x switches one off"));
    open_answer(&w, "price.json", PRICED(TOGETHER("does nothing")));
    CHECK_OK(app_strike(w.app, "test", &e), e);
    CHECK(!recipe_of(&w)->uses[0].off && recipe_of(&w)->uses[1].off && recipe_of(&w)->uses[2].off);
    CHECK_TEXT(app_status(w.app, &is_error), "struck 2 log1p, 3 robust_scale   U undoes it");
    CHECK(app_answer_is_stale(w.app, APP_PRICE) && text_equal(value_get_text(app_price_of(w.app, 2), "verdict", ""), "harms"));
    CHECK(!app_strike(w.app, "test", &e) && strstr(e.message, "has changed since it was priced"));
    CHECK(app_undo(w.app) && !recipe_of(&w)->uses[1].off && !recipe_of(&w)->uses[2].off);
    CHECK(!app_answer_is_stale(w.app, APP_PRICE));
    CHECK_OK(app_move_step(w.app, 1, 2, "test"), e);
    CHECK(app_answer_is_stale(w.app, APP_PRICE));
    leave(&w);
}

static void prices_stay(void)
{
    TEST("prices outlive another run, and go with their document");
    Workbench w;
    Error e = {0};
    begin(&w);
    open_answer(&w, "price.json", PRICED(""));
    open_answer(&w, "other.json", "{}");
    CHECK(app_answer_state(w.app, APP_PRICE) == RUN_DONE);
    open_answer(&w, "price.json", "{\"status\":\"running\",\"done\":1,\"of\":4," ASKED ",\"steps\":[]}");
    CHECK(app_answer_state(w.app, APP_PRICE) == RUN_STOPPED && !app_price_of(w.app, 1));
    CHECK(!app_check_answer(w.app, APP_PRICE, &e) && strstr(e.message, "not priced to the end"));
    char *path = io_join(test_directory(), "another.csv");
    CHECK_OK(io_replace(path, table, sizeof table - 1, &e) && app_open(w.app, path, &e), e);
    settle(&w);
    CHECK(app_answer_state(w.app, APP_PRICE) == RUN_UNKNOWN);
    mem_free(path);
    leave(&w);
}

#define CURVE(BY) \
    "{\"status\":\"done\",\"metric\":\"auc\",\"folds\":5,\"margin\":0.01,\"by\":\"" BY "\",\"keep\":1,\"of\":3," ASKED ",\"curve\":[" \
    "{\"keep\":1,\"mean\":0.8,\"worth\":0,\"low\":-0.001,\"high\":0.001},{\"keep\":2,\"mean\":0.8,\"worth\":0,\"low\":-0.001,\"high\":" \
    "0.001}]," \
    "\"features\":[{\"feature\":\"score\",\"worth\":0.3,\"verdict\":\"kept\"},{\"feature\":\"name\",\"worth\":0.1,\"verdict\":" \
    "\"dropped\"}," \
    "{\"feature\":\"day\",\"worth\":0,\"verdict\":\"dropped\"}]}"

static void keeps(void)
{
    static const struct {
        const char *card;
        size_t keep;
        const char *step, *text; /* NULL: refused, and says text */
    } cases[] = {
        {CURVE("importance"), 0, "drop", "name, day"},        {CURVE("rfe"), 2, "drop", "day"},
        {CURVE("l1"), 0, "select", "the 1 best by l1"},       {CURVE("mrmr"), 2, "select", "the 2 best by mrmr"},
        {CURVE("rfe"), 3, NULL, "all 3 features are needed"}, {CURVE("l1"), 9, NULL, "all 3 features are needed"},
    };
    TEST("the best features are kept by a drop of the others, or by a step that chooses them anew");
    Workbench w;
    begin(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Text text = {0};
        open_answer(&w, "select_features.json", cases[i].card);
        bool ok = app_keep_features(w.app, cases[i].keep, "test", &e);
        const StepUse *last = &recipe_of(&w)->uses[recipe_of(&w)->count - 1];
        step_use_describe(last, &text);
        if (cases[i].step)
            test_check(ok && text_equal(last->step->spec.name, cases[i].step) && text_equal(text_get(&text), cases[i].text), __FILE__,
                       __LINE__, "case %zu: %s %s, %s", i, last->step->spec.name, text_get(&text), e.message);
        else
            test_check(!ok && strstr(e.message, cases[i].text), __FILE__, __LINE__, "case %zu: %s", i, e.message);
        CHECK(!ok || (app_undo(w.app) && recipe_of(&w)->count == 3));
        text_done(&text);
    }
    leave(&w);
}

#define BENCH(NET) \
    "{\"status\":\"done\",\"metric\":\"auc\",\"noise\":[1],\"judged_noise\":1," ASKED ",\"net\":" NET \
    ",\"strengths\":{\"l1_strength\":0.5," \
    "\"dropout_rate\":0.25},\"variants\":[{\"variant\":\"none\"},{\"variant\":\"l1\"},{\"variant\":\"dropout\"}]}"

static char *net_of(const Workbench *w)
{
    Value *v = spec_list_to_value(&app_document(w->app)->train.net, "layer", false);
    char *text = json_format(v, JSON_CANONICAL);
    value_free(v);
    return text;
}

static void regularizes(void)
{
    TEST("a variant becomes net and plan by one edit, as strong as it was tried, from whatever variant they are");
    Workbench w;
    Error e = {0};
    bool is_error;
    begin(&w);
    CHECK(!app_take_variant(w.app, "l1", "test", &e) && strstr(e.message, "r asks for one"));
    Value *dense = json_parse("[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]", 46, &e);
    SpecList plain = {0};
    CHECK_OK(dense && spec_list_from_value(&plain, "layer", dense, "test", &e) && app_set_net(w.app, &plain, "test"), e);
    char *before = net_of(&w);
    open_answer(&w, "regularize.json", BENCH("[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]"));
    CHECK(app_answer_state(w.app, APP_REGULARIZE) == RUN_DONE && !app_answer_is_stale(w.app, APP_REGULARIZE));
    CHECK_OK(app_take_variant(w.app, "dropout", "test", &e), e);
    char *dropped = net_of(&w);
    CHECK_TEXT(app_status(w.app, &is_error), "regularized by dropout 0.25   U undoes it");
    CHECK(strstr(dropped, "{\"layer\":\"dropout\",\"rate\":0.25}") && !app_answer_is_stale(w.app, APP_REGULARIZE));
    CHECK_OK(app_take_variant(w.app, "l1", "test", &e), e);
    char *penalized = net_of(&w);
    CHECK_TEXT(penalized, before);
    CHECK(app_document(w.app)->train.l1 == 0.5 && app_document(w.app)->train.l2 == 0);
    CHECK(!app_take_variant(w.app, "l3", "test", &e) && app_undo(w.app) && app_document(w.app)->train.l1 == 0);
    open_answer(&w, "regularize.json", BENCH("[{\"layer\":\"dense\",\"width\":9},{\"layer\":\"relu\"}]"));
    CHECK(app_answer_is_stale(w.app, APP_REGULARIZE));
    mem_free(before);
    mem_free(dropped);
    mem_free(penalized);
    spec_list_done(&plain);
    value_free(dense);
    leave(&w);
}

static void scripts(void)
{
    TEST("the script of a question ends with it, trained as the document says");
    Workbench w;
    Error e = {0};
    Text out = {0};
    begin(&w);
    Value *map = json_parse("{\"folds\":3,\"net\":[]}", 20, &e);
    void *plan = params_from_value(&price_spec, map, &e);
    CHECK_OK(plan != NULL, e);
    document_to_ask(app_document(w.app), &price_spec, plan, &out);
    test_check(text_ends(text_get(&out), "local answer = p:price { net = {}, folds = 3 }\nprint(answer)\n"), __FILE__, __LINE__, "%s",
               text_get(&out));
    CHECK(strstr(text_get(&out), "p = p:log1p { columns = { \"score\" } }\n") && !strstr(text_get(&out), "model = p:train"));
    params_free(&price_spec, plan);
    value_free(map);
    text_done(&out);
    leave(&w);
}

void unit_questions(void)
{
    strikes();
    prices_stay();
    keeps();
    regularizes();
    scripts();
}
