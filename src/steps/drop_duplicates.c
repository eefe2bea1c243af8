/* drop_duplicates: keep one of the rows that agree in all or in chosen columns. */
#include "steps/tools.h"

enum { KEEP_FIRST, KEEP_LAST };

typedef struct Duplicates {
    TextList columns;
    int keep;
} Duplicates;

static const char *const keep_choices[] = {"first", "last", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Duplicates, columns), .doc = "columns that must agree; all includes key and target", .def = "all", .positional = true},
    {CHOICE_FIELD(Duplicates, keep), .doc = "which of them stays", .def = "first", .choices = keep_choices},
    {0},
};

/* Cells with their sizes: no two different rows share this text. */
static void row_text(const Table *t, const int *columns, size_t count, size_t row, Text *out)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        const Column *c = t->columns[columns[i]];
        size_t before = out->size;
        text_add_char(out, column_is_valid(c, row) ? '+' : '-');
        column_format_key(c, row, out);
        text_addf(out, ":%zu;", out->size - before);
    }
}

static size_t unique_rows(const Table *t, const int *columns, size_t count, int keep, size_t *rows)
{
    Dictionary *seen = dictionary_new();
    Text text = {0};
    size_t kept = 0;
    for (size_t i = 0; i < t->rows; i++) {
        size_t row = keep == KEEP_FIRST ? i : t->rows - 1 - i;
        uint32_t before = dictionary_count(seen);
        row_text(t, columns, count, row, &text);
        if (dictionary_add(seen, text_get(&text), text.size) == before)
            rows[kept++] = row;
    }
    for (size_t i = 0; keep == KEEP_LAST && i < kept / 2; i++) {
        size_t swap = rows[i];
        rows[i] = rows[kept - 1 - i];
        rows[kept - 1 - i] = swap;
    }
    text_done(&text);
    dictionary_unref(seen);
    return kept;
}

static bool drop_duplicates_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Duplicates *p = in->params;
    int *columns = NULL;
    size_t count;
    StepInput open = *in;
    Roles none = {.target = in->roles ? in->roles->target : NULL};
    bool all = p->columns.count == 1 && text_equal(p->columns.items[0], "all");
    if (all)
        none.target = NULL;
    open.roles = &none;
    if (!job_go_on(job, e) || !tools_select(&open, &p->columns, &columns, &count, e))
        return false;
    size_t *rows = mem_try_alloc(in->rows->rows + 1, sizeof *rows, e);
    size_t kept = rows ? unique_rows(in->rows, columns, count, p->keep, rows) : 0;
    if (kept < in->rows->rows)
        tools_note(in, "%zu of %zu rows agree with another one and are dropped", in->rows->rows - kept, in->rows->rows);
    if (rows)
        *out = kept == in->rows->rows ? table_ref(in->rows) : table_select(in->rows, rows, kept, e);
    mem_free(rows);
    mem_free(columns);
    return *out != NULL;
}

static const Example examples[] = {
    {"{}", "a,b\n1,x\n1,x\n1,y\n1,x\n", "a,b\n1,x\n1,y\n"},
    {"{\"columns\": [\"a\"], \"keep\": \"last\"}", "a,b\n1,x\n2,x\n1,y\n", "a,b\n2,x\n1,y\n"},
    {"{\"keep\": \"none\"}", "a\n1\n", "error: keep has no choice"},
};

const Step step_drop_duplicates = {
    .spec = {.name = "drop_duplicates",
             .doc = "keep one of the rows that are the same",
             .group = "rows",
             .params = params,
             .params_size = sizeof(Duplicates),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_DROPS_ROWS,
    .compares_rows = true,
    .apply = drop_duplicates_apply,
};
