/* The target and the steps: for every step of the registry, what names the target after the split is refused by name, and what does
 * not can neither read nor change it. Targets that a step before the split makes, and columns of the unit, which are no features. */
#include "tests/unit/csv_help.h"
#include "tests/unit/learn_help.h"

#include "learn/batch.h"

static const char target[] = "the_target";

static Table *with_target(const Table *t)
{
    Error e = {0};
    Column *c = column_new(COLUMN_REAL, t->rows, &e);
    for (size_t i = 0; i < t->rows; i++)
        c->data.reals[i] = (double)i;
    return table_with(t, target, c, &e);
}

/* The parameters of an example; NULL: it is one that fails. */
static void *example_params(const Step *step, const Example *x)
{
    Error e = {0};
    if (text_starts(x->output, "error: "))
        return NULL;
    Value *args = json_parse(x->args, strlen(x->args), &e);
    void *params = args ? params_from_value(&step->spec, args, &e) : NULL;
    value_free(args);
    return params;
}

static Recipe *after_split(const Step *step, const void *params)
{
    Recipe *empty = recipe_new(), *r = recipe_insert(empty, 0, step, params);
    recipe_unref(empty);
    r->after_split = true;
    return r;
}

static void check_untouched(const Step *step, const void *params, const Table *plain)
{
    Error e = {0};
    Roles roles = {.target = target};
    Table *t = with_target(plain), *out = NULL, *without = NULL;
    Recipe *r = after_split(step, params), *fitted = recipe_fit(NULL, r, t, &roles, 7, &out, &e);
    Recipe *blind = recipe_fit(NULL, r, plain, &roles, 7, &without, &e);
    const Column *kept = out ? table_column(out, target) : NULL;
    size_t differ = 0;
    for (size_t i = 0; kept && i < out->rows; i++)
        differ += kept->data.reals[i] != (double)table_row_id(out, i);
    test_check(kept && !differ, __FILE__, __LINE__, "%s: target of %zu rows is another: %s", step->spec.name, differ, e.message);
    int at = out ? table_find(out, target) : TABLE_NONE;
    Table *rest = at != TABLE_NONE ? table_without(out, &at, 1, &e) : NULL;
    test_check(step->uses_target || (rest && without && table_equal(rest, without)), __FILE__, __LINE__, "%s reads the target", step->spec.name);
    table_unref(rest);
    table_unref(t);
    table_unref(out);
    table_unref(without);
    recipe_unref(r);
    recipe_unref(fitted);
    recipe_unref(blind);
}

/* Makes a field name the target; false: it is none that can. */
static bool name_target(const Field *f, void *params)
{
    Error e = {0};
    char *text = f->type == FIELD_EXPRESSION ? text_format("%s > 1", target) : mem_strdup(target);
    bool can = f->type == FIELD_COLUMNS || f->type == FIELD_EXPRESSION || (f->type == FIELD_TEXT && f->names_column);
    Value *v = value_text(text);
    if (f->type == FIELD_VALUE && f->names_column) {
        value_free(v);
        v = value_map();
        value_set(v, target, value_text("other"));
        can = true;
    }
    if (can)
        CHECK_OK(field_set(f, params, v, "test", &e), e);
    value_free(v);
    mem_free(text);
    return can;
}

static void check_refused(const Step *step, const void *params)
{
    Recipe *r = after_split(step, params), *off = recipe_switch(r, 0, true);
    Error e = {0}, none = {0};
    bool refused = !recipe_check_target(r, target, &e);
    if (step->uses_target) {
        CHECK(!refused);
    } else {
        test_check(refused && strstr(e.message, step->spec.name) && strstr(e.message, "no step after the split may read or change the target \"the_target\""),
                   __FILE__, __LINE__, "%s: \"%s\"", step->spec.name, e.message);
    }
    CHECK(recipe_check_target(off, target, &none) && recipe_check_target(r, NULL, &none) && recipe_check_target(r, "another", &none));
    recipe_unref(off);
    recipe_unref(r);
}

static void check_step(const Step *step)
{
    bool named = false;
    void *first = NULL;
    for (size_t i = 0; i < step->spec.examples_count; i++) {
        const Example *x = &step->spec.examples[i];
        void *params = example_params(step, x);
        Table *t = params ? csv_table(x->input) : NULL;
        if (t)
            check_untouched(step, params, t);
        table_unref(t);
        if (!first)
            first = params;
        else
            params_free(&step->spec, params);
    }
    for (const Field *f = step->spec.params; first && f && f->name; f++) {
        void *params = params_copy(&step->spec, first);
        if (name_target(f, params)) {
            check_refused(step, params);
            named = true;
        }
        params_free(&step->spec, params);
    }
    bool takes_columns = step->spec.params != NULL;
    test_check(named || !takes_columns, __FILE__, __LINE__, "%s: no parameter names a column", step->spec.name);
    params_free(&step->spec, first);
}

static void every_step(void)
{
    TEST("every step after the split: naming the target is refused by name; otherwise it neither reads nor changes it");
    for (size_t i = 0; i < step_family()->count; i++)
        check_step((const Step *)step_family()->members[i]);
}

static Pipeline *pipeline_of(const Table *t, const char *name)
{
    Pipeline *p = pipeline_new(t, "test.csv", NULL), *q = pipeline_with_target(p, name, NULL);
    pipeline_unref(p);
    q->seed = 5;
    return q;
}

static Pipeline *split(Pipeline *p, const char *json)
{
    SplitPlan *plan = help_plan(&split_spec, json);
    Pipeline *q = pipeline_with_split(p, plan);
    params_free(&split_spec, plan);
    pipeline_unref(p);
    return q;
}

/* x, site (a number), when, id, y = 3x; 60 rows. */
static Table *small(void)
{
    Error e = {0};
    enum { ROWS = 60 };
    static const char *const names[] = {"x", "site", "when", "id", "y"};
    Table *t = table_new(ROWS);
    for (size_t k = 0; k < 5; k++) {
        Column *c = column_new(k == 0 || k == 4 ? COLUMN_REAL : COLUMN_INT, ROWS, &e);
        for (size_t i = 0; i < ROWS; i++) {
            double x = (double)((i * 37) % ROWS) / 7;
            if (c->type == COLUMN_REAL)
                c->data.reals[i] = k ? 3 * x : x;
            else
                c->data.ints[i] = (int64_t)(k == 1 ? i / 5 : k == 2 ? i / 2 : i);
        }
        table_add(t, names[k], c, &e);
    }
    return t;
}

static void refused_in_pipelines(void)
{
    TEST("a step that learns is refused the target wherever it stands; one that learns nothing may have it before the split");
    static const struct { bool before; const char *step, *json, *why; } cases[] = {
        {false, "clip_outliers", "{\"columns\":[\"y\"]}", "clip_outliers: no step after the split may read or change the target \"y\"; it learns from rows"},
        {true, "clip_outliers", "{\"columns\":[\"x\",\"y\"]}", "clip_outliers: no step after the split"},
        {false, "log1p", "{\"columns\":[\"y\"]}", "log1p: no step after the split may read or change the target \"y\"; put it before the split"},
        {true, "log1p", "{\"columns\":[\"y\"]}", NULL},
        {false, "filter", "{\"where\":\"x > 1 and y < 20\"}", "filter: no step after the split"},
        {true, "filter", "{\"where\":\"x > 1 and y < 20\"}", NULL},
        {false, "filter", "{\"where\":\"x > 1\"}", NULL},
        {false, "derive", "{\"name\":\"y\",\"as\":\"x * 2\"}", "derive: no step after the split"},
        {true, "derive", "{\"name\":\"y\",\"as\":\"x * 2\"}", NULL},
        {false, "rename", "{\"columns\":{\"x\":\"y\"}}", "rename: no step after the split"},
        {false, "drop", "{\"columns\":[\"y\"]}", "drop: no step after the split"},
        {false, "drop_duplicates", "{\"columns\":[\"site\",\"y\"]}", "drop_duplicates: no step after the split"},
        {false, "drop_duplicates", "{\"columns\":[\"site\"]}", NULL},
        {false, "standardize", "{\"columns\":[\"numeric\",\"!y\"]}", NULL},
    };
    Table *t = small();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Error e = {0};
        Prepared *d = NULL;
        Pipeline *p = pipeline_of(t, "y");
        p = cases[k].before ? split(help_add(p, cases[k].step, cases[k].json), "{}") : help_add(split(p, "{}"), cases[k].step, cases[k].json);
        bool ok = pipeline_prepare(NULL, p, &d, &e);
        CHECK_INT(ok, cases[k].why == NULL);
        test_check(!cases[k].why || strstr(e.message, cases[k].why), __FILE__, __LINE__, "%s: \"%s\"", cases[k].step, e.message);
        CHECK_INT(pipeline_check_target(p, &e), cases[k].why == NULL);
        prepared_free(d);
        pipeline_unref(p);
    }
    table_unref(t);
}

/* Every row of a part has the target that `right` says of its row id. */
static void check_values(const Prepared *d, const Table *t, double (*right)(const Table *t, size_t row))
{
    size_t wrong = 0, rows = 0;
    for (int p = 0; d && p < PART_COUNT; p++)
        for (size_t i = 0; i < d->data[p].rows; i++, rows++) {
            double is = (double)d->data[p].values[i] * d->target.sd + d->target.mean;
            wrong += fabs(is - right(t, (size_t)d->data[p].row_ids[i])) > 1e-4;
        }
    CHECK_INT(wrong, 0);
    CHECK(rows > 20);
}

static double y_of(const Table *t, size_t row) { return t->columns[4]->data.reals[row]; }
static double twice_x(const Table *t, size_t row) { return 2 * t->columns[0]->data.reals[row]; }
static double site_square(const Table *t, size_t row) { return (double)(t->columns[1]->data.ints[row] * t->columns[1]->data.ints[row]); }

static void targets_stay(void)
{
    TEST("rows that are dropped after the split keep their own target");
    Table *t = small();
    Pipeline *p = help_add(help_add(split(pipeline_of(t, "y"), "{}"), "filter", "{\"where\":\"x > 2\"}"), "drop_duplicates", "{\"columns\":[\"site\"]}");
    Prepared *d = help_prepare(p);
    check_values(d, t, y_of);
    prepared_free(d);
    pipeline_unref(p);

    TEST("a target that is derived before the split, or joined from another table");
    p = split(help_add(pipeline_of(t, "z"), "derive", "{\"name\":\"z\",\"as\":\"x * 2\"}"), "{}");
    d = help_prepare(p);
    check_values(d, t, twice_x);
    prepared_free(d);
    pipeline_unref(p);
    p = help_add(pipeline_of(t, "z"), "join",
                 "{\"by\":\"site\",\"csv\":\"site,z\\n0,0\\n1,1\\n2,4\\n3,9\\n4,16\\n5,25\\n6,36\\n7,49\\n8,64\\n9,81\\n10,100\\n\"}");
    p = split(p, "{\"by\":\"group\",\"column\":\"site\"}");
    d = help_prepare(p);
    check_values(d, t, site_square);
    CHECK_INT(d ? d->split.left[LEFT_TARGET] : 0, 5);
    CHECK_INT(d ? d->split.shared : 1, 0);
    CHECK(d && !text_list_has(&d->features, "site") && !text_list_has(&d->features, "z"));
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

static void unit_features(void)
{
    TEST("columns of key, group and time are no features and match no selector, unless a step after the split names them");
    static const struct { const char *split, *key, *step, *json; bool site, when, id; } cases[] = {
        {"{}", NULL, "standardize", "{}", true, true, true},
        {"{}", "id", "standardize", "{}", true, true, false},
        {"{\"by\":\"group\",\"column\":\"site\"}", NULL, "standardize", "{}", false, true, true},
        {"{\"by\":\"group\",\"column\":\"site\"}", "id", "standardize", "{}", false, true, false},
        {"{\"by\":\"time\",\"column\":\"when\"}", "id", "standardize", "{}", true, false, false},
        {"{\"by\":\"time\",\"column\":\"when\"}", "id", "standardize", "{\"columns\":[\"/.*/\"]}", true, false, false},
        {"{\"by\":\"time\",\"column\":\"when\"}", "id", "standardize", "{\"columns\":[\"numeric\",\"when\"]}", true, true, false},
        {"{\"by\":\"group\",\"column\":\"site\"}", "id", "min_max", "{\"columns\":[\"site\",\"id\"]}", true, true, true},
        {"{\"by\":\"group\",\"column\":\"site\"}", "id", "standardize", "{\"columns\":[\"numeric\",\"!site\"]}", false, true, false},
    };
    Table *t = small();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Pipeline *p = pipeline_of(t, "y");
        p->key = mem_strdup(cases[k].key);
        p = help_add(split(p, cases[k].split), cases[k].step, cases[k].json);
        Prepared *d = help_prepare(p);
        CHECK_INT(d && text_list_has(&d->features, "site"), cases[k].site);
        CHECK_INT(d && text_list_has(&d->features, "when"), cases[k].when);
        CHECK_INT(d && text_list_has(&d->features, "id"), cases[k].id);
        prepared_free(d);
        pipeline_unref(p);
    }

    TEST("a key that a step leaves out before the split still keeps its rows together");
    Pipeline *p = pipeline_of(t, "y");
    p->key = mem_strdup("site");
    p = split(help_add(p, "drop", "{\"columns\":[\"site\"]}"), "{}");
    Prepared *d = help_prepare(p);
    CHECK(d && d->split.distinct == 12 && d->split.shared == 0 && d->split.unit == UNIT_KEY);
    for (size_t i = 0; d && i < d->data[PART_TEST].rows; i++)
        for (size_t j = 0; j < d->data[PART_TRAIN].rows; j++)
            CHECK(d->data[PART_TEST].row_ids[i] / 5 != d->data[PART_TRAIN].row_ids[j] / 5);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

void unit_target(void)
{
    help_register();
    every_step();
    refused_in_pipelines();
    targets_stay();
    unit_features();
}
