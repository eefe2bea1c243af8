/* The report card against scikit-learn (report_reference.py), the way back from its places to rows, and thresholds by cost. */
#include <math.h>
#include <string.h>

#include "learn/report_part.h"
#include "learn/threshold.h"
#include "tests/unit/learn_help.h"

enum { ROWS = 240 };

typedef struct Reference {
    const char *path; /* names and places in the card, apart by points */
    double value;
} Reference;

#include "tests/unit/report_reference.h"

static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static double at_path(const Value *v, const char *path)
{
    while (v && *path) {
        size_t size = strcspn(path, ".");
        char *name = mem_strndup(path, size);
        size_t place = 0;
        for (size_t i = 0; i < size; i++)
            place = place * 10 + (size_t)(name[i] - '0');
        v = v->type == VALUE_LIST ? (place < v->size ? v->items[place] : NULL) : value_get(v, name);
        mem_free(name);
        path += size + (path[size] == '.');
    }
    return v && value_is_number(v) ? value_number(v) : (double)NAN;
}

static void check_all(const Value *card, const Reference *all)
{
    for (; all->path; all++) {
        double x = at_path(card, all->path);
        if (!(fabs(x - all->value) <= 2e-6 * (1 + fabs(all->value))))
            fprintf(stderr, "%s: %.9g, expected %.9g\n", all->path, x, all->value);
        CHECK(fabs(x - all->value) <= 2e-6 * (1 + fabs(all->value)));
    }
}

/* A card without a net: rows, labels and outputs are all it needs. */
static Report *report_of(const char *target, const char *const *classes, size_t outputs)
{
    Report *r = MEM_NEW(Report);
    Error e = {0};
    r->model = MEM_NEW(Bundle);
    TargetInfo *t = &r->model->target;
    *t = (TargetInfo){.name = mem_strdup(target), .positive = -1, .is_classes = classes != NULL};
    for (size_t i = 0; classes && i < outputs; i++)
        text_list_add(&t->classes, classes[i]);
    if (!classes) {
        t->outputs = mem_alloc(sizeof *t->outputs);
        t->outputs[0] = (TargetOutput){.name = mem_strdup(target), .mean = 50, .sd = 8};
        t->outputs_count = 1;
    }
    r->card = value_map();
    r->threshold = 0.375;
    r->out.data.rows = ROWS;
    r->out.data.labels = mem_alloc(ROWS * sizeof(int32_t));
    r->out.data.values = mem_alloc(ROWS * sizeof(float));
    r->out.data.row_ids = mem_alloc(ROWS * sizeof(uint64_t));
    r->out.outputs = mem_try_aligned(ROWS * outputs, sizeof(float), &e);
    r->at = mem_alloc(ROWS * sizeof *r->at);
    for (size_t i = 0; i < ROWS; i++)
        r->out.data.row_ids[i] = r->at[i] = i;
    return r;
}

static void report_drop(Report *r)
{
    target_info_done(&r->model->target);
    mem_free(r->model);
    r->model = NULL;
    report_free(r);
}

static Report *of_two_classes(void)
{
    static const char *const classes[] = {"No", "Yes"};
    uint32_t state = 1;
    Report *r = report_of("left", classes, 2);
    r->model->target.positive = 1;
    r->model->target.costs = mem_copy((double[]){0, 1, 5, 0}, 4 * sizeof(double));
    for (size_t i = 0; i < ROWS; i++) {
        uint32_t p = draw(&state, 63) + 1, n = draw(&state, 64);
        r->out.outputs[2 * i + 1] = (float)p / 64;
        r->out.outputs[2 * i] = 1 - r->out.outputs[2 * i + 1];
        r->out.data.labels[i] = p + 20 > 2 * n;
    }
    return r;
}

static void check_two(void)
{
    TEST("card of two classes");
    Error e = {0};
    Report *r = of_two_classes();
    CHECK_OK(report_add_worst(r, &e) && report_add_classes(r, &e) && report_add_curves(r, &e), e);
    check_all(r->card, two_classes);
    report_drop(r);
}

static void check_three(void)
{
    static const char *const classes[] = {"a", "b", "c"};
    TEST("card of three classes, and decisions by cost");
    uint32_t state = 2;
    Error e = {0};
    Report *r = report_of("kind", classes, 3);
    for (size_t i = 0; i < ROWS; i++) {
        uint32_t a = draw(&state, 32), b = draw(&state, 32), n = draw(&state, 64);
        r->out.outputs[3 * i] = (float)a / 64;
        r->out.outputs[3 * i + 1] = (float)b / 64;
        r->out.outputs[3 * i + 2] = (float)(64 - a - b) / 64;
        r->out.data.labels[i] = n < a ? 0 : n < a + b ? 1 : 2;
    }
    CHECK_OK(report_add_classes(r, &e) && report_add_curves(r, &e), e);
    Value *costs = costs_from_text(&r->model->target, "b:a=6  b:c=2", &e);
    double *matrix = costs ? costs_from_value(&r->model->target, costs, &e) : NULL;
    CHECK_OK(matrix != NULL, e);
    value_set(r->card, "decided", report_at(r, 0.5, matrix));
    check_all(r->card, three_classes);
    value_free(costs);
    mem_free(matrix);
    report_drop(r);
}

static void check_values(void)
{
    TEST("card of numbers");
    uint32_t state = 3;
    Error e = {0};
    Report *r = report_of("days", NULL, 1);
    for (size_t i = 0; i < ROWS; i++) {
        double predicted = draw(&state, 1000) / 10.0, actual = predicted + draw(&state, 200) / 10.0 - 8;
        r->out.outputs[i] = (float)((predicted - 50) / 8);
        r->out.data.values[i] = (float)((actual - 50) / 8);
    }
    CHECK_OK(report_add_worst(r, &e) && report_add_values(r, &e), e);
    check_all(r->card, of_values);
    uint64_t ids[ROWS];
    size_t sum = 0;
    for (size_t b = 0; b < value_items(value_get(value_get(r->card, "residuals")->items[0], "bins")); b++)
        sum += report_pick(r, &(ReportPick){.place = REPORT_AT_RESIDUAL, .b = b}, ids);
    CHECK(sum == ROWS);
    report_drop(r);
}

/* What a place counts and what it leads to are the same rows. */
static void check_picks(void)
{
    TEST("each place of a card leads to the rows that it counts");
    Error e = {0};
    Report *r = of_two_classes();
    uint64_t ids[ROWS];
    r->judged.rows = help_table(ROWS, 5);
    CHECK_OK(report_add_worst(r, &e) && report_add_classes(r, &e) && report_add_curves(r, &e) && report_add_slices(r, NULL, &e), e);
    const Value *yes = value_get(value_get(value_get(r->card, "at"), "confusion"), "Yes");
    size_t missed = report_pick(r, &(ReportPick){.a = 1, .b = 0, .threshold = 0.375}, ids);
    CHECK((int64_t)missed == value_get_int(yes, "No", -1) && missed > 0);
    for (size_t i = 0; i < missed; i++)
        CHECK(r->out.data.labels[ids[i]] == 1 && r->out.outputs[2 * ids[i] + 1] < 0.375F);
    const Value *bins = value_get(r->card, "calibration"), *slices = value_get(r->card, "slices");
    for (size_t b = 0; b < REPORT_BINS; b++)
        CHECK((int64_t)report_pick(r, &(ReportPick){.place = REPORT_AT_CALIBRATION, .a = b}, ids) ==
              value_get_int(bins->items[b], "rows", -1));
    CHECK(value_items(slices) == 4); /* id, age, spend and plan; left is said only by rows, and is no target here */
    for (size_t s = 0; s < value_items(slices); s++) {
        const Value *items = value_get(slices->items[s], "items");
        size_t sum = 0;
        for (size_t k = 0; k < value_items(items); k++) {
            size_t n = report_pick(r, &(ReportPick){.place = REPORT_AT_SLICE, .a = s, .b = k}, ids);
            CHECK((int64_t)n == value_get_int(items->items[k], "rows", -1));
            sum += n;
        }
        CHECK(sum == ROWS);
    }
    CHECK(report_pick(r, &(ReportPick){.place = REPORT_AT_WORST, .a = 2}, ids) == 1);
    CHECK((int64_t)ids[0] + 1 == value_get_int(value_get(r->card, "worst")->items[2], "row", 0));
    table_unref(r->judged.rows);
    r->judged.rows = NULL;
    report_drop(r);
}

static void check_costs(void)
{
    TEST("costs as they are typed, and what is wrong with them");
    static const char *const wrong[][2] = {
        {"Yes=5", "TRUTH:DECISION=NUMBER"}, {"Yes:Maybe=5", "TRUTH:DECISION=NUMBER"}, {"Yes:No=-1", "from 0"}};
    Error e = {0};
    Report *r = of_two_classes();
    const TargetInfo *t = &r->model->target;
    Text text = {0};
    Value *map = costs_from_text(t, "Yes:No=5 No:Yes=0.5", &e);
    double *costs = costs_from_value(t, map, &e);
    CHECK_OK(costs && costs[0] == 0 && costs[1] == 0.5 && costs[2] == 5 && costs[3] == 0, e);
    costs_to_text(t, costs, &text);
    CHECK(text_equal(text_get(&text), "No:Yes=0.5 Yes:No=5"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Error own = {0};
        Value *v = costs_from_text(t, wrong[i][0], &own);
        double *none = v ? costs_from_value(t, v, &own) : NULL;
        CHECK(!none && strstr(own.message, wrong[i][1]));
        value_free(v);
    }
    value_free(map);
    mem_free(costs);
    text_done(&text);
    report_drop(r);
}

void unit_report(void)
{
    help_register();
    check_two();
    check_three();
    check_values();
    check_picks();
    check_costs();
}
