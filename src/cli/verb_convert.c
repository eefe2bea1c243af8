/* limbeck convert IN -o OUT: from one kind of file to another; - is standard input or output. */
#include <string.h>

#include "base/io.h"
#include "cli/cli.h"
#include "table/reader.h"

typedef struct ConvertParams {
    char *output, *writer;
    Value *read, *write;
    bool strict, spreadsheet_safe;
} ConvertParams;

static const Field fields[] = {
    {TEXT_FIELD(ConvertParams, output), .doc = "file to write; - is standard output", .def = "-"},
    {TEXT_FIELD(ConvertParams, writer), .doc = "csv, json or jsonl; empty: by the ending of the output", .def = ""},
    {VALUE_FIELD(ConvertParams, read), .doc = "options of the reader, as JSON", .is_map = true, .def = ""},
    {VALUE_FIELD(ConvertParams, write), .doc = "options of the writer, as JSON", .is_map = true, .def = ""},
    {FLAG_FIELD(ConvertParams, spreadsheet_safe), .doc = "CSV: a ' before texts that a spreadsheet would run", .def = "false"},
    {FLAG_FIELD(ConvertParams, strict), .doc = "exit 3 when a row could not be read", .def = "false"},
    {0},
};

/* Rows left out and whatever else is unusual; a plain file is converted in silence. */
static void say_notes(const CliCall *call, const char *path, const Table *t)
{
    for (size_t i = 0; i < t->notes.count && t->notes.count > 1 && !call->options->quiet; i++) {
        char *line = text_format("%s: %s", path, t->notes.items[i]);
        io_print_line(2, line);
        mem_free(line);
    }
}

/* What opens such a file may be a spreadsheet, and run what it finds in a cell. */
static void say_formulas(const CliCall *call, const Table *t, const Value *options)
{
    const ConvertParams *p = call->params;
    Error ignored = {0};
    const Writer *w = table_find_writer(p->output, options, &ignored);
    size_t count = w == &csv_writer && !value_get_flag(options, "spreadsheet_safe", false) ? csv_count_formulas(t) : 0;
    char *line = text_format("%s: %zu text%s with one of = + - @, a tab or CR: a spreadsheet may run %s; --spreadsheet-safe marks %s",
                             text_equal(p->output, "-") ? "output" : p->output, count, count == 1 ? " begins" : "s begin",
                             count == 1 ? "it" : "them", count == 1 ? "it" : "them");
    if (count && !call->options->quiet)
        io_print_line(2, line);
    mem_free(line);
}

static bool check_output(const char *from, const char *to, const Value *options, Error *e)
{
    if (!text_equal(to, "-") && io_is_same_file(from, to))
        return error_set(e, ERROR_USAGE, "%s is the file that is read; name another with -o", to);
    return table_check_path(to, options, e);
}

static int run(const CliCall *call, Error *e)
{
    const ConvertParams *p = call->params;
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "convert needs a file: limbeck convert IN -o OUT");
        return 2;
    }
    const char *path = call->words->items[0];
    Value *options = p->write ? value_copy(p->write) : value_map();
    if (p->writer && *p->writer)
        value_set(options, "writer", value_text(p->writer));
    else if (call->options->json && !table_has_ending(p->output))
        value_set(options, "writer", value_text("json"));
    if (p->spreadsheet_safe)
        value_set(options, "spreadsheet_safe", value_flag(true));
    Table *t = check_output(path, p->output, options, e) ? table_read(call->job, path, p->read, e) : NULL;
    if (t)
        say_notes(call, path, t);
    bool ok = t && table_write(t, p->output, options, e), lost = ok && t->rejects_count > 0;
    if (ok)
        say_formulas(call, t, options);
    value_free(options);
    table_unref(t);
    return !ok ? error_exit_code(e) : lost && p->strict ? 3 : 0;
}

const Verb verb_convert = {
    .spec = {.name = "convert",
             .doc = "read a table and write it as another kind of file",
             .group = "data",
             .params = fields,
             .params_size = sizeof(ConvertParams)},
    .usage = "IN -o OUT [--writer csv|json|jsonl] [--read JSON] [--write JSON] [--spreadsheet-safe] [--strict]",
    .run = run,
};
