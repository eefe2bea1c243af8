/* Side tables: what older versions wrote still loads and works, what a model holds of the other table, and which table it is given. */
#include "base/io.h"
#include "learn/bundle.h"
#include "steps/side.h"
#include "table/reader.h"
#include "tests/unit/learn_help.h"

static Table *csv(const char *text)
{
    Error e = {0};
    Table *t = table_read_bytes(NULL, "csv", (const uint8_t *)text, strlen(text), NULL, &e);
    CHECK_OK(t != NULL, e);
    return t;
}

static char *to_csv(const Table *t)
{
    Text out = {0};
    Error e = {0};
    void *options = params_new(&csv_writer.spec);
    CHECK_OK(csv_writer.write(options, t, &out, &e), e);
    params_free(&csv_writer.spec, options);
    return text_take(&out);
}

static Recipe *recipe(const char *json, Error *e)
{
    Value *v = json_parse(json, strlen(json), e);
    Recipe *r = v ? recipe_from_value(v, e) : NULL;
    value_free(v);
    return r;
}

/* Written by the version before side tables: the file in the parameters, its rows as texts in the state. */
static const char old_state[] =
    "[{\"step\":\"join\",\"file\":\"gone/plans.csv\",\"by\":\"id\",\"state\":{\"names\":[\"plan\",\"price\"],"
    "\"types\":[\"text\",\"real\"],\"keys\":[\"1\",\"7\",\"x\"],\"cells\":[[\"a\",null,\"c\"],[\"1.5\",\"2\",null]]}}]";

static void check_old(void)
{
    TEST("a recipe of an older version: its parameters become those of now, its rows are kept");
    static const struct {
        const char *old, *now;
    } cases[] = {
        {"[{\"step\":\"join\",\"file\":\"u/plans.csv\",\"by\":\"id\"}]", "[{\"step\":\"join\",\"table\":\"u/plans.csv\",\"on\":\"id\"}]"},
        {"[{\"step\":\"join\",\"csv\":\"id,p\\n1,2\\n\",\"by\":\"id\",\"columns\":[\"p\"]}]",
         "[{\"step\":\"join\",\"table\":{\"csv\":\"id,p\\n1,2\\n\"},\"on\":\"id\",\"columns\":[\"p\"]}]"},
        {"[{\"step\":\"join\",\"file\":\"a.csv\",\"read\":{\"delimiter\":\";\"},\"by\":\"id\",\"off\":true}]",
         "[{\"step\":\"join\",\"table\":{\"file\":\"a.csv\",\"read\":{\"delimiter\":\";\"}},\"on\":\"id\",\"off\":true}]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Recipe *a = recipe(cases[i].old, &e), *b = recipe(cases[i].now, &e);
        CHECK_OK(a && b, e);
        Value *x = a ? recipe_to_value(a, false) : NULL, *y = b ? recipe_to_value(b, false) : NULL;
        CHECK(value_equal(x, y));
        value_free(x);
        value_free(y);
        recipe_unref(a);
        recipe_unref(b);
    }
    Error e = {0};
    Recipe *r = recipe(old_state, &e);
    CHECK_OK(r != NULL, e);
    Table *rows = csv("id\n7\n1\n2\n"), *out = r ? recipe_apply(NULL, r, rows, &(Roles){0}, &e) : NULL;
    SideTables none = {0};
    Table *elsewhere = r ? recipe_apply_watched(NULL, r, rows, &(Roles){0}, &(RecipeWatch){.sides = &none}, &e) : NULL;
    CHECK_OK(out && elsewhere, e);
    char *text = out ? to_csv(out) : NULL;
    CHECK_TEXT(text, "id,plan,price\n7,,2\n1,a,1.5\n2,,\n");
    CHECK(out && elsewhere && table_equal(out, elsewhere));
    mem_free(text);
    table_unref(out);
    table_unref(elsewhere);
    table_unref(rows);
    recipe_unref(r);
}

/* What a form shows of a side table is what it reads. */
static void check_form_text(void)
{
    TEST("a side table as text, in a form and back");
    static const char *const cases[] = {
        "{\"table\":\"usage.csv\",\"on\":\"id\"}",
        "{\"table\":{\"file\":\"u.csv\",\"steps\":[{\"step\":\"filter\",\"where\":\"x > 1\"}]},\"on\":[\"a\",\"b\"]}",
        "{\"table\":{\"csv\":\"a,b\\n1,2\\n\"},\"on\":{\"a\":\"b\"},\"how\":\"asof\",\"time\":\"t\"}"};
    const Spec *spec = &step_find("join")->spec;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Value *v = json_parse(cases[i], strlen(cases[i]), &e);
        void *params = params_from_value(spec, v, &e), *again = params_new(spec);
        CHECK_OK(params != NULL, e);
        for (const Field *f = params ? spec->params : NULL; f && f->name; f++) {
            char *text = field_text(f, params);
            CHECK_OK(field_set_text(f, again, text, "join", &e), e);
            mem_free(text);
        }
        CHECK(params && params_equal(spec, params, again));
        params_free(spec, params);
        params_free(spec, again);
        value_free(v);
    }
}

static void check_forged(void)
{
    TEST("a state that is not what it says is refused, by name");
    static const struct {
        const char *side, *says;
    } cases[] = {
        {"5", "expected a table of options"},
        {"{}", "\"schema\" is required"},
        {"{\"schema\":{}}", "its schema is a map"},
        {"{\"schema\":[{\"name\":\"id\",\"type\":\"colour\"}]}", "is none that a model takes"},
        {"{\"schema\":[],\"steps\":5}", "a recipe is a list"},
        {"{\"schema\":[],\"steps\":[{\"step\":\"standardize\"}]}", "standardize learns from rows"},
        {"{\"schema\":[],\"rows\":{\"names\":[\"id\"],\"types\":[\"int\"],\"cells\":[]}}", "\"cells\" has 0 items"},
        {"{\"schema\":[],\"rows\":{\"names\":[\"id\",\"p\"],\"types\":[\"int\",\"int\"],\"cells\":[[\"1\"],[\"1\",\"2\"]]}}",
         "p has 2 cells"},
        {"{\"schema\":[],\"rows\":{\"names\":[\"id\"],\"types\":[\"array\"],\"cells\":[[\"1\"]]}}", "no choice \"array\""},
        {"{\"schema\":[],\"rows\":{\"names\":[\"id\",\"id\"],\"types\":[\"int\",\"int\"],\"cells\":[[],[]]}}", "holds \"id\" twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        char *json = text_format(
            "[{\"step\":\"join\",\"table\":\"p.csv\",\"on\":\"id\",\"state\":{\"names\":[\"p\"],\"types\":[\"int\"],\"side\":%s}}]",
            cases[i].side);
        Recipe *r = recipe(json, &e);
        test_check(!r && strstr(e.message, cases[i].says) && strstr(e.message, "side"), __FILE__, __LINE__, "%s: %s", cases[i].side,
                   r ? "is read" : e.message);
        recipe_unref(r);
        mem_free(json);
    }
    TEST("rows that lack a column of the state are an error, not a crash");
    Error e = {0};
    Recipe *r = recipe(
        "[{\"step\":\"join\",\"table\":\"p.csv\",\"on\":\"id\",\"state\":{\"names\":[\"p\"],\"types\":[\"int\"],\"side\":{\"schema\":[],"
        "\"rows\":{\"names\":[\"k\"],\"types\":[\"int\"],\"cells\":[[\"1\"]]}}}}]",
        &e);
    Table *rows = csv("id\n1\n"), *out = r ? recipe_apply(NULL, r, rows, &(Roles){0}, &e) : NULL;
    CHECK(r && !out && strstr(e.message, "\"id\""));
    recipe_unref(r);
    table_unref(rows);
}

static void check_types(void)
{
    TEST("a column of another type than was learned is an error");
    static const struct {
        const char *learned, *held, *says; /* NULL: it fits */
    } cases[] = {{"text", "int", "was text when the step was fitted and is int now"},
                 {"int", "text", "was int"},
                 {"date", "int", "was date"},
                 {"real", "int", NULL},
                 {"int", "real", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        char *json =
            text_format("[{\"step\":\"join\",\"table\":\"p.csv\",\"on\":\"id\",\"state\":{\"names\":[\"p\"],\"types\":[\"%s\"],\"side\":{"
                        "\"schema\":[],\"rows\":{\"names\":[\"id\",\"p\"],\"types\":[\"int\",\"%s\"],\"cells\":[[\"1\"],[\"5\"]]}}}}]",
                        cases[i].learned, cases[i].held);
        Recipe *r = recipe(json, &e);
        Table *rows = csv("id\n1\n1\n2\n"), *out = r ? recipe_apply(NULL, r, rows, &(Roles){0}, &e) : NULL;
        test_check(cases[i].says ? !out && strstr(e.message, cases[i].says) : out != NULL, __FILE__, __LINE__, "%s, %s: %s",
                   cases[i].learned, cases[i].held, out ? "is taken" : e.message);
        recipe_unref(r);
        table_unref(rows);
        table_unref(out);
        mem_free(json);
    }
}

static void check_sides(void)
{
    TEST("side tables as values: a file is its name, the rest a map; nonsense is refused");
    static const struct {
        const char *given, *says; /* NULL: the same again */
    } cases[] = {
        {"\"usage.csv\"", NULL},
        {"{\"file\":\"a/usage.csv\",\"name\":\"calls\"}", NULL},
        {"{\"csv\":\"a\\n1\\n\"}", NULL},
        {"{\"file\":\"u.csv\",\"steps\":[{\"step\":\"filter\",\"where\":\"x > 1\"},{\"step\":\"join\",\"table\":\"p.csv\",\"on\":\"id\"}]}",
         NULL},
        {"\"\"", "give one of file and csv"},
        {"{\"file\":\"a\",\"csv\":\"b\\n\"}", "give one of file and csv"},
        {"{\"fle\":\"a\"}", "did you mean \"file\""},
        {"5", "expected a table or a file name"},
        {"{\"file\":\"a\",\"read\":5}", "options of the reader"},
        {"{\"file\":\"a\",\"steps\":[{\"step\":\"standardize\"}]}", "standardize learns from rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        Value *v = json_parse(cases[i].given, strlen(cases[i].given), &e);
        Side *s = v ? side_kind.from_value(v, &e) : NULL;
        Value *again = s ? side_kind.to_value(s) : NULL;
        if (cases[i].says)
            test_check(!s && strstr(e.message, cases[i].says), __FILE__, __LINE__, "%s: %s", cases[i].given, s ? "is taken" : e.message);
        else
            test_check(again && value_equal(again, v), __FILE__, __LINE__, "%s: %s", cases[i].given, e.message);
        value_free(v);
        value_free(again);
        side_unref(s);
    }
    TEST("tables beside tables nest four deep");
    for (int depth = 1; depth < 7; depth++) {
        Error e = {0};
        Text json = {0};
        for (int k = 1; k < depth; k++)
            text_add(&json, "{\"file\":\"t.csv\",\"steps\":[{\"step\":\"join\",\"on\":\"id\",\"table\":");
        text_add(&json, "\"t.csv\"");
        for (int k = 1; k < depth; k++)
            text_add(&json, "}]}");
        Value *v = json_parse(text_get(&json), json.size, &e);
        Side *s = v ? side_kind.from_value(v, &e) : NULL;
        CHECK((s != NULL) == (depth <= SIDE_DEPTH_MOST));
        side_unref(s);
        value_free(v);
        text_done(&json);
    }
}

static const char old_before[] =
    "[{\"step\":\"join\",\"csv\":\"plan,zone\\nbasic,1\\npro,2\\n\",\"by\":\"plan\",\"state\":{\"names\":[\"zone\"],"
    "\"types\":[\"int\"],\"keys\":[\"basic\",\"pro\"],\"cells\":[[\"1\",\"2\"]]}},"
    "{\"step\":\"drop\",\"columns\":[\"id\",\"zone\"]}]";

static void check_same_file(const char *a, const char *b)
{
    Error e = {0};
    char *first = NULL, *second = NULL;
    size_t first_size = 0, second_size = 0;
    CHECK_OK(io_read_file(a, 0, &first, &first_size, &e) && io_read_file(b, 0, &second, &second_size, &e), e);
    CHECK(first && second && first_size == second_size && memcmp(first, second, first_size) == 0);
    mem_free(first);
    mem_free(second);
}

static void check_loaded(const Bundle *b, const char *path, const Table *t)
{
    Error e = {0};
    char *again = io_join(test_directory(), "again.safetensors"), is[HASH_ROOM], was[HASH_ROOM];
    Bundle *loaded = bundle_load(path, &e);
    CHECK_OK(loaded != NULL, e);
    CHECK_TEXT(help_hash(loaded, is), help_hash(b, was));
    Table *x = bundle_predict(NULL, b, &(PredictTask){.rows = t}, &e),
          *y = loaded ? bundle_predict(NULL, loaded, &(PredictTask){.rows = t}, &e) : NULL;
    CHECK_OK(x && y && table_equal(x, y), e);
    CHECK_OK(loaded && bundle_save(loaded, again, &e), e);
    check_same_file(path, again);
    table_unref(x);
    table_unref(y);
    mem_free(again);
    bundle_unref(loaded);
}

static void check_old_model(void)
{
    TEST("a model whose recipe an older version wrote: its hash holds, it predicts as before and is saved as it was");
    Error e = {0};
    Table *t = help_table(240, 5);
    Pipeline *p = help_pipeline(t);
    Prepared *d = help_prepare(p);
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":4}],\"epochs\":1,\"batch\":32}");
    Bundle *b = help_train(d, plan, 1, NULL, false);
    char *path = io_join(test_directory(), "old.safetensors");
    recipe_unref(b->before);
    b->before = recipe(old_before, &e);
    b->stored_before = json_parse(old_before, strlen(old_before), &e);
    CHECK_OK(b->before && b->stored_before && bundle_save(b, path, &e), e);
    check_loaded(b, path, t);
    mem_free(path);
    bundle_unref(b);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

void unit_join(void)
{
    help_register();
    check_old();
    check_form_text();
    check_forged();
    check_types();
    check_sides();
    check_old_model();
}
