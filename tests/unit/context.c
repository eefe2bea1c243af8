/* What every step that looks at other rows promises, tested over the registry: what a row gets depends on no later row and on no other
 * series, not on the order of the file, not on whether anything comes after it, and not on its own target. Each of the step's examples
 * gives the parameters and the columns; the rows are made here, many more of them. */
#include <math.h>

#include "base/json.h"
#include "base/rng.h"
#include "base/io.h"
#include "cli/cli.h"
#include "script/script.h"
#include "spec/module.h"
#include "steps/recipe.h"
#include "steps/unready.h"
#include "tests/unit/csv_help.h"

enum { SERIES = 3, ROWS = 90, TRIES = 6 };

/* One use of a step, and the columns that make its series. */
typedef struct Trial {
    const Step *step;
    const Example *example;
    Recipe *recipe;
    TextList by;
    char *time;
} Trial;

static bool is_by(const Trial *x, const char *name)
{
    return text_list_has(&x->by, name);
}

static bool trial_make(Trial *x, const Step *step, const Example *example)
{
    Error e = {0};
    Value *args = json_parse(example->args, strlen(example->args), &e);
    void *params = params_from_value(&step->spec, args, &e);
    Recipe *empty = recipe_new();
    *x = (Trial){.step = step, .example = example, .recipe = params ? recipe_insert(empty, 0, step, params) : NULL};
    if (x->recipe) {
        const TextList *by = step_use_param(&x->recipe->uses[0], "by");
        char *const *time = step_use_param(&x->recipe->uses[0], "time");
        test_check(by && time, __FILE__, __LINE__, "%s looks at other rows and has no parameters by and time", step->spec.name);
        x->by = by ? text_list_copy(by) : (TextList){0};
        x->time = time ? mem_strdup(*time) : NULL;
    }
    params_free(&step->spec, params);
    recipe_unref(empty);
    value_free(args);
    return x->recipe && x->time && *x->time;
}

static void trial_done(Trial *x)
{
    recipe_unref(x->recipe);
    text_list_done(&x->by);
    mem_free(x->time);
}

static size_t series_of(const Trial *x, size_t row)
{
    return x->by.count ? row % SERIES : 0;
}

static uint64_t draw(RngKey key, uint64_t below)
{
    Rng r = rng_begin(key);
    return rng_below(&r, below);
}

/* Rows of one series have rising times with gaps; series are told apart by each of their columns. */
static int64_t time_of(const Trial *x, size_t row)
{
    size_t place = x->by.count ? row / SERIES : row;
    return (int64_t)(4 * place + 2 * draw(rng_key(place + 1, "gap"), 2));
}

static void fill_cell(const Trial *x, Column *c, const char *name, size_t row, uint64_t noise)
{
    Error e = {0};
    RngKey key = rng_child(rng_key(noise, name), row);
    int64_t unit = c->type == COLUMN_TIME ? INT64_C(3600000000) : 1, small = (int64_t)draw(key, 9);
    bool is_time = text_equal(name, x->time), is_group = is_by(x, name);
    int64_t whole = is_time ? time_of(x, row) : is_group ? (int64_t)series_of(x, row) : small;
    char text[2] = {(char)('a' + whole % 26), 0};
    if (!is_time && !is_group && draw(rng_child(key, 1), 8) == 0)
        CHECK_OK(column_set_missing(c, row, &e), e);
    else if (c->type == COLUMN_TEXT)
        CHECK_OK(column_set_text(c, row, text, 1, &e), e);
    else if (c->type == COLUMN_REAL)
        c->data.reals[row] = (double)whole + (is_time || is_group ? 0 : 0.25);
    else if (c->type == COLUMN_BOOL)
        c->data.flags[row] = whole % 2 != 0;
    else
        c->data.ints[row] = whole * unit;
}

/* Times are given as text in examples; steps that need real ones say so by a cast of their own in the table here. */
static ColumnType type_of(const Trial *x, const Table *like, size_t column)
{
    bool is_time = text_equal(like->names[column], x->time);
    return is_time && like->columns[column]->type == COLUMN_TEXT ? COLUMN_TIME : like->columns[column]->type;
}

/* Rows of the columns of the example. Those with changed[row] have other values; NULL: none. */
static Table *make_rows(const Trial *x, const bool *changed)
{
    Error e = {0};
    Table *like = csv_table(x->example->input), *t = table_new(ROWS);
    for (size_t k = 0; k < like->columns_count; k++) {
        Column *c = column_new(type_of(x, like, k), ROWS, &e);
        for (size_t row = 0; row < ROWS; row++)
            fill_cell(x, c, like->names[k], row, changed && changed[row] ? 2 : 1);
        CHECK_OK(table_add(t, like->names[k], c, &e), e);
    }
    table_unref(like);
    return t;
}

typedef struct Outcome {
    Table *t;
    Unready unready;
} Outcome;

static Outcome run_for(const Trial *x, const Table *t, const Roles *roles, Error *e)
{
    Outcome o = {0};
    RecipeWatch watch = {.unready = &o.unready};
    o.t = recipe_apply_watched(NULL, x->recipe, t, roles, &watch, e);
    return o;
}

static Outcome run(const Trial *x, const Table *t)
{
    Error e = {0};
    Outcome o = run_for(x, t, NULL, &e);
    test_check(o.t != NULL, __FILE__, __LINE__, "%s %s on made rows: %s", x->step->spec.name, x->example->args, e.message);
    return o;
}

static void outcome_done(Outcome *o)
{
    table_unref(o->t);
    unready_done(&o->unready);
}

static size_t row_with(const Table *t, uint64_t id)
{
    size_t row = 0;
    while (row < t->rows && table_row_id(t, row) != id)
        row++;
    return row;
}

/* A step that looks back may make a column of later rows beside, and says so. */
static bool is_ahead(const Trial *x, const char *name)
{
    return x->step->needs != NEEDS_AHEAD && x->step->reach && x->step->reach(x->recipe->uses[0].params, name).steps > 0;
}

/* The cells of a row, as text: those of later rows, or the others. */
static char *row_text(const Trial *x, const Outcome *o, uint64_t id, bool ahead)
{
    Text out = {0};
    size_t row = row_with(o->t, id);
    for (size_t k = 0; row < o->t->rows && k < o->t->columns_count; k++) {
        if (is_ahead(x, o->t->names[k]) != ahead)
            continue;
        text_addf(&out, "%s=", o->t->names[k]);
        column_format(o->t->columns[k], row, &out);
        text_add_char(&out, ' ');
    }
    text_add(&out, unready_has(&o->unready, id) ? "unready" : "");
    return text_take(&out);
}

static void check_same(const Trial *x, const Outcome *is, const Outcome *was, uint64_t id, const char *what)
{
    if (!is->t || !was->t || row_with(was->t, id) == was->t->rows)
        return; /* it is gone: another row stands for it */
    char *a = row_text(x, is, id, false), *b = row_text(x, was, id, false);
    test_check(*b && text_equal(a, b), __FILE__, __LINE__, "%s %s: row %d %s: %s, was %s", x->step->spec.name, x->example->args, (int)id,
               what, a, b);
    mem_free(a);
    mem_free(b);
}

/* Rows that the row must not depend on: other series, and what is not its past. */
static void choose_others(const Trial *x, size_t row, bool *others)
{
    for (size_t i = 0; i < ROWS; i++) {
        bool is_other = series_of(x, i) != series_of(x, row), is_later = time_of(x, i) > time_of(x, row);
        others[i] = is_other || (x->step->needs == NEEDS_PAST && is_later);
    }
}

static void check_changed(const Trial *x, const Outcome *base, size_t row)
{
    bool others[ROWS];
    choose_others(x, row, others);
    Table *t = make_rows(x, others);
    Outcome o = run(x, t);
    check_same(x, &o, base, row, "depends on rows that are not its past");
    outcome_done(&o);
    table_unref(t);
}

/* The cells of later rows, with the rows within the horizon changed, or all others. */
static char *ahead_text(const Trial *x, size_t row, size_t end, bool within)
{
    bool changed[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        changed[i] = within == (series_of(x, i) == series_of(x, row) && i >= row && i <= end);
    Table *t = make_rows(x, changed);
    Outcome o = run(x, t);
    char *text = row_text(x, &o, row, true);
    outcome_done(&o);
    table_unref(t);
    return text;
}

/* A cell of later rows is made of its own row and those within the horizon, and of nothing else. */
static void check_horizon(const Trial *x, const Outcome *base)
{
    StepReach reach = x->step->reach && x->step->needs != NEEDS_AHEAD ? x->step->reach(x->recipe->uses[0].params, NULL) : (StepReach){0};
    size_t depends = 0, apart = x->by.count ? SERIES : 1, far = (size_t)reach.steps * apart;
    for (size_t row = 0; reach.steps && row + far < ROWS; row += 7) {
        char *was = row_text(x, base, row, true), *inside = ahead_text(x, row, row + far, true);
        char *outside = ahead_text(x, row, row + far, false);
        depends += !text_equal(inside, was);
        test_check(*was && text_equal(outside, was), __FILE__, __LINE__, "%s %s: row %d depends on rows beyond its horizon: %s, was %s",
                   x->step->spec.name, x->example->args, (int)row, outside, was);
        mem_free(was);
        mem_free(inside);
        mem_free(outside);
    }
    test_check(!reach.steps || depends > 0, __FILE__, __LINE__, "%s %s: says that it looks ahead, and does not", x->step->spec.name,
               x->example->args);
}

static void check_cut(const Trial *x, const Table *all, const Outcome *base, size_t row)
{
    Error e = {0};
    size_t rows[ROWS], count = 0;
    for (size_t i = 0; i < ROWS; i++)
        if (time_of(x, i) <= time_of(x, row))
            rows[count++] = i;
    Table *t = table_select(all, rows, count, &e);
    Outcome o = run(x, t);
    check_same(x, &o, base, row, "depends on what comes after it");
    outcome_done(&o);
    table_unref(t);
}

static void check_shuffled(const Trial *x, const Table *all, const Outcome *base)
{
    Error e = {0};
    size_t rows[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (i * 37 + 11) % ROWS;
    Table *t = table_select(all, rows, ROWS, &e);
    Outcome o = run(x, t);
    for (size_t i = 0; i < ROWS; i++)
        check_same(x, &o, base, i, "depends on the order of the file");
    outcome_done(&o);
    table_unref(t);
}

/* A column as the target: refused, or the other cells of a row do not tell what it is. */
static void check_target(const Trial *x, const Table *all, size_t column, size_t row)
{
    Error e = {0};
    const char *name = all->names[column];
    Roles roles = {.target = name};
    Column *other = column_copy(all->columns[column], &e);
    CHECK_OK(column_set_missing(other, row, &e), e);
    Table *t = table_with(all, name, other, &e);
    Outcome was = run_for(x, all, &roles, &e), is = run_for(x, t, &roles, &e);
    test_check(was.t || strstr(e.message, "the target"), __FILE__, __LINE__, "%s for %s: %s", x->step->spec.name, name, e.message);
    for (Outcome *o = &was; was.t && is.t && o; o = o == &was ? &is : NULL) {
        int at = table_find(o->t, name);
        Table *without = table_without(o->t, &at, at != TABLE_NONE, &e);
        table_unref(o->t);
        o->t = without;
    }
    check_same(x, &is, &was, row, "knows its own target");
    outcome_done(&was);
    outcome_done(&is);
    table_unref(t);
}

static void check_targets(const Trial *x, const Table *all)
{
    for (size_t k = 0; k < all->columns_count; k++)
        for (size_t row = 0; row < ROWS && !is_by(x, all->names[k]) && !text_equal(all->names[k], x->time); row += 11)
            if (column_is_valid(all->columns[k], row))
                check_target(x, all, k, row);
}

/* Which columns look ahead is found on no rows at all: there a step must not leave alone what it may change elsewhere. */
static void check_on_none(const Trial *x, const Table *all)
{
    Error e = {0};
    Table *none = table_head(all, 0, &e);
    Outcome o = run(x, none);
    size_t made = 0;
    for (size_t k = 0; o.t && k < o.t->columns_count; k++) {
        bool shared = false;
        for (size_t i = 0; i < none->columns_count; i++)
            shared = shared || none->columns[i] == o.t->columns[k];
        made += !shared;
    }
    test_check(made > 0, __FILE__, __LINE__, "%s %s: on no rows nobody sees what it makes", x->step->spec.name, x->example->args);
    outcome_done(&o);
    table_unref(none);
}

static void check_example(const Step *step, const Example *example)
{
    Trial x;
    if (trial_make(&x, step, example)) {
        Table *all = make_rows(&x, NULL);
        Outcome base = run(&x, all);
        for (size_t i = 0; base.t && i < TRIES; i++) {
            size_t row = (size_t)draw(rng_child(rng_key(5, step->spec.name), i), ROWS);
            check_changed(&x, &base, row);
            if (step->needs == NEEDS_PAST)
                check_cut(&x, all, &base, row);
        }
        if (step->needs != NEEDS_PAST)
            check_on_none(&x, all);
        if (base.t)
            check_shuffled(&x, all, &base), check_targets(&x, all), check_horizon(&x, &base);
        outcome_done(&base);
        table_unref(all);
    }
    trial_done(&x);
}

static void check_step(const Step *step)
{
    size_t series = 0;
    for (size_t i = 0; i < step->spec.examples_count; i++) {
        const Example *x = &step->spec.examples[i];
        if (text_starts(x->output, "error: "))
            continue;
        series += strstr(x->args, "\"by\"") != NULL;
        check_example(step, x);
    }
    test_check(series > 0, __FILE__, __LINE__, "%s: no example names by = {...}: nothing shows that series stay apart", step->spec.name);
    test_check(!step->fit && !step->uses_target, __FILE__, __LINE__, "%s looks at other rows and learns from them", step->spec.name);
}

/* Those that a module defines promise the same. */
static void define_steps(void)
{
    Error e = {0};
    char *text = NULL;
    size_t size = 0;
    const char *wanted[] = {"drift", "last_three", "of_group", "changes"};
    script_host_modules(0, 0);
    bool ok = io_read_file("tests/lua/define/context.lua", 1 << 20, &text, &size, &e) && module_load("context.lua", text, size, &e);
    CHECK_OK(ok, e);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK(step_find(wanted[i]) && step_has_context(step_find(wanted[i])));
    mem_free(text);
}

static bool has_examples(const Step *step)
{
    return !module_of(&step->spec) || step->spec.examples_count; /* what a module defines may have none */
}

void unit_context(void)
{
    families_register();
    define_steps();
    for (size_t i = 0; i < step_family()->count; i++) {
        const Step *step = (const Step *)step_family()->members[i];
        if (!step_has_context(step) || !has_examples(step))
            continue;
        TEST(step->spec.name);
        check_step(step);
    }
}
