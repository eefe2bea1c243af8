/* A forecast from the table to the answer: rows are put in, looked back at and ahead, split in time, learned from; the model is saved, read
 * again and fed with a past. A row is given the same number with more past than it needs, in whatever order, and on any number of threads.
 */
#include <math.h>

#include "learn/batch.h"
#include "learn/bundle.h"
#include "tests/unit/learn_help.h"

enum { HOURS = 240, SITES = 2 };

static Table *hourly(size_t from, size_t to)
{
    Error e = {0};
    size_t rows = (to - from) * SITES;
    Table *t = table_new(rows);
    Column *site = column_new(COLUMN_TEXT, rows, &e), *when = column_new(COLUMN_TIME, rows, &e), *y = column_new(COLUMN_REAL, rows, &e);
    for (size_t i = 0; i < rows; i++) {
        size_t hour = from + i / SITES;
        column_set_text(site, i, i % SITES ? "north" : "south", 5, &e);
        when->data.ints[i] = (int64_t)hour * INT64_C(3600000000);
        y->data.reals[i] = sin((double)hour / 4) + (double)(i % SITES) + 0.01 * (double)(hour % 7);
    }
    CHECK_OK(table_add(t, "site", site, &e) && table_add(t, "when", when, &e) && table_add(t, "y", y, &e), e);
    return t;
}

static Table *without_some(const Table *t)
{
    Error e = {0};
    size_t *rows = mem_alloc(t->rows * sizeof *rows), count = 0;
    for (size_t i = 0; i < t->rows; i++)
        if (i / SITES % 31 != 7)
            rows[count++] = i;
    Table *less = table_select(t, rows, count, &e);
    mem_free(less->row_ids); /* as read from a file */
    less->row_ids = NULL;
    mem_free(rows);
    return less;
}

static Pipeline *forecast(const Table *t)
{
    Pipeline *p = pipeline_new(t, "hourly.csv", NULL), *q = pipeline_with_target(p, "y_lead1", NULL);
    SplitPlan *plan = help_plan(&split_spec, "{\"by\": \"time\", \"column\": \"when\"}");
    pipeline_unref(p);
    q->key = mem_strdup("site");
    q->seed = 7;
    p = pipeline_with_split(q, plan);
    params_free(&split_spec, plan);
    pipeline_unref(q);
    p = help_add(p, "fill_gaps", "{\"unit\": \"hours\"}");
    p = help_add(p, "lead", "{\"columns\": [\"y\"]}");
    p = help_add(p, "forward_fill", "{\"columns\": [\"y\"]}");
    p = help_add(p, "lag", "{\"columns\": [\"y\"], \"steps\": [1, 23]}");
    p = help_add(p, "rolling", "{\"columns\": [\"y\"], \"length\": 6, \"functions\": [\"mean\", \"sd\"]}");
    p = help_add(p, "calendar", "{\"columns\": [\"when\"]}");
    return help_add(p, "standardize", "{}");
}

static double answer_of(const Table *out, size_t row)
{
    const Column *c = out ? table_column(out, "prediction") : NULL;
    return c && row < out->rows ? column_real(c, row) : (double)NAN;
}

static Table *predict(const Bundle *b, const Table *rows, bool last)
{
    Error e = {0};
    Job job = {.threads = 2};
    Table *out = bundle_predict(&job, b, &(PredictTask){.rows = rows, .last = last}, &e);
    CHECK_OK(out != NULL, e);
    return out;
}

static void check_rows(const Prepared *d)
{
    TEST("rows put in and rows without a past are counted, and no part has one");
    Value *v = rows_report_value(&d->rows);
    const Value *left = value_get(v, "left_out"), *added = value_get(v, "added");
    CHECK(value_get_int(added, "fill_gaps", 0) == 16);
    CHECK(value_get_int(left, "with too little past for lag", 0) == 23 * SITES);
    CHECK(value_get_int(left, "without y_lead1", 0) == 14 + SITES); /* two of the gaps lie within the first 23 hours */
    for (int part = 0; part < PART_COUNT; part++)
        for (size_t i = 0; i < d->raw[part]->columns_count; i++)
            CHECK(!d->raw[part]->columns[i]->missing);
    CHECK(d->target.outputs[0].naive > 0);
    value_free(v);
}

static void check_answers(const Bundle *b)
{
    TEST("the newest rows are answered from their past alone");
    Error e = {0};
    Table *all = hourly(300, 360), *enough = hourly(336, 360), *less = hourly(338, 360), *turned = NULL;
    size_t order[48];
    for (size_t i = 0; i < 48; i++)
        order[i] = (i * 29 + 5) % 48;
    turned = table_select(enough, order, 48, &e);
    mem_free(turned->row_ids);
    turned->row_ids = NULL;
    Table *a = predict(b, all, true), *c = predict(b, enough, true), *s = predict(b, less, true), *t = predict(b, turned, true);
    CHECK(a->rows == SITES && c->rows == SITES && s->rows == SITES && t->rows == SITES);
    CHECK(isfinite(answer_of(a, 0)) && answer_of(a, 0) == answer_of(c, 0) && answer_of(a, 1) == answer_of(c, 1));
    CHECK(answer_of(a, 0) + answer_of(a, 1) == answer_of(t, 0) + answer_of(t, 1));
    CHECK(isnan(answer_of(s, 0)) && s->columns_count == 4);
    CHECK_TEXT(column_text(table_column(s, "reason"), 0, NULL), "lag 23 of y: 21 earlier rows, 23 needed");
    Table *whole = predict(b, all, false);
    CHECK(whole->rows == all->rows && answer_of(whole, all->rows - 1) == answer_of(a, 1));
    Table *tables[] = {all, enough, less, turned, a, c, s, t, whole};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        table_unref(tables[i]);
}

static void check_judged(const Bundle *b)
{
    TEST("on rows from elsewhere each is the past of the later ones");
    Error e = {0};
    Value *counts = NULL;
    Table *t = hourly(300, 360), *rows = bundle_judgeable(NULL, b, t, NULL, &counts, &e);
    CHECK_OK(rows != NULL, e);
    CHECK(rows && rows->rows == (60 - 23 - 1) * SITES && table_find(rows, "y_lag23") != TABLE_NONE);
    table_unref(rows);
    table_unref(t);
    value_free(counts);
}

void unit_series(void)
{
    help_register();
    Error e = {0};
    Table *whole = hourly(0, HOURS), *t = without_some(whole);
    Pipeline *p = forecast(t);
    Prepared *d = help_prepare(p);
    check_rows(d);
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":4}],\"epochs\":2}");
    Bundle *b = help_train(d, plan, 2, NULL, false), *loaded = NULL;
    char *path = text_format("%s/series.safetensors", test_directory());
    CHECK_OK(b && bundle_save(b, path, &e) && (loaded = bundle_load(path, &e)) != NULL, e);
    if (loaded) {
        check_answers(loaded);
        check_judged(loaded);
    }
    bundle_unref(b);
    bundle_unref(loaded);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
    table_unref(whole);
    mem_free(path);
}
