/* What a target is: classes or values, by its type and its number of values, or as it is told; what was chosen is said. */
#include "learn/batch.h"
#include "steps/levels.h"
#include "tests/unit/learn_help.h"

enum { ROWS = 120 };

static Table *table_of(ColumnType type, size_t distinct)
{
    Error e = {0};
    Table *t = table_new(ROWS);
    Column *c = column_new(type, ROWS, &e);
    for (size_t i = 0; i < ROWS; i++) {
        char text[16];
        snprintf(text, sizeof text, "v%zu", i % distinct);
        if (type == COLUMN_INT)
            c->data.ints[i] = (int64_t)(i % distinct);
        else if (type == COLUMN_REAL)
            c->data.reals[i] = (double)(i % distinct) + 0.5;
        else
            column_set_text(c, i, text, strlen(text), NULL);
    }
    CHECK_OK(table_add(t, "y", c, &e), e);
    return t;
}

static const char counted[] = "the 11 different numbers of y are predicted as a number; target_type = \"classes\" predicts which it is";
static const char classed[] = "the 5 different numbers of y are taken as classes; target_type = \"values\" predicts the number";

static const struct {
    ColumnType type;
    size_t distinct;
    int target_type;
    const char *positive;
    size_t classes;   /* 0: values */
    const char *said; /* a note, or the error when it is refused; NULL: nothing about classes or values */
    bool refused;
} cases[] = {
    {COLUMN_INT, 2, TARGET_AUTO, NULL, 2, NULL, false},
    {COLUMN_INT, 2, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_INT, 5, TARGET_AUTO, NULL, 5, classed, false},
    {COLUMN_INT, 5, TARGET_CLASSES, NULL, 5, NULL, false},
    {COLUMN_INT, 5, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_INT, 11, TARGET_AUTO, NULL, 0, counted, false},
    {COLUMN_INT, 11, TARGET_CLASSES, NULL, 11, NULL, false},
    {COLUMN_INT, 40, TARGET_AUTO, NULL, 0, NULL, false},
    {COLUMN_INT, 40, TARGET_CLASSES, NULL, 40, NULL, false},
    {COLUMN_REAL, 2, TARGET_AUTO, NULL, 2,
     "the 2 different numbers of y are taken as classes; target_type = \"values\" predicts the number", false},
    {COLUMN_REAL, 2, TARGET_VALUES, NULL, 0, NULL, false},
    {COLUMN_REAL, 11, TARGET_AUTO, NULL, 0, counted, false},
    {COLUMN_TEXT, 3, TARGET_AUTO, NULL, 3, NULL, false},
    {COLUMN_TEXT, 3, TARGET_CLASSES, NULL, 3, NULL, false},
    {COLUMN_TEXT, 3, TARGET_VALUES, NULL, 0, "target_type = \"values\" needs numbers, but y is text; cast it, or leave target_type out",
     true},
    {COLUMN_INT, 11, TARGET_AUTO, "3", 11, NULL, false},
    {COLUMN_INT, 2, TARGET_VALUES, "1", 0,
     "positive = \"1\" names a class, but target_type = \"values\" predicts the number; give one of both", true},
};

static const char *said_of_type(const TextList *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->items[i], "target_type"))
            return notes->items[i];
    return NULL;
}

static void check_case(size_t i)
{
    Error e = {0};
    TargetInfo info;
    TextList notes = {0};
    Table *t = table_of(cases[i].type, cases[i].distinct);
    Roles roles = {.target = "y", .positive = cases[i].positive, .target_type = cases[i].target_type};
    bool ok = target_info_find(t, &roles, &info, &notes, &e);
    const char *said = ok ? said_of_type(&notes) : e.message;
    CHECK_INT(ok, !cases[i].refused);
    CHECK_TEXT(said ? said : "", cases[i].said ? cases[i].said : "");
    if (ok) {
        CHECK_INT(target_classes(&info), cases[i].classes);
        target_info_done(&info);
    }
    text_list_done(&notes);
    table_unref(t);
}

/* Eleven counts, of which one row alone has the last: without it the training rows would look like ten classes. */
static Table *counts_table(void)
{
    Error e = {0};
    Table *t = help_table(ROWS, 5);
    Column *y = column_new(COLUMN_INT, ROWS, &e);
    for (size_t i = 0; i < ROWS; i++)
        y->data.ints[i] = i == 0 ? 10 : (int64_t)(i % 10);
    CHECK_OK(table_add(t, "y", y, &e), e);
    return t;
}

static const LevelMap *encoded_levels(const Prepared *d)
{
    return d->fitted->uses[d->fitted->count - 1].state;
}

static void steps_are_told(void)
{
    TEST("what the target is was decided on all rows, and steps that learn from it are told");
    Table *t = counts_table();
    Pipeline *bare = pipeline_new(t, "test.csv", NULL), *p = pipeline_with_target(bare, "y", NULL);
    p = help_add(p, "drop", "{\"columns\":[\"id\",\"left\",\"age\"]}");
    p = help_add(p, "target_encode", "{}");
    bool lacked = false;
    for (p->seed = 1; p->seed < 20 && !lacked; p->seed++) {
        Prepared *d = help_prepare(p);
        const Column *y = d ? table_column(d->raw[PART_TRAIN], "y") : NULL;
        lacked = y != NULL;
        for (size_t i = 0; y && i < y->rows; i++)
            lacked = lacked && y->data.ints[i] != 10;
        if (y)
            CHECK_INT(encoded_levels(d)->outputs.count, 1);
        prepared_free(d);
    }
    CHECK(lacked);
    pipeline_unref(bare);
    pipeline_unref(p);
    table_unref(t);
}

static void positive_is_told(void)
{
    TEST("and which class is the positive one");
    Table *t = help_table(ROWS, 5);
    static const char *const positives[] = {"Yes", "No"};
    double overall[2] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
        Pipeline *bare = pipeline_new(t, "test.csv", NULL), *p = pipeline_with_target(bare, "left", positives[i]);
        p = help_add(p, "drop", "{\"columns\":[\"id\",\"age\"]}");
        p = help_add(p, "target_encode", "{}");
        Prepared *d = help_prepare(p);
        overall[i] = d ? encoded_levels(d)->unknown.items[0] : 0;
        prepared_free(d);
        pipeline_unref(bare);
        pipeline_unref(p);
    }
    CHECK_NEAR(overall[0] + overall[1], 1, 1e-12);
    CHECK(overall[0] < 0.5);
    table_unref(t);
}

static void outputs_are_kept(void)
{
    TEST("the outputs of an array survive a model file, and none that do not agree is read");
    Error e = {0};
    TargetOutput outputs[] = {
        {.name = "calls_1", .mean = 1.5, .sd = 2, .naive = 0.25, .is_held = true, .low = -0.3, .high = 7},
        {.name = "calls_2", .mean = -3, .sd = 0.1, .naive = 0.25, .number = 1, .is_held = true, .low = -3, .high = -3},
    };
    TargetInfo t = {.name = "targets", .positive = -1, .outputs = outputs, .outputs_count = 2, .horizon = 2, .season = 7, .relative = true};
    TargetInfo back;
    Value *v = target_to_value(&t);
    CHECK_OK(target_from_value(&back, v, &e), e);
    CHECK(back.outputs_count == 2 && back.horizon == 2 && back.season == 7 && back.relative);
    for (size_t k = 0; k < back.outputs_count; k++) {
        CHECK_TEXT(back.outputs[k].name, outputs[k].name);
        CHECK_NEAR(back.outputs[k].mean, outputs[k].mean, 0);
        CHECK_NEAR(back.outputs[k].sd, outputs[k].sd, 0);
        CHECK_NEAR(back.outputs[k].naive, outputs[k].naive, 0);
        CHECK(back.outputs[k].is_held && back.outputs[k].low == outputs[k].low && back.outputs[k].high == outputs[k].high);
    }
    target_info_done(&back);
    static const char *const broken[] = {"horizon",        "3",     "means", "[1]",  "sds",    "[1, 0]", "outputs",
                                         "[\"a\", \"a\"]", "highs", "[7]",   "lows", "[8, -3]"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i += 2) {
        Value *bad = value_copy(v);
        value_set(bad, broken[i], json_parse(broken[i + 1], strlen(broken[i + 1]), &e));
        CHECK(!target_from_value(&back, bad, &e) && *e.message);
        target_info_done(&back);
        value_free(bad);
    }
    value_free(v);
}

static Value *with(const Value *v, const char *key, const char *json)
{
    Error e = {0};
    Value *copy = value_copy(v);
    value_set(copy, key, json_parse(json, strlen(json), &e));
    return copy;
}

static void quantiles_are_kept(void)
{
    TEST("quantiles and what gives its input again survive a model file, and none that do not agree are read");
    static const char *const input = "{\"name\":\"input\",\"kind\":\"classes\",\"classes\":[\"normal\",\"anomaly\"],\"positive\":1,"
                                     "\"is_input\":true,\"inputs\":5,\"error_scale\":0.25}";
    static const char *const broken[] = {"error_scale", "0", "positive", "-1", "inputs", "0", "classes", "[\"a\", \"b\", \"c\"]"};
    static const char *const crooked[] = {"quantiles", "[0.1]", "quantiles_each", "3", "quantiles", "[]"};
    Error e = {0};
    double levels[] = {0.1, 0.9};
    TargetOutput outputs[] = {{.name = mem_strdup("a"), .mean = 1, .sd = 2, .naive = 0.5},
                              {.name = mem_strdup("b"), .mean = 3, .sd = 4, .naive = 0.5, .number = 1}};
    TargetInfo t = {.name = "y", .positive = -1, .outputs = mem_copy(outputs, sizeof outputs), .outputs_count = 2}, back;
    target_info_quantiles(&t, &(NumberList){levels, 2});
    Value *v = target_to_value(&t);
    CHECK_OK(target_from_value(&back, v, &e), e);
    CHECK_INT(back.outputs_count, 4);
    CHECK_INT(target_numbers(&back), 2);
    for (size_t k = 0; k < 4; k++) {
        CHECK_INT(back.outputs[k].number, k / 2);
        CHECK_NEAR(back.outputs[k].quantile, levels[k % 2], 0);
        CHECK_NEAR(back.outputs[k].mean, k < 2 ? 1 : 3, 0);
    }
    CHECK_TEXT(back.outputs[3].name, "b_q90");
    CHECK(target_is_point(&back, 0) && !target_is_point(&back, 1) && target_is_point(&back, 2) && !target_is_point(&back, 3));
    target_info_done(&back);
    for (size_t i = 0; i < sizeof crooked / sizeof *crooked; i += 2) {
        Value *bad = with(v, crooked[i], crooked[i + 1]);
        CHECK(!target_from_value(&back, bad, &e) && strstr(e.message, "quantiles"));
        target_info_done(&back);
        value_free(bad);
    }
    value_free(v);
    v = json_parse(input, strlen(input), &e);
    CHECK_OK(target_from_value(&back, v, &e), e);
    CHECK(back.is_input && back.inputs == 5 && back.error_scale == 0.25 && target_net_outputs(&back) == 5 && target_outputs(&back) == 2);
    target_info_done(&back);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i += 2) {
        Value *bad = with(v, broken[i], broken[i + 1]);
        CHECK(!target_from_value(&back, bad, &e) && strstr(e.message, "gives its input again"));
        target_info_done(&back);
        value_free(bad);
    }
    value_free(v);
    t.name = NULL;
    target_info_done(&t);
}

void unit_target(void);
void unit_target(void)
{
    help_register();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST("classes or values: by the numbers, or as told; the choice is said");
        check_case(i);
    }
    steps_are_told();
    positive_is_told();
    outputs_are_kept();
    quantiles_are_kept();
}
