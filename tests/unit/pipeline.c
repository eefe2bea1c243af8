/* Pipelines: what runs before the split and what after, no leak, roles, notes, and the tensors that come out. */
#include "tests/unit/learn_help.h"

static bool has_note(const TextList *notes, const char *part)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->items[i], part))
            return true;
    return false;
}

static void check_tensors(void)
{
    TEST("parts become float32 rows: features without target, labels of sorted classes, row ids of the source");
    Table *t = help_table(400, 1);
    Pipeline *p = help_pipeline(t);
    Prepared *d = help_prepare(p);
    CHECK_INT(d->features.count, 5);
    CHECK_INT(d->target.classes.count, 2);
    CHECK_TEXT(d->target.classes.items[0], "No");
    CHECK_TEXT(d->target.classes.items[d->target.positive], "Yes");
    CHECK(has_note(&d->notes, "positive class is Yes"));
    CHECK(has_note(&d->notes, "no split was given"));
    CHECK_INT(d->data[0].rows + d->data[1].rows + d->data[2].rows, 400);
    CHECK(d->data[PART_TRAIN].rows > 240 && d->data[PART_TRAIN].rows < 320);
    double sum = 0;
    for (size_t i = 0; i < d->data[PART_TRAIN].rows; i++)
        sum += (double)d->data[PART_TRAIN].x[i * 5];
    CHECK_NEAR(sum / (double)d->data[PART_TRAIN].rows, 0, 1e-5);
    for (size_t i = 0; i < d->data[PART_TEST].rows; i++) {
        size_t row = (size_t)d->data[PART_TEST].row_ids[i];
        CHECK_INT(d->data[PART_TEST].labels[i], strcmp(column_text(table_column(t, "left"), row, NULL), "Yes") == 0);
    }
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

/* The same table with other numbers in one row. */
static Table *with_outlier(const Table *t, size_t row)
{
    Error e = {0};
    Column *spend = column_copy(table_column(t, "spend"), &e);
    spend->data.reals[row] = 1e6;
    return table_with(t, "spend", spend, &e);
}

static void check_no_leak(void)
{
    TEST("changing a validation or test row never changes what was fitted; changing a training row does");
    Table *t = help_table(300, 2);
    Pipeline *p = help_pipeline(t);
    Prepared *d = help_prepare(p);
    Value *fitted = recipe_to_value(d->fitted, true);
    for (int part = 0; part < PART_COUNT; part++) {
        Table *changed = with_outlier(t, (size_t)d->data[part].row_ids[5]);
        Pipeline *q = help_pipeline(changed);
        Prepared *other = help_prepare(q);
        Value *again = recipe_to_value(other->fitted, true);
        CHECK_INT(value_equal(fitted, again), part != PART_TRAIN);
        value_free(again);
        prepared_free(other);
        pipeline_unref(q);
        table_unref(changed);
    }
    value_free(fitted);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

static void check_moved(void)
{
    TEST("a learned step before the split runs after it, with a note and the same result");
    Table *t = help_table(300, 3);
    SplitPlan *split = help_plan(&split_spec, "{}");
    Pipeline *late = help_pipeline(t), *late_split = pipeline_with_split(late, split), *early = help_source(t);
    Pipeline *early_split = pipeline_with_split(early, split);
    early_split = help_add(early_split, "fill_missing", "{\"columns\":[\"age\"]}");
    early_split = help_add(early_split, "one_hot", "{\"columns\":[\"text\"]}");
    early_split = help_add(early_split, "standardize", "{\"columns\":[\"numeric\"]}");
    Prepared *a = help_prepare(late_split), *b = help_prepare(early_split);
    CHECK(has_note(&a->notes, "standardize learns from rows"));
    CHECK(!has_note(&b->notes, "learns from rows"));
    CHECK_INT(a->before->count, 1);
    char one[HASH_ROOM], other[HASH_ROOM];
    table_hash(a->raw[PART_TRAIN], one);
    table_hash(b->raw[PART_TRAIN], other);
    CHECK_TEXT(one, other);
    CHECK(memcmp(a->data[0].x, b->data[0].x, a->data[0].rows * a->data[0].width * sizeof(float)) == 0);
    prepared_free(a);
    prepared_free(b);
    pipeline_unref(late);
    pipeline_unref(late_split);
    pipeline_unref(early);
    pipeline_unref(early_split);
    params_free(&split_spec, split);
    table_unref(t);
}

static void check_error(Pipeline *p, const char *expected)
{
    Error e = {0};
    Prepared *d = NULL;
    bool ok = pipeline_prepare(NULL, p, &d, &e);
    CHECK(!ok);
    test_check(strstr(e.message, expected) != NULL, __FILE__, __LINE__, "\"%s\" lacks \"%s\"", e.message, expected);
    prepared_free(d);
    pipeline_unref(p);
}

static void check_errors(void)
{
    TEST("what is left over is named, with the step that helps");
    Table *t = help_table(200, 4);
    Pipeline *p = help_source(t);
    check_error(help_add(help_source(t), "fill_missing", "{\"columns\":[\"age\"]}"), "still hold text: plan; add one_hot");
    check_error(help_add(help_source(t), "one_hot", "{}"), "column age still has");
    check_error(pipeline_with_target(p, "lef", NULL), "lef");
    check_error(pipeline_with_target(p, "left", "Maybe"), "positive = \"Maybe\" is no class of left");
    check_error(pipeline_with_target(p, NULL, NULL), "no target column");
    pipeline_unref(p);
    table_unref(t);
}

static void check_missing_target(void)
{
    TEST("rows without a target are not used, with a note and a count; they are shown");
    Error e = {0};
    Table *t = help_table(200, 5);
    Column *left = column_copy(table_column(t, "left"), &e);
    for (size_t i = 0; i < 7; i++)
        column_set_missing(left, i * 3, &e);
    Table *holes = table_with(t, "left", left, &e);
    Pipeline *p = help_pipeline(holes);
    Prepared *d = help_prepare(p);
    CHECK(has_note(&d->notes, "7 rows have no left: not used for training"));
    CHECK_INT(d->data[0].rows + d->data[1].rows + d->data[2].rows, 193);
    CHECK_INT(d->rows.used[0] + d->rows.used[1] + d->rows.used[2], 193);
    CHECK_INT(d->rows.read, 200);
    CHECK_INT(d->rows.left[LEFT_TARGET], 7);
    for (size_t steps = 0; steps <= p->recipe->count; steps++) {
        Table *view = pipeline_view(NULL, p, steps, &e);
        CHECK(view && view->rows == 200 && table_column(view, "left")->missing == 7);
        table_unref(view);
    }
    prepared_free(d);
    pipeline_unref(p);
    table_unref(holes);
    table_unref(t);
}

static void check_view(void)
{
    TEST("the view after n steps shows the whole table, fitted on training rows");
    Error e = {0};
    Table *t = help_table(200, 6);
    Pipeline *p = help_pipeline(t);
    Prepared *d = help_prepare(p);
    Table *view = pipeline_view(NULL, p, 2, &e), *all = pipeline_view(NULL, p, 4, &e);
    CHECK(view && view->rows == 200 && table_column(view, "age")->missing == 0 && table_find(view, "plan") != TABLE_NONE);
    CHECK(all && all->rows == 200 && table_find(all, "plan") == TABLE_NONE);
    size_t row = (size_t)d->data[PART_TRAIN].row_ids[0];
    CHECK_NEAR(column_real(table_column(all, d->features.items[0]), row), (double)d->data[PART_TRAIN].x[0], 1e-6);
    table_unref(view);
    table_unref(all);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
}

void unit_pipeline(void)
{
    help_register();
    check_tensors();
    check_no_leak();
    check_moved();
    check_errors();
    check_missing_target();
    check_view();
}
