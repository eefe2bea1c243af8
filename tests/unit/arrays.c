/* Array columns: cells of a shape, and how they lie in the rows of a net. */
#include "learn/batch.h"
#include "table/reader.h"
#include "tests/unit/csv_help.h"

static Column *array_of(size_t rows, CellShape shape, const float *numbers)
{
    Error e = {0};
    Column *c = column_new_array(rows, &shape, &e);
    CHECK_OK(c != NULL, e);
    memcpy(c->data.array, numbers, rows * c->width * sizeof *numbers);
    return c;
}

static const CellShape pairs = {2, {2, 1}}, wide = {2, {1, 2}}, picture = {3, {1, 2, 2}}, series = {1, {4}};

static Table *one_column(CellShape shape)
{
    Table *t = table_new(2);
    table_add(t, "w", array_of(2, shape, (float[]){1, 2, 3, 4, 0.1F, -0.0F, 7, 8}), NULL);
    return t;
}

static void write_as(const Writer *w, const Table *t, Text *out)
{
    Error e = {0};
    void *params = params_new(&w->spec);
    text_clear(out);
    CHECK_OK(w->write(params, t, out, &e), e);
    params_free(&w->spec, params);
}

static void shapes(void)
{
    TEST("arrays: a cell is lists in lists, whatever writes it; floats keep all their digits");
    static const struct {
        CellShape shape;
        const char *csv, *json;
    } cases[] = {
        {{2, {2, 2}}, "w\n\"[[1, 2], [3, 4]]\"\n\"[[0.10000000149011612, 0], [7, 8]]\"\n", "{\"w\": [[1, 2], [3, 4]]}\n"},
        {{1, {4}}, "w\n\"[1, 2, 3, 4]\"\n", "{\"w\": [1, 2, 3, 4]}\n"},
        {{3, {1, 2, 2}}, "w\n\"[[[1, 2], [3, 4]]]\"\n", "{\"w\": [[[1, 2], [3, 4]]]}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Table *t = one_column(cases[i].shape);
        Text out = {0};
        write_as(&csv_writer, t, &out);
        CHECK(text_starts(text_get(&out), cases[i].csv));
        write_as(&jsonl_writer, t, &out);
        CHECK(text_starts(text_get(&out), cases[i].json));
        text_done(&out);
        table_unref(t);
    }
    TEST("arrays: equal are those of one shape and one content; the hash sees both");
    Table *a = one_column(pairs), *b = one_column(wide), *c = one_column(pairs);
    char left[HASH_ROOM], right[HASH_ROOM];
    CHECK(table_equal(a, c));
    CHECK(!table_equal(a, b));
    table_hash(a, left);
    table_hash(b, right);
    CHECK(!text_equal(left, right));
    table_hash(c, right);
    CHECK_TEXT(left, right);
    table_unref(a);
    table_unref(b);
    table_unref(c);
}

static void selected(void)
{
    TEST("arrays: rows taken twice, copied and made more keep shape and gaps");
    Error e = {0};
    Column *c = array_of(2, picture, (float[]){1, 2, 3, 4, 5, 6, 7, 8});
    column_set_missing(c, 0, &e);
    Column *twice = column_select(c, (size_t[]){1, 0, 1}, 3, &e), *more = column_widen(column_copy(twice, &e), 4, &e);
    CHECK_INT(twice->missing, 1);
    CHECK(cell_shape_equal(&more->shape, &picture));
    CHECK_INT(column_channels(more), 2);
    CHECK(more->data.array[8] == 5 && more->data.array[11] == 8 && more->data.array[12] == 0);
    CHECK(!column_is_valid(more, 1) && column_is_valid(more, 3));
    column_unref(c);
    column_unref(twice);
    column_unref(more);
    TEST("arrays: a shape of nothing or of too much is refused before memory is asked for");
    static const CellShape bad[] = {{0, {0}}, {2, {4, 0}}, {2, {SIZE_MAX, 2}}, {3, {1 << 20, 1 << 20, 1 << 24}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error refused = {0};
        CHECK(!column_new_array(1, &bad[i], &refused));
        CHECK(strstr(refused.message, "is none that a cell can hold") != NULL);
    }
}

/* Columns of two rows: p and q are 2x1, r is 2x2, s is a series of 4, n is a number. */
static Table *features(void)
{
    Table *t = table_new(2);
    table_add(t, "p", array_of(2, pairs, (float[]){1, 2, 3, 4}), NULL);
    table_add(t, "q", array_of(2, pairs, (float[]){10, 20, 30, 40}), NULL);
    table_add(t, "r", array_of(2, (CellShape){2, {2, 2}}, (float[]){5, 6, 7, 8, 50, 60, 70, 80}), NULL);
    table_add(t, "s", array_of(2, series, (float[]){1, 2, 3, 4, 5, 6, 7, 8}), NULL);
    table_add(t, "h", array_of(2, picture, (float[]){1, 2, 3, 4, 5, 6, 7, 8}), NULL);
    Column *n = column_new(COLUMN_INT, 2, NULL);
    n->data.ints[0] = 9;
    n->data.ints[1] = 90;
    table_add(t, "n", n, NULL);
    return t;
}

static void planned(void)
{
    TEST("features: arrays of one length join along channels; anything else lies flat");
    static const struct {
        const char *names;
        Shape shape;
        float first[8]; /* row */
    } cases[] = {
        {"p", SHAPE_SEQUENCE(2, 1), {1, 2}},
        {"p q", SHAPE_SEQUENCE(2, 2), {1, 10, 2, 20}},
        {"r p", SHAPE_SEQUENCE(2, 3), {5, 6, 1, 7, 8, 2}},
        {"s", SHAPE_SEQUENCE(4, 1), {1, 2, 3, 4}},
        {"n", SHAPE_VECTOR(1), {9}},
        {"p n", {0, 1, 3, 1}, {1, 2, 9}},
        {"n r", {0, 1, 5, 1}, {9, 5, 6, 7, 8}},
        {"p s", {0, 1, 6, 1}, {1, 2, 1, 2, 3, 4}},
        {"h", SHAPE_IMAGE(1, 2, 2), {1, 2, 3, 4}},
    };
    Table *t = features();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TextList names = {0};
        Error e = {0};
        FeaturePlan plan;
        float x[16];
        for (const char *at = cases[i].names; *at; at += strcspn(at, " ") + (strchr(at, ' ') != NULL)) {
            char *name = mem_strndup(at, strcspn(at, " "));
            text_list_add(&names, name);
            mem_free(name);
        }
        CHECK_OK(features_plan(t, &names, &plan, &e), e);
        const Shape *is = &plan.input.shape, *due = &cases[i].shape;
        test_check(shape_equal(*is, *due), __FILE__, __LINE__, "%s: %d %lldx%lld", cases[i].names, is->rank, (long long)is->length,
                   (long long)is->channels);
        features_fill(&plan, x);
        test_check(memcmp(x, cases[i].first, (size_t)shape_size(*due) * sizeof *x) == 0, __FILE__, __LINE__, "%s: row 1 is %g %g %g ...",
                   cases[i].names, (double)x[0], (double)x[1], (double)x[2]);
        features_plan_done(&plan);
        text_list_done(&names);
    }
    table_unref(t);
}

static void refused(void)
{
    TEST("features: a missing array is one missing cell, and says what to fill");
    Table *t = features();
    TextList names = {0};
    Error e = {0};
    Dataset d;
    column_set_missing(t->columns[1], 0, &e);
    text_list_add(&names, "p");
    text_list_add(&names, "q");
    CHECK(!dataset_make(t, &names, NULL, &d, &e));
    CHECK(strstr(e.message, "array q still has 1 missing cell; fill the columns that it is made of") != NULL);
    text_list_done(&names);
    table_unref(t);
    TEST("features: a net of another shape is not fed");
    e = (Error){0};
    CHECK(!features_check_shape(shape_sequence(24, 1), shape_vector(24), &e));
    CHECK_TEXT(e.message, "the rows are Nx24x1 to the net, which was made for Nx24");
}

void unit_arrays(void);
void unit_arrays(void)
{
    shapes();
    selected();
    planned();
    refused();
}
