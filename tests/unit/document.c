/* Generated scripts: which texts are one, and what is said of those that cannot be opened. */
#include "tests/unit/test.h"

#include "app/document.h"
#include "base/io.h"
#include "cli/cli.h"
#include "net/update.h"
#include "script/script.h"
#include "spec/module.h"

static const char head[] = "#!/usr/bin/env -S limbeck run\n-- limbeck document v1\nlocal lb = require \"limbeck\"\n";
static const char source[] = "local source = lb.read(\"rows.csv\")\nlocal p = lb.pipeline { source = source, target = \"y\", seed = 0 }\n";

static void test_forms(void)
{
    static const struct {
        const char *rest;
        bool is_generated;
    } cases[] = {
        {"", true},
        {"p = p:drop { columns = { \"id\" } }\n", true},
        {"p = p:drop { columns = { \"id\" } }", true},
        {"  p = p:drop{columns={\"id\"}}  \r\n\n", true},
        {"p = p:none { what = 1 }\n", true},
        {"-- a remark\np = p:drop { columns = { \"id\" } } \n", true},
        {"local model = p:train { net = lb.mlp { 8, 4, dropout = 0.5 }, epochs = 3 }\nprint(model)\n", true},
        {"lb.train { epochs = -1e-3 }\nlb.tune {}\nlb.distill {}\n", true},
        {"local model = p:train { optimizer = lb.adam { learning_rate = 0.001 } }\n", true},
        {"local model = p:train { optimizer = lb.none {} }\n", true},
        {"p = p:filter { where = \"a > \\\"x\\\" \\n \\001 \\\\\" }\n", true},
        {"p = p:split { by = \"random\", [\"train\"] = 0.5, x = nil, y = true, z = (0/0), a = math.huge, b = -math.huge }\n", true},
        {"os.execute(\"id\")\n", false},
        {"p = p:drop { columns = { \"id\" } } os.execute(\"id\")\n", false},
        {"p = p:drop { columns = { \"id\" } }; os.execute(\"id\")\n", false},
        {"p = p:drop { columns = { os.execute(\"id\") } }\n", false},
        {"p = p:drop { columns = { f() } }\n", false},
        {"p = p:drop { columns = f }\n", false},
        {"p = p:drop { columns = function() end }\n", false},
        {"p = p:drop { columns = \"a\" .. \"b\" }\n", false},
        {"p = p:drop { columns = 1 + 1 }\n", false},
        {"p = p:drop { columns = 0x10 }\n", false},
        {"p = p:drop { columns = 'id' }\n", false},
        {"p = p:drop { columns = [[id]] }\n", false},
        {"p = p:drop { columns = \"id\\x41\" }\n", false},
        {"p = p:drop { columns = \"id\\z\" }\n", false},
        {"p = p:drop { columns = \"id\\300\" }\n", false},
        {"p = p:drop { columns = #source }\n", false},
        {"p = p:drop { columns = -\"1\" }\n", false},
        {"p = p:drop { columns = { 1, nil } }\n", false},
        {"p = p:drop { columns = { 1, a = 2 } }\n", false},
        {"p = p:drop { columns = 1, columns = 2 }\n", false},
        {"p = p:drop { [1] = 2 }\n", false},
        {"p = p:drop { [f()] = 2 }\n", false},
        {"p = p:drop \"id\"\n", false},
        {"p = p:drop { \"id\" }\n", false},
        {"p = p:drop ({ columns = { \"id\" } })\n", false},
        {"p = p:drop { columns = { \"id\" } }:split {}\n", false},
        {"p = p:drop {\ncolumns = { \"id\" } }\n", false},
        {"p = p:drop {\n", false},
        {"p = p.drop { columns = { \"id\" } }\n", false},
        {"--[[\n]] os.execute(\"id\")\n", false},
        {"--[==[\n]==]\n", false},
        {"local q = p\n", false},
        {"p = nil\n", false},
        {"lb = nil\n", false},
        {"return os.execute\n", false},
        {"goto x\n", false},
        {"while true do end\n", false},
        {"print(os.execute(\"id\"))\n", false},
        {"print(p)\n", false},
        {"local model = lb.load(os.execute(\"id\"))\n", false},
        {"local model = lb.load(\"m.safetensors\"):save(\"x\")\n", false},
        {"local source = lb.read(\"other.csv\")\n", false},
        {"local lb = require \"limbeck\"\n", false},
        {"local lb = require \"evil\"\n", false},
        {"lb.train { epochs = 3 }\np = p:drop { columns = { \"id\" } }\n", false},
        {"lb.train {}\nlb.train {}\n", false},
        {"local model = p:train { on_epoch = function() while true do end end }\n", false},
        {"xpcall(error, function() while true do end end)\n", false},
    };
    TEST("a generated script holds the calls and literals that the writer writes, and nothing else");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *script = text_format("%s%s%s", head, source, cases[i].rest);
        test_check(document_is_generated(script) == cases[i].is_generated, __FILE__, __LINE__, "%staken for a generated script: %s",
                   cases[i].is_generated ? "not " : "", cases[i].rest);
        CHECK(!document_is_generated(script + strlen("#!/usr/bin/env -S limbeck run\n-- ")));
        mem_free(script);
    }
    CHECK(!document_is_generated("print(1)\n-- limbeck document v1\n"));
    CHECK(!document_is_generated(""));
}

static void test_depth(void)
{
    TEST("tables that nest without end are no literal");
    Text deep = {0};
    text_addf(&deep, "%s%sp = p:drop { columns = ", head, source);
    for (int i = 0; i < 100000; i++)
        text_add_char(&deep, '{');
    CHECK(!document_is_generated(text_get(&deep)));
    text_done(&deep);
}

static void test_errors(void)
{
    static const struct {
        const char *rest, *message;
    } cases[] = {
        {"p = p:dorp { columns = { \"a\" } }\n", "g.lua:6: no step \"dorp\"; did you mean \"drop\"?"},
        {"p = p:drop { colums = { \"a\" } }\n", "g.lua:6: drop: "},
        {"\n\nlocal model = p:train { optimizer = lb.adma {} }\n", "g.lua:8: limbeck has no \"adma\""},
        {"lb.train { epochs = \"many\" }\n", "g.lua:6: train: "},
        {"p = p:split {}\np = p:split {}\n", "g.lua:7: split: the pipeline has a split already"},
        {"p = p:standardize { columns = { \"y\" } }\n", "y"},
        {"os.exit()\n", "was not written by the workbench"},
    };
    TEST("what cannot be done is said with its line");
    char *path = text_format("%s/rows.csv", test_directory());
    Error e = {0};
    CHECK_OK(io_replace(path, "a,y\n1,2\n", 8, &e), e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        error_clear(&e);
        char *script =
            text_format("%slocal source = lb.read(\"%s\")\nlocal p = lb.pipeline { source = source, target = \"y\", seed = 0 }\n%s", head,
                        path, cases[i].rest);
        Document *d = document_read(NULL, "g.lua", script, &e);
        test_check(!d && strstr(e.message, cases[i].message), __FILE__, __LINE__, "%s gives \"%s\", expected \"%s\"", cases[i].rest,
                   e.message, cases[i].message);
        document_unref(d);
        mem_free(script);
    }
    error_clear(&e);
    char *missing = text_format("%s%s", head, source);
    CHECK(!document_read(NULL, "g.lua", missing, &e));
    CHECK(strstr(e.message, "rows.csv") && strstr(e.message, "g.lua:5: "));
    mem_free(missing);
    mem_free(path);
}

/* What was read and written again is read as the same. */
static void test_plan(void)
{
    static const char plan[] =
        "local model = p:train { net = { lb.dense { width = 8 } }, optimizer = lb.adamw { decay = 0.1 }, "
        "schedule = lb.multi_step { epochs = { 2, 3 }, warm_up = 1 }, early_stop = { mode = \"max\", warm_up = 2 }, decay = 0.5, "
        "unit_norm = 2, per_layer = { lb.for_layer { layer = \"0\", rate_factor = 0 }, lb.for_layer { layer = \"head\", l1 = 0.1 } }, "
        "clip = 1, accumulate = 2, batch_epochs = { 2, 4 }, batch_rows = { 16, 32 }, average = lb.ema { memory = 0.9 }, "
        "start = \"m.safetensors\", start_layers = { \"0\" } }\n";
    TEST("all of a plan goes from a generated script into a document and back");
    Error e = {0};
    char *path = text_format("%s/rows.csv", test_directory());
    CHECK_OK(io_replace(path, "a,y\n1,2\n", 8, &e), e);
    char *script = text_format("%slocal source = lb.read(\"%s\")\nlocal p = lb.pipeline { source = source, target = \"y\", seed = 0 }\n%s",
                               head, path, plan);
    Document *d = document_read(NULL, "g.lua", script, &e);
    CHECK_OK(d != NULL, e);
    Text out = {0}, twice = {0};
    document_to_script(d, &out);
    CHECK(document_is_generated(text_get(&out)));
    Document *again = document_read(NULL, "g.lua", text_get(&out), &e);
    CHECK_OK(again != NULL, e);
    const TrainPlan *t = again ? &again->train : &d->train;
    const LayerRule *rule = t->per_layer.count == 2 ? t->per_layer.items[1].params : NULL;
    CHECK(rule && text_equal(rule->layer, "head") && rule->l1 == 0.1 && rule->rate_factor == 1);
    CHECK(t->batch_rows.count == 2 && t->batch_rows.items[1] == 32 && t->start_layers.count == 1 && t->accumulate == 2);
    CHECK(t->average.spec && text_equal(t->average.spec->name, "ema") && ((const EarlyStop *)t->early_stop.params)->mode == 2);
    document_to_script(again, &twice);
    CHECK_TEXT(text_get(&twice), text_get(&out));
    document_unref(d);
    document_unref(again);
    text_done(&out);
    text_done(&twice);
    mem_free(script);
    mem_free(path);
}

static void test_modules(void)
{
    static const char metric[] = "require('limbeck').define.metric { name = 'twice_off', better = 'lower', takes = 'values',\n"
                                 "  compute = function(truth, outputs) return 2 * (truth - outputs):abs():mean() end }\n";
    static const char module[] = "local lb = require \"limbeck\"\nlb.define.step { name = \"same_again\", params = { by = 2 },\n"
                                 "  apply = function(columns) return { again = columns.a } end } -- \\ \t\"\n";
    TEST("a script carries the modules of its steps, and they come back from it");
    script_host_modules(0, 0);
    Error e = {0};
    char *path = text_format("%s/rows.csv", test_directory());
    CHECK_OK(io_replace(path, "a,y\n1,2\n", 8, &e), e);
    CHECK_OK(module_load("again.lua", module, strlen(module), &e), e);
    char *script = text_format("%slocal source = lb.read(\"%s\")\nlocal p = lb.pipeline { source = source, target = \"y\", seed = 0 }\n"
                               "p = p:same_again { columns = { \"a\" }, by = 3 }\np = p:same_again { columns = { \"a\" } }\n",
                               head, path);
    Document *d = document_read(NULL, "g.lua", script, &e);
    CHECK_OK(d != NULL, e);
    Text out = {0};
    document_to_script(d, &out);
    const char *first = strstr(text_get(&out), "lb.define.module {");
    CHECK(first && !strstr(first + 1, "lb.define.module"));
    CHECK(document_is_generated(text_get(&out)));
    Document *again = document_read(NULL, "g.lua", text_get(&out), &e);
    CHECK_OK(again != NULL, e);
    CHECK(again->pipeline->recipe->count == 2 && again->pipeline->recipe->uses[0].step == step_find("same_again"));
    CHECK_OK(module_load("off.lua", metric, strlen(metric), &e), e);
    Text watching = {0};
    Document *watched = document_edit(d, "early stop", "");
    Value *stop = value_text("valid.twice_off");
    watched->train.early_stop =
        (SpecUse){family_find(stopping_family(), "early_stop"), params_new(family_find(stopping_family(), "early_stop"))};
    CHECK_OK(field_set(fields_find(watched->train.early_stop.spec->params, "metric"), watched->train.early_stop.params, stop, "stop", &e),
             e);
    document_to_script(watched, &watching);
    CHECK(strstr(text_get(&watching), "twice_off'") && !strstr(text_get(&out), "twice_off'"));
    CHECK(document_is_generated(text_get(&watching)));
    value_free(stop);
    text_done(&watching);
    document_unref(watched);
    Text other = {0};
    text_add(&other, head);
    text_add(&other, "lb.define.module { name = \"again.lua\", text = \"error 'no'\" }\n");
    CHECK(!document_read(NULL, "g.lua", text_get(&other), &e));
    CHECK(strstr(e.message, "g.lua:4: module again.lua: ") && strstr(e.message, "no"));
    document_unref(d);
    document_unref(again);
    text_done(&out);
    text_done(&other);
    mem_free(script);
    mem_free(path);
}

void unit_document(void)
{
    families_register();
    test_plan();
    test_modules();
    test_forms();
    test_depth();
    test_errors();
}
