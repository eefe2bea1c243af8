/* limbeck predict MODEL < rows.csv: one output row per input row. MODEL is a file or a run directory. */
#include <string.h>

#include "base/io.h"
#include "cli/model_input.h"
#include "table/reader.h"

typedef struct PredictParams {
    char *input, *output;
    TextList table;
    double threshold;
    bool strict, last;
} PredictParams;

static const Field fields[] = {
    {TEXT_FIELD(PredictParams, input), .doc = "rows to judge; - is standard input", .def = "-"},
    {TEXT_FIELD(PredictParams, output), .doc = "where to write; - is standard output", .def = "-"},
    {TEXTS_FIELD(PredictParams, table), .doc = "NAME=FILE: a table that the model reads beside the rows", .def = ""},
    {REAL_FIELD(PredictParams, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {FLAG_FIELD(PredictParams, last), .doc = "only the newest row of each series; the others are its past", .def = "false"},
    {FLAG_FIELD(PredictParams, strict), .doc = "exit with 3 when a row has a reason", .def = "false"},
    {0},
};

static Value *write_options(const CliCall *call, const char *to)
{
    Value *options = value_map();
    if (call->options->json && !table_has_ending(to))
        value_set(options, "writer", value_text("json"));
    return options;
}

static bool check_output(const char *model, const char *rows, const char *to, const Value *options, Error *e)
{
    if (!text_equal(to, "-") && (io_is_same_file(rows, to) || io_is_same_file(model, to)))
        return error_set(e, ERROR_USAGE, "%s is a file that is read; name another with -o", to);
    return table_check_path(to, options, e);
}

/* What is unusual about how the file was read. */
static void say_notes(const CliCall *call, const Table *rows)
{
    for (size_t i = 1; i < rows->notes.count && !call->options->quiet; i++)
        io_print_line(2, rows->notes.items[i]);
}

/* Rows with a reason; says so, with the first of them. */
static size_t say_reasons(const CliCall *call, const Table *out)
{
    const Column *reason = table_column(out, "reason"), *prediction = out->columns[out->columns_count - 2]; /* or one of several */
    size_t first = 0, given = out->rows - reason->missing, empty = prediction->missing;
    if (!given)
        return 0;
    while (!column_is_valid(reason, first))
        first++;
    const char *text = column_text(reason, first, NULL);
    char *line = empty ? text_format("%zu of %zu rows have no prediction%s; the first reason: row %zu: %s", empty, out->rows,
                                     given > empty ? ", others have a remark" : "", first + 1, text)
                       : text_format("%zu of %zu rows have a remark; the first: row %zu: %s", given, out->rows, first + 1, text);
    if (!call->options->quiet)
        io_print_line(2, line);
    mem_free(line);
    return given;
}

static int run(const CliCall *call, Error *e)
{
    const PredictParams *p = call->params;
    if (call->words->count < 1 || call->words->count > 2) {
        error_set(e, ERROR_USAGE, "predict needs a model: limbeck predict MODEL < rows.csv");
        return 2;
    }
    const char *input = call->words->count == 2 ? call->words->items[1] : p->input;
    Value *writing = write_options(call, p->output);
    Bundle *b = check_output(call->words->items[0], input, p->output, writing, e) ? cli_open_model(call->words->items[0], e) : NULL;
    Value *options = b ? bundle_read_options(b) : NULL;
    SideTables sides = {0};
    Table *rows = b && cli_read_tables(call->job, b, &p->table, &sides, e) ? table_read(call->job, input, options, e) : NULL;
    if (b && p->threshold > 0)
        b->threshold = p->threshold;
    Table *out = rows ? bundle_predict(call->job, b, &(PredictTask){.rows = rows, .sides = &sides, .last = p->last}, e) : NULL;
    bool ok = out && table_write(out, p->output, writing, e);
    if (ok)
        say_notes(call, rows);
    size_t reasons = ok ? say_reasons(call, out) : 0;
    value_free(writing);
    value_free(options);
    table_unref(out);
    table_unref(rows);
    side_tables_done(&sides);
    bundle_unref(b);
    if (!ok)
        return error_exit_code(e);
    return p->strict && reasons ? 3 : 0;
}

const Verb verb_predict = {
    .spec = {.name = "predict",
             .doc = "judge rows by a saved model",
             .group = "models",
             .params = fields,
             .params_size = sizeof(PredictParams)},
    .usage = "MODEL [ROWS] [--table NAME=FILE]... [-o OUTPUT] [--threshold P] [--last] [--strict] [--json]",
    .run = run,
};
