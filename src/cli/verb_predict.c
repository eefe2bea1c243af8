/* limbeck predict MODEL < rows.csv: one output row per input row. MODEL is a file or a run directory. */
#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "learn/learn.h"
#include "table/reader.h"

typedef struct PredictParams {
    char *input, *output;
    double threshold;
    bool strict;
} PredictParams;

static const Field fields[] = {
    {TEXT_FIELD(PredictParams, input), .doc = "rows to judge; - is standard input", .def = "-"},
    {TEXT_FIELD(PredictParams, output), .doc = "where to write; - is standard output", .def = "-"},
    {REAL_FIELD(PredictParams, threshold), .doc = "of the positive class; 0: the model's own", .def = "0", .min = 0, .max = 1},
    {FLAG_FIELD(PredictParams, strict), .doc = "exit with 3 when a row has a reason", .def = "false"},
    {0},
};

static Bundle *open_model(const char *path, Error *e)
{
    IoInfo info;
    if (!io_stat(path, &info) || !info.is_directory)
        return bundle_load(path, e);
    char *inside = io_join(path, "model.safetensors");
    Bundle *b = bundle_load(inside, e);
    mem_free(inside);
    return b;
}

static bool write_out(const CliCall *call, const PredictParams *p, const Table *t, Error *e)
{
    Value *options = NULL;
    if (call->options->json) {
        options = value_map();
        value_set(options, "writer", value_text("json"));
    } else if (text_equal(p->output, "-")) {
        options = value_map();
        value_set(options, "writer", value_text("csv"));
    }
    bool ok = table_write(t, p->output, options, e);
    value_free(options);
    return ok;
}

/* Rows with a reason; says so, with the first of them. */
static size_t say_reasons(const CliCall *call, const Table *out)
{
    const Column *reason = table_column(out, "reason"), *prediction = table_column(out, "prediction");
    size_t first = 0, given = out->rows - reason->missing, empty = prediction->missing;
    if (!given)
        return 0;
    while (!column_is_valid(reason, first))
        first++;
    Text said = {0};
    const char *text = column_text(reason, first, NULL);
    utf8_sanitize(&said, text, strlen(text));
    char *line = text_format("%zu of %zu rows have no prediction%s; the first reason: row %zu: %s\n", empty, out->rows,
                             given > empty ? ", others have a remark" : "", first + 1, text_get(&said));
    text_done(&said);
    if (!call->options->quiet)
        io_print(2, line);
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
    Bundle *b = open_model(call->words->items[0], e);
    Value *options = b ? bundle_read_options(b) : NULL;
    Table *rows = b ? table_read(call->job, input, options, e) : NULL;
    if (b && p->threshold > 0)
        b->threshold = p->threshold;
    Table *out = rows ? bundle_predict(call->job, b, rows, e) : NULL;
    bool ok = out && write_out(call, p, out, e);
    size_t reasons = ok ? say_reasons(call, out) : 0;
    value_free(options);
    table_unref(out);
    table_unref(rows);
    bundle_unref(b);
    if (!ok)
        return error_exit_code(e);
    return p->strict && reasons ? 3 : 0;
}

const Verb verb_predict = {
    .spec = {.name = "predict", .doc = "judge rows by a saved model", .group = "models", .params = fields, .params_size = sizeof(PredictParams)},
    .usage = "MODEL [ROWS] [-o OUTPUT] [--threshold P] [--strict] [--json]",
    .run = run,
};
