/* What models have seen: digests of rows, sets on disk, the rows of another split that a model was trained on, looks, certificates. */
#include "base/io.h"
#include "learn/certificate.h"
#include "learn/duplicates.h"
#include "learn/looks.h"
#include "table/row_digest.h"
#include "tests/unit/learn_help.h"

static Table *table;

static Column *reals(const double *values, size_t count)
{
    Error e = {0};
    Column *c = column_new(COLUMN_REAL, count, &e);
    memcpy(c->data.reals, values, count * sizeof *values);
    return c;
}

static Column *ints(const int64_t *values, size_t count)
{
    Error e = {0};
    Column *c = column_new(COLUMN_INT, count, &e);
    memcpy(c->data.ints, values, count * sizeof *values);
    return c;
}

static void check_digests(void)
{
    TEST("equal values have equal digests in any column order and type; other cells, other columns and missing ones do not");
    static const double as_real[] = {1, 0.0, 3, 1}, other[] = {2, 2, 2, 2};
    static const int64_t as_int[] = {1, 0, 3, 1};
    Error e = {0};
    Table *a = table_new(4), *b = table_new(4);
    table_add(a, "x", reals(as_real, 4), &e);
    table_add(a, "y", reals(other, 4), &e);
    table_add(b, "y", reals(other, 4), &e);
    table_add(b, "x", ints(as_int, 4), &e);
    a->columns[0]->data.reals[1] = -0.0;
    uint64_t left[4], right[4];
    CHECK_OK(row_digests(a, NULL, left, &e) && row_digests(b, NULL, right, &e), e);
    for (int i = 0; i < 4; i++)
        CHECK(left[i] == right[i]);
    CHECK(left[0] == left[3] && left[0] != left[1] && left[0] != left[2]);
    CHECK_OK(column_set_missing(a->columns[0], 0, &e) && row_digests(a, NULL, right, &e), e);
    CHECK(right[0] != left[0] && right[3] == left[3]);
    TEST("numbered: the second of a kind is another row");
    CHECK_OK(row_digests_number(left, 4, &e), e);
    CHECK(left[0] != left[3]);
    CHECK_INT(row_digests_sort(left, 4), 4);
    CHECK(row_digests_has(left, 4, right[3]) && !row_digests_has(left, 4, 12345));
    TEST("an unknown column is an error");
    TextList names = {0};
    text_list_add(&names, "z");
    CHECK(!row_digests(a, &names, left, &e));
    text_list_done(&names);
    table_unref(a);
    table_unref(b);
}

static Pipeline *with_seed(uint64_t seed)
{
    Pipeline *p = help_pipeline(table);
    p->seed = seed;
    return p;
}

static Bundle *train(const Pipeline *p, const char *directory)
{
    Error e = {0};
    Prepared *d = help_prepare(p);
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":4}],\"epochs\":1,\"batch\":64}");
    RunDir *run = directory ? run_create(directory, "train", "t", &e) : NULL;
    Bundle *b = help_train(d, plan, 1, run, false);
    run_close(run);
    params_free(&train_spec, plan);
    prepared_free(d);
    return b;
}

/* Rows of the test part of `p` that are training rows of `of`, counted by their ids. */
static size_t count_shared(const Pipeline *p, const Pipeline *of)
{
    Prepared *a = help_prepare(p), *b = help_prepare(of);
    const Table *test = a->raw[PART_TEST], *trained = b->raw[PART_TRAIN];
    size_t shared = 0;
    for (size_t i = 0; i < test->rows; i++)
        for (size_t k = 0; k < trained->rows; k++)
            shared += table_row_id(test, i) == table_row_id(trained, k);
    prepared_free(a);
    prepared_free(b);
    return shared;
}

static void check_other_split(void)
{
    TEST("rows of another split that the model was trained on are found one by one, and only the others are judged");
    Error e = {0};
    char *directory = io_join(test_directory(), "seen");
    Pipeline *p = with_seed(3), *q = with_seed(99);
    Bundle *b = train(p, directory);
    size_t shared = count_shared(q, p);
    CompareTask task = {.pipeline = q, .teacher = b, .part = PART_TEST};
    Value *v = compare_bundles(NULL, &task, &e);
    CHECK_OK(v != NULL, e);
    const Value *c = value_get(v, "certificate");
    CHECK(shared > 10);
    CHECK_INT(value_get_int(c, "seen_rows", -1), (int64_t)shared);
    CHECK_INT(value_get_int(v, "rows", -1), value_get_int(value_get(c, "test"), "rows", 0) - (int64_t)shared);
    CHECK_INT(value_get_int(c, "unknown_models", -1), 0);
    value_free(v);
    TEST("of its own split nothing is left out");
    task.pipeline = p;
    v = compare_bundles(NULL, &task, &e);
    CHECK_OK(v != NULL, e);
    CHECK_INT(value_get_int(value_get(v, "certificate"), "seen_rows", -1), 0);
    value_free(v);
    TEST("the run being gone, the sketch in the model refuses the comparison");
    CHECK_OK(io_remove_tree(directory, &e), e);
    task.pipeline = q;
    CHECK(compare_bundles(NULL, &task, &e) == NULL);
    CHECK(strstr(e.message, "trained on") != NULL);
    bundle_unref(b);
    pipeline_unref(p);
    pipeline_unref(q);
    mem_free(directory);
}

static void check_lesson(void)
{
    TEST("distilling names the rows of valid and test that the teacher was trained on; a student has seen what its teacher saw");
    Error e = {0};
    char *directory = io_join(test_directory(), "taught"), *runs = io_join(test_directory(), "lessons");
    Pipeline *p = with_seed(3), *q = with_seed(99);
    Bundle *teacher = train(p, directory);
    DistillPlan *plan =
        help_plan(&distill_spec, "{\"student\":[{\"layer\":\"dense\",\"width\":3}],\"epochs\":1,\"batch\":64,\"seeds\":1,\"jobs\":1}");
    CallContext c = {.runs = runs};
    Distilled *d = NULL;
    CHECK_OK(call_distill(&c, q, plan, teacher, &d, &e), e);
    const Value *notes = value_get(d->result, "notes"), *seen = value_get(d->students[0]->facts, "trained_on");
    char *wanted = text_format("the teacher was trained on %zu of the ", count_shared(q, p));
    CHECK_INT(notes->size, 2);
    CHECK(text_starts(notes->items[1]->text, wanted));
    CHECK_INT(seen->size, 2);
    CHECK_INT(value_get(d->alone[0]->facts, "trained_on")->size, 1);
    mem_free(wanted);
    distilled_free(d);
    params_free(&distill_spec, plan);
    bundle_unref(teacher);
    pipeline_unref(p);
    pipeline_unref(q);
    mem_free(directory);
    mem_free(runs);
}

static void check_sets(void)
{
    TEST("a set of rows is the same after saving and loading; a damaged file is refused");
    Error e = {0};
    Pipeline *p = with_seed(3);
    Prepared *d = help_prepare(p);
    RowSet *s = row_set_make(table, d->raw[PART_TRAIN], "plan", &e);
    char a[HASH_ROOM], b[HASH_ROOM], *run = io_join(test_directory(), "sets");
    CHECK_OK(s != NULL && io_make_directory(run, &e) && row_set_save(s, run, &e), e);
    row_set_digest(s, a);
    CHECK_INT(s->row_count, d->raw[PART_TRAIN]->rows);
    CHECK_INT(s->unit_count, 3);
    char *path = text_format("%s/rows/%s.rows", run, a), *bytes = NULL;
    size_t size;
    RowSet *again = row_set_load(path, &e);
    CHECK_OK(again != NULL, e);
    row_set_digest(again, b);
    CHECK_TEXT(a, b);
    row_set_free(again);
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    for (size_t cut = 0; cut < size; cut += size / 13 + 1) {
        CHECK_OK(io_replace(path, bytes, cut, &e), e);
        CHECK(row_set_load(path, &e) == NULL);
    }
    mem_free(bytes);
    mem_free(path);
    mem_free(run);
    row_set_free(s);
    prepared_free(d);
    pipeline_unref(p);
}

/* A script that is killed runs again from its first line. */
static void check_replay(void)
{
    TEST("a run that goes on is answered what it was, and its looks are no new ones");
    char *runs = io_join(test_directory(), "replayed"), *run = io_join(test_directory(), "replayed/run"),
         *other = io_join(test_directory(), "replayed/other");
    Error e = {0};
    CHECK_OK(io_make_directory(runs, &e) && io_make_directory(run, &e) && io_make_directory(other, &e), e);
    Look look = {.runs = runs, .test = "0123abc", .by = "eval"}, elsewhere = {.runs = runs, .test = "4567def", .by = "eval"};
    looks_record(run);
    CHECK_INT(looks_count(runs, look.test), 0);
    CHECK_INT(looks_add(&look, 5), 1);
    CHECK_INT(looks_add(&elsewhere, 5), 1);
    looks_record(other); /* another script in between */
    CHECK_INT(looks_add(&look, 5), 2);
    looks_record(run);
    CHECK_INT(looks_count(runs, look.test), 0);
    CHECK_INT(looks_add(&look, 5), 1);
    CHECK_INT(looks_add(&elsewhere, 5), 1);
    CHECK_INT(looks_add(&look, 5), 3); /* where it was cut short */
    looks_record(NULL);
    CHECK_INT(looks_count(runs, look.test), 3);
    CHECK_INT(looks_count(runs, elsewhere.test), 1);
    CHECK_INT(looks_add(&look, 0), 0);
    CHECK_INT(looks_count(runs, look.test), 3);
    mem_free(runs);
    mem_free(run);
    mem_free(other);
}

static void check_looks(void)
{
    TEST("looks are counted on disk under the digest of the rows; without a directory in this process");
    char *runs = io_join(test_directory(), "looked");
    Look look = {.runs = runs, .test = "abc", .by = "eval"};
    CHECK_INT(looks_count(runs, "abc"), 0);
    CHECK_INT(looks_add(&look, 5), 1);
    CHECK_INT(looks_add(&look, 5), 2);
    look.test = "def";
    CHECK_INT(looks_add(&look, 5), 1);
    CHECK_INT(looks_count(runs, "abc"), 2);
    look.runs = NULL;
    CHECK_INT(looks_add(&look, 5), 1);
    CHECK_INT(looks_count(runs, "def"), 2);
    mem_free(runs);
}

static void check_duplicates(void)
{
    TEST("rows of another part that equal a training row are counted, whatever their key");
    static const int64_t keys[3][3] = {{1, 2, 3}, {4, 5, 0}, {6, 7, 8}};
    static const double values[3][3] = {{1, 2, 2}, {2, 9, 0}, {1, 1, 8}};
    static const size_t rows[] = {3, 2, 3};
    Error e = {0};
    Table *parts[PART_COUNT];
    for (int i = 0; i < PART_COUNT; i++) {
        parts[i] = table_new(rows[i]);
        table_add(parts[i], "id", ints(keys[i], rows[i]), &e);
        table_add(parts[i], "x", reals(values[i], rows[i]), &e);
    }
    size_t twins[PART_COUNT];
    Pipeline *plain = pipeline_new(parts[0], NULL, NULL), *keyed = pipeline_copy(plain);
    keyed->key = mem_strdup("id");
    CHECK_OK(duplicates_across_parts(keyed, parts, twins, &e), e);
    CHECK_INT(twins[PART_VALID], 1);
    CHECK_INT(twins[PART_TEST], 2);
    CHECK_OK(duplicates_across_parts(plain, parts, twins, &e), e);
    CHECK_INT(twins[PART_TEST], 0);

    TEST("a column that a step after the split leaves out does not count, unless another was made of it");
    Pipeline *kept = pipeline_with_split(plain, &plain->split), *dropped = help_add(pipeline_ref(kept), "drop", "{\"columns\":[\"id\"]}");
    Pipeline *derived = help_add(kept, "derive", "{\"name\":\"twice\",\"as\":\"id * 2\"}");
    derived = help_add(derived, "drop", "{\"columns\":[\"id\"]}");
    CHECK_OK(duplicates_across_parts(dropped, parts, twins, &e), e);
    CHECK_INT(twins[PART_TEST], 2);
    CHECK_OK(duplicates_across_parts(derived, parts, twins, &e), e);
    CHECK_INT(twins[PART_TEST], 0);
    pipeline_unref(plain);
    pipeline_unref(keyed);
    pipeline_unref(dropped);
    pipeline_unref(derived);
    for (int i = 0; i < PART_COUNT; i++)
        table_unref(parts[i]);
}

static void check_certificate(void)
{
    TEST("a certificate adds up: parts and rows left out are all rows");
    Error e = {0};
    Pipeline *p = with_seed(3);
    Value *c = certificate_of(NULL, p, &(SeenTask){.part = PART_TEST}, NULL, &e);
    CHECK_OK(c != NULL, e);
    int64_t rows = 0;
    for (int i = 0; i < PART_COUNT; i++)
        rows += value_get_int(value_get(c, part_name((Part)i)), "rows", 0);
    CHECK_INT(rows, (int64_t)table->rows);
    CHECK_TEXT(value_get_text(c, "unit", ""), "row");
    CHECK_INT(value_get_int(c, "in_two_parts", -1), 0);
    CHECK(value_get(c, "seen_rows") == NULL);
    Text text = {0};
    certificate_line(c, &text);
    CHECK(strstr(text_get(&text), "unit row; rows 2") != NULL && strstr(text_get(&text), "0 units in two parts; no row left out") != NULL);
    text_done(&text);
    value_free(c);
    pipeline_unref(p);
}

void unit_seen(void)
{
    help_register();
    table = help_table(300, 51);
    check_digests();
    check_sets();
    check_other_split();
    check_lesson();
    check_looks();
    check_replay();
    check_duplicates();
    check_certificate();
    table_unref(table);
}
