/* Scripts: values across the border, checked names and options, places of errors, exit codes, documents and their scripts. */
#include "tests/unit/test.h"

#include "base/io.h"
#include "base/json.h"
#include "cli/cli.h"
#include "script/console.h"
#include "script/value.h"
#include "steps/recipe.h"
#include "table/reader.h"

static bool run_script(const char *text, int *code, Error *e)
{
    ScriptRun run = {.path = "dir/test.lua", .text = text, .seed = UINT64_MAX, .threads = 1};
    *e = (Error){0};
    return script_run(&run, code, e);
}

static Document *describe(const char *path, const char *text, Error *e)
{
    ScriptRun run = {.path = path, .text = text};
    return script_describe(&run, e);
}

static void test_values(void)
{
    static const char *const cases[] = {
        "{\"a\":1,\"b\":2.5,\"c\":\"x\",\"d\":true,\"e\":[1,2,3]}",
        "[1,2.0,\"\\u0001\"]",
        "{\"big\":9223372036854775807,\"small\":-9223372036854775808}",
        "{\"deep\":{\"er\":[[1],[2,{\"k\":false}]]}}",
        "\"text\"",
        "0.1",
    };
    ScriptRun run = {.seed = UINT64_MAX, .threads = 1};
    Error e = {0};
    ScriptState *s = state_new(&run, &e);
    TEST("values go to Lua and come back the same");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Value *v = json_parse(cases[i], strlen(cases[i]), &e);
        CHECK(v != NULL);
        value_push(s->lua, v);
        Value *back = value_from_lua(s->lua, -1, &e);
        CHECK(back && value_equal(v, back));
        value_free(v);
        value_free(back);
        lua_settop(s->lua, 0);
    }
    TEST("a table that contains itself is refused");
    luaL_dostring(s->lua, "t = {} t.t = t return t");
    CHECK(value_from_lua(s->lua, -1, &e) == NULL);
    CHECK(strstr(e.message, "nest deeper") != NULL);
    state_free(s);
}

static void test_errors(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"local epochs = 3\nprint(epocs)", "test.lua:2: \"epocs\" is not set; did you mean \"epochs\"?"},
        {"local lb = require 'limbeck'\nlocal x = lb.ad {}", "test.lua:2: limbeck has no \"ad\""},
        {"local lb = require 'limbeck'\nlb.adam { learning_rat = 1 }",
         "test.lua:2: adam: no option \"learning_rat\"; did you mean \"learning_rate\"?"},
        {"local lb = require 'limbeck'\n\nlb.dropout { 7 }", "test.lua:3: dropout: \"rate\" is 7, allowed is 0 to 0.95"},
        {"local lb = require 'limbeck'\nlb.relu { 7 }", "test.lua:2: relu: takes no values in positions"},
        {"local lb = require 'limbeck'\nlb.mlp { 8, droput = 0.1 }", "did you mean \"dropout\"?"},
        {"local lb = require 'limbeck'\nlb.mlp { 8, activation = 'dropout' }",
         "activation \"dropout\" is no activation; there are \"relu\""},
        {"local lb = require 'limbeck'\nlb.mlp { 8, init = 'he' }", "he_normal"},
        {"local lb = require 'limbeck'\nlb.int(5, 2)", "test.lua:2: the range 5 to 2 is empty"},
        {"local lb = require 'limbeck'\nlb.pipeline { target = 'x' }", "test.lua:2: pipeline: needs source"},
        {"local lb = require 'limbeck'\nlb.read 'no_such.csv'", "no_such.csv"},
        {"x = = 1", "test.lua:1:"},
        {"\n\nerror('plain')", "test.lua:3: plain"},
        {"require 'no_such_module'", "module \"no_such_module\" not found"},
        {"local function f() error('deep') end\nf()", "stack traceback"},
        {"load('\\27Lua')()", "nil value"},
        {"local x = io.popen", ""},
    };
    TEST("errors name file, line and the nearest word");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        int code = 0;
        bool ok = run_script(cases[i].text, &code, &e);
        if (!*cases[i].message) {
            CHECK(ok);
            continue;
        }
        CHECK(!ok);
        CHECK_INT(strchr(e.message, '\n') != NULL, strstr(cases[i].text, "deep") != NULL);
        test_check(strstr(e.message, cases[i].message) != NULL, __FILE__, __LINE__, "%s\n  is  %s", cases[i].message, e.message);
        CHECK_INT(code, 1);
    }
}

static void test_spans(void)
{
    TEST("a script is what its size says, also when it is one first line without an end");
    Error e = {0};
    ScriptRun run = {.path = "span.lua", .text = "", .seed = UINT64_MAX, .threads = 1};
    ScriptState *s = state_new(&run, &e);
    const char text[] = {'#', '!', 'x', '\n', 'r', 'e', 't', 'u', 'r', 'n', ' ', '7'};
    CHECK_OK(s && state_load(s, text, 3, "@span.lua", &e) && state_call(s, 0, 1, &e) && lua_isnil(s->lua, -1), e);
    CHECK_OK(s && state_load(s, text, sizeof text, "@span.lua", &e) && state_call(s, 0, 1, &e) && lua_tointeger(s->lua, -1) == 7, e);
    state_free(s);
}

static void test_exit_codes(void)
{
    static const struct {
        const char *text;
        int code;
    } cases[] = {
        {"", 0},
        {"return true", 0},
        {"return false", 1},
        {"return 7", 7},
        {"os.exit(3)", 3},
        {"os.exit(true)", 0},
        {"os.exit(false)", 1},
        {"return nil", 0},
        {"#!/usr/bin/env -S limbeck run\nreturn 5", 5},
    };
    TEST("what a script returns is its exit code");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        int code = -1;
        CHECK_OK(run_script(cases[i].text, &code, &e), e);
        CHECK_INT(code, cases[i].code);
    }
}

static int run_with(const char *text, const char *argument, Error *e)
{
    TextList arguments = {0};
    int code = -1;
    text_list_add(&arguments, argument);
    ScriptRun run = {.path = "args.lua", .text = text, .arguments = &arguments, .seed = UINT64_MAX, .threads = 1};
    *e = (Error){0};
    script_run(&run, &code, e);
    text_list_done(&arguments);
    return code;
}

static void test_arguments(void)
{
    static const char script[] =
        "local o = require('limbeck').args { data = 'a.csv', epochs = 4, rate = 0.5, fast = false, widths = { 1, 2 } }\n"
        "if math.type(o.epochs) ~= 'integer' then return 99 end\n"
        "return o.epochs + (o.fast and 100 or 0) + (o.rate == 2 and 200 or 0) + (o.data == 'b' and 50 or 0) + (#o.widths - 2)";
    static const struct {
        const char *argument;
        int code;
        const char *message;
    } cases[] = {
        {"--epochs=9", 9, ""},
        {"--fast", 104, ""},
        {"--rate=2", 204, ""},
        {"--data=b", 54, ""},
        {"--widths=1,2,3", 5, ""},
        {"--epochs=x", 2, "--epochs: \"x\" is not an integer"},
        {"--epoch=3", 2, "did you mean --epochs?"},
        {"--epochs", 2, "needs a value"},
        {"stray", 2, "is not an option"},
    };
    TEST("lb.args types options by their defaults");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e;
        CHECK_INT(run_with(script, cases[i].argument, &e), cases[i].code);
        CHECK(strstr(e.message, cases[i].message) != NULL);
    }
}

static void test_replay(void)
{
    Error e;
    int first = -1, second = -2;
    TEST("random numbers and the order of keys are the same in every run");
    CHECK_OK(run_script("return math.random(1, 200)", &first, &e), e);
    CHECK_OK(run_script("return math.random(1, 200)", &second, &e), e);
    CHECK_INT(first, second);
    CHECK_OK(run_script("math.randomseed(5) local a = math.random(1, 1000000) math.randomseed(5) return a == math.random(1, 1000000)",
                        &first, &e),
             e);
    CHECK_INT(first, 0);
    CHECK_OK(run_script("local s = '' for k in pairs { zeta = 1, alpha = 2, mid = 3, [2] = 'b', [1] = 'a' } do s = s .. k .. ' ' end\n"
                        "return s == '1 2 alpha mid zeta '",
                        &first, &e),
             e);
    CHECK_INT(first, 0);
}

static void test_console(void)
{
    static const struct {
        const char *line, *out;
    } cases[] = {{"1 + 1", "2\n"},           {"x = 5", ""},
                 {"x * 2", "10\n"},          {"for i = 1, 2 do", ""},
                 {"print(i) end", "1\n2\n"}, {"lb.dropout { 0.25 }", NULL}};
    Error e = {0};
    Console *c = console_open(NULL, &e);
    TEST("the console keeps its state, prints values, waits for unfinished lines");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = console_run(c, cases[i].line);
        if (cases[i].out)
            CHECK_TEXT(out, cases[i].out);
        else
            CHECK(strstr(out, "rate = 0.25") != NULL);
        mem_free(out);
    }
    char *out = console_run(c, "nothing_here");
    CHECK(strstr(out, "is not set") != NULL);
    mem_free(out);
    console_close(c);
}

static const char *write_sample(void)
{
    static char path[600];
    Text csv = {0};
    Error e = {0};
    text_add(&csv, "id,tenure,plan,charge,churn\n");
    for (int i = 0; i < 60; i++)
        text_addf(&csv, "c%d,%d,%s,%d.5,%s\n", i, i % 24, i % 3 ? "basic" : "pro", i * 7 % 50, i % 4 ? "No" : "Yes");
    snprintf(path, sizeof path, "%s/sample.csv", test_directory());
    CHECK_OK(io_replace(path, text_get(&csv), csv.size, &e), e);
    text_done(&csv);
    return path;
}

/* Functions stay behind: the script says so in a line of its own. */
static void without_remarks(const char *text, Text *out)
{
    while (*text) {
        size_t size = strcspn(text, "\n") + 1;
        if (strncmp(text, "-- left out", 11) != 0)
            text_add_bytes(out, text, size);
        text += size;
    }
}

static void check_round_trip(const Document *d)
{
    Text first = {0}, second = {0};
    Error e = {0};
    document_to_script(d, &first);
    CHECK(document_is_generated(text_get(&first)));
    Document *back = describe("round.lua", text_get(&first), &e);
    test_check(back != NULL, __FILE__, __LINE__, "%s\n%s", e.message, text_get(&first));
    if (back) {
        document_to_script(back, &second);
        Text kept = {0};
        without_remarks(text_get(&first), &kept);
        CHECK_TEXT(text_get(&second), text_get(&kept));
        test_check(kept.size < first.size || document_equal(d, back), __FILE__, __LINE__, "documents differ:\n%s", text_get(&first));
        text_done(&kept);
    }
    document_unref(back);
    text_clear(&second);
    back = document_read(NULL, "round.lua", text_get(&first), &e); /* without Lua, and with what was left out */
    test_check(back != NULL, __FILE__, __LINE__, "%s\n%s", e.message, text_get(&first));
    if (back) {
        document_to_script(back, &second);
        CHECK_TEXT(text_get(&second), text_get(&first));
        CHECK(document_equal(d, back));
    }
    document_unref(back);
    text_done(&first);
    text_done(&second);
}

/* Scripts that build documents of all kinds; each comes back through its generated script. */
static void test_documents(void)
{
    static const char *const bodies[] = {
        "",
        "p = p:drop { columns = { 'id' } }",
        "p = p:drop 'id' :split { by = 'random', train = 0.6, valid = 0.2, test = 0.2, seed = 9 } :standardize { columns = 'numeric' }",
        "p = p:split {} :standardize { columns = { 'tenure', 'charge' }, off = true }",
        "p = p:one_hot { columns = { 'plan' } } :standardize { columns = 'numeric' } :split {}",
        "p:train { net = lb.mlp { 16, 8, dropout = 0.1 }, epochs = 3 }",
        "p:train { net = lb.mlp { 16, batch_norm = true }, optimizer = lb.sgd { momentum = 0.5 }, schedule = lb.cosine {}, l2 = 1e-4 }",
        "p:train { net = lb.mlp { 16, 8, activation = 'tanh', init = 'xavier' } }",
        "p:train { net = lb.mlp { 16, activation = lb.leaky_relu { slope = 0.2 }, dropout = 0.1, batch_norm = true } }",
        "p:train { net = { lb.dense { 8, init = 'he_normal' }, lb.tanh {}, lb.dense { 8 }, lb.tanh {} } }",
        "p:train { net = { lb.dense { 8 }, lb.relu {}, lb.dense { 4, bias = false } }, early_stop = { metric = 'valid.auc', patience = 3 } "
        "}",
        "p:train { net = {}, name = 'quoted \"name\"\\n' }",
        "lb.train { net = lb.mlp { 5 }, epochs = 77 }",
        "local m = p:train { net = lb.mlp { 16 } }\nlocal s = p:tune { trials = 5, space = { learning_rate = lb.real(1e-4, 1e-1, 'log'), "
        "width = lb.int(4, 64), "
        "batch = lb.choice { 32, 64 }, dropout = lb.auto } }\nprint(s.best.metric)",
        "local m = p:train { net = lb.mlp { 16 } }\nlocal d = p:distill { teacher = m, student = lb.mlp { 4 }, temperature = 2, seeds = 3 "
        "}\n"
        "local r = lb.compare { teacher = m, student = d.student, alone = d.alone }\nprint(string.format('%.3f', r.student.auc))\nreturn "
        "r.student.auc > 0.8",
        "local m = p:train { net = lb.mlp { 16 } }\nlocal x = math.floor(m.valid.auc)",
        "p = p:join { table = 'usage.csv', on = 'id' }",
        "p = p:join { file = 'usage.csv', by = 'id' }",
        "p = p:join { table = { file = 'usage.csv', name = 'calls', read = { delimiter = ';' }, steps = { { step = 'filter', where = \"x > "
        "'a'\" "
        "}, { step = 'join', table = { csv = 'a,b\\n1,2\\n' }, on = { 'a', 'b' } } } }, on = { id = 'who' }, how = 'asof', time = { tenure "
        "= "
        "'month' }, tolerance = 7, columns = { 'n' }, prefix = 'u_', keep = true }",
        "p = p:join { table = lb.read 'sample_data/churn.csv':filter 'tenure > 3':rename { columns = { tenure = 'months' } }, on = 'id' }",
    };
    TEST("a document comes back from its generated script, equal to the byte");
    const char *path = write_sample();
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        Error e = {0};
        char *script = text_format("local lb = require 'limbeck'\nlocal p = lb.pipeline { source = lb.read '%s', target = 'churn', "
                                   "target_type = '%s', seed = %zu }\n%s\n",
                                   path, target_type_choices[i % 2], i, bodies[i]);
        Document *d = describe("body.lua", script, &e);
        test_check(d != NULL, __FILE__, __LINE__, "%s\n%s", e.message, script);
        if (d)
            check_round_trip(d);
        document_unref(d);
        mem_free(script);
    }
}

static void test_defaults(void)
{
    Error e = {0};
    Job job = {.threads = 1};
    TEST("a table opens with a target, a split, a net and a plan; repairs drop the id and encode; repairing twice adds nothing");
    const char *path = write_sample();
    Table *t = table_read(&job, path, NULL, &e);
    CHECK_OK(t != NULL, e);
    if (!t)
        return;
    Document *d = document_from_table(t, path, NULL);
    CHECK_TEXT(d->pipeline->target, "churn");
    CHECK_INT(d->pipeline->split_at, 0);
    CHECK_INT(d->train.net.count, 6);
    CHECK(!d->has_train);
    check_round_trip(d);
    Profile *profile = profile_table(&job, t, "churn", NULL, &e);
    CHECK_OK(profile != NULL, e);
    bool *taken = mem_alloc((profile->findings_count + 1) * sizeof *taken);
    for (size_t i = 0; i < profile->findings_count; i++)
        taken[i] = !profile->findings[i].is_optional;
    Document *repaired = document_with_repairs(d, profile, taken, true);
    check_round_trip(repaired);
    Prepared *prepared = NULL;
    CHECK_OK(pipeline_prepare(&job, repaired->pipeline, &prepared, &e), e);
    CHECK(prepared && prepared->data[PART_TRAIN].rows > 20);
    prepared_free(prepared);
    Document *again = document_with_repairs(repaired, profile, taken, true);
    mem_free(taken);
    CHECK_INT(again->pipeline->recipe->count, repaired->pipeline->recipe->count);
    document_unref(again);
    document_unref(repaired);
    document_unref(d);
    profile_free(profile);
    table_unref(t);
}

static void test_following(void)
{
    Document *d = document_new();
    TEST("tuning and distilling follow the training plan until they are given one of their own");
    d->train.epochs = 11;
    document_follow_train(d, NULL);
    Document *edited = document_edit(d, "epochs", NULL);
    edited->train.epochs = 22;
    document_follow_train(edited, d);
    CHECK_INT(edited->tune.base.epochs, 22);
    CHECK_INT(edited->distill.base.epochs, 22);
    Document *own = document_edit(edited, "tune", NULL);
    own->tune.base.epochs = 5;
    document_follow_train(own, edited);
    CHECK_INT(own->tune.base.epochs, 5);
    Document *last = document_edit(own, "epochs", NULL);
    last->train.epochs = 33;
    document_follow_train(last, own);
    CHECK_INT(last->tune.base.epochs, 5);
    CHECK_INT(last->distill.base.epochs, 33);
    document_unref(d);
    document_unref(edited);
    document_unref(own);
    document_unref(last);
}

/* A script with calls to results that do not exist yet still gives its document. */
static void test_shipped(void)
{
    static const char *const names[] = {"lua/pipelines/churn.lua", "lua/pipelines/demo.lua"};
    static const char sample[] = "sample_data/churn.csv";
    const char *table = test_data("telco-churn/Telco-Customer-Churn.csv");
    TEST("the shipped pipelines open in the workbench");
    if (!table) {
        test_skip("no real tables here");
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        char *text = NULL, *at;
        size_t size;
        Error e = {0};
        Text script = {0};
        CHECK_OK(io_read_file(names[i], 0, &text, &size, &e), e);
        at = text ? strstr(text, sample) : NULL;
        while (at && at[-1] != '"')
            at = strstr(at + 1, sample);
        CHECK(at != NULL);
        text_add_bytes(&script, text, at ? (size_t)(at - text) : 0);
        text_addf(&script, "%s%s", table, at ? at + sizeof sample - 1 : "");
        Document *d = describe(names[i], text_get(&script), &e);
        CHECK_OK(d != NULL, e);
        CHECK(d && d->has_train && d->has_tune && d->has_distill && d->pipeline->recipe->count >= 6 && d->train.net.count > 2);
        if (d)
            check_round_trip(d);
        document_unref(d);
        text_done(&script);
        mem_free(text);
    }
}

static void test_history(void)
{
    History h;
    TEST("undo and redo move between snapshots; an edit drops what could be redone");
    history_init(&h, document_new());
    history_push(&h, document_edit(history_now(&h), "one", NULL));
    history_push(&h, document_edit(history_now(&h), "two", NULL));
    CHECK(history_undo(&h));
    CHECK_TEXT(history_now(&h)->change, "one");
    CHECK(history_redo(&h));
    CHECK(!history_redo(&h));
    history_undo(&h);
    history_undo(&h);
    CHECK(!history_undo(&h));
    history_push(&h, document_edit(history_now(&h), "three", NULL));
    CHECK(!history_redo(&h));
    CHECK_INT(h.count, 2);
    history_done(&h);
}

void unit_script(void)
{
    families_register();
    test_values();
    test_errors();
    test_exit_codes();
    test_spans();
    test_arguments();
    test_replay();
    test_console();
    test_history();
    test_documents();
    test_defaults();
    test_following();
    test_shipped();
}
