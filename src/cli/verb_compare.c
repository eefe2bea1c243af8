/* limbeck compare MODEL... | RUN...: models side by side, by what their files say: metrics, size, work; or runs, on the same rows. */
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"
#include "cli/compare_runs.h"
#include "learn/learn.h"
#include "run/run_dir.h"

/* Metrics of the part that the file knows best: test when it was consulted, else valid. */
static const Value *metrics_of_file(const Bundle *b, const char **part)
{
    static const char *const parts[] = {"test", "valid"};
    for (size_t i = 0; i < 2; i++) {
        const Value *m = value_get(b->facts, parts[i]);
        *part = parts[i];
        if (m && m->type == VALUE_MAP)
            return m;
    }
    return NULL;
}

static Value *row_of(const Bundle *b, const char *path)
{
    const char *part;
    const Value *m = metrics_of_file(b, &part);
    Value *row = value_map();
    char hash[HASH_ROOM];
    char *net = net_summary(model_layers(b->model), model_input(b->model), model_outputs(b->model));
    bundle_hash(b, hash);
    value_set(row, "file", value_text(path));
    value_set(row, "net", value_text(net));
    value_set(row, "target", value_text(b->target.name));
    value_set(row, "params", value_int(model_params(b->model)));
    value_set(row, "bytes", value_int(model_bytes(b->model)));
    value_set(row, "macs", value_int(model_macs(b->model)));
    value_set(row, "hash", value_text(hash));
    value_set(row, "part", value_text(part));
    value_set(row, "facts_are_hashed", value_flag(bundle_has_facts_hash(b)));
    for (size_t i = 0; m && i < metric_count(); i++) {
        const char *name = metric_at(i)->spec.name;
        if (!metric_at(i)->is_minor && value_get(m, name))
            value_set(row, name, value_copy(value_get(m, name)));
    }
    mem_free(net);
    return row;
}

static void add_cell(Text *out, const char *raw)
{
    enum { CELLS = 20 };
    Text text = {0};
    utf8_sanitize(&text, raw, strlen(raw));
    size_t size = utf8_fit(text_get(&text), CELLS);
    text.bytes[size] = 0;
    text_addf(out, "  %*s%s", (int)(CELLS - utf8_width(text.bytes)), "", text.bytes);
    text_done(&text);
}

static void print_line(const Value *rows, const char *name, bool counts, Text *out)
{
    char number[NUMBER_ROOM];
    text_addf(out, "%-12s", name);
    for (size_t i = 0; i < rows->size; i++) {
        const Value *v = value_get(rows->items[i], name);
        const char *text = !v                      ? "."
                           : v->type == VALUE_TEXT ? v->text
                           : counts                ? number_format_count(v->integer, number)
                                                   : number_format_fixed(value_number(v), 4, number);
        add_cell(out, text);
    }
    text_add_char(out, '\n');
}

static bool any_has(const Value *rows, const char *name)
{
    for (size_t i = 0; i < rows->size; i++)
        if (value_get(rows->items[i], name))
            return true;
    return false;
}

static void print_rows(const Value *rows, Text *out)
{
    static const char *const texts[] = {"file", "net", "target", "part"}, *const counts[] = {"params", "bytes", "macs"};
    for (int i = 0; i < 4; i++)
        print_line(rows, texts[i], false, out);
    for (size_t i = 0; i < metric_count(); i++)
        if (any_has(rows, metric_at(i)->spec.name))
            print_line(rows, metric_at(i)->spec.name, false, out);
    for (int i = 0; i < 3; i++)
        print_line(rows, counts[i], true, out);
    text_add(out, "Figures are those each file recorded on its own part; lb.compare in a script pairs them on the same rows.\n");
    for (size_t i = 0; i < rows->size; i++)
        if (!value_get_flag(rows->items[i], "facts_are_hashed", false)) {
            utf8_sanitize(out, value_get_text(rows->items[i], "file", ""), value_get(rows->items[i], "file")->size);
            text_add(out,
                     ": saved before figures had a hash: nothing shows that they are those of its training; train it again to have one.\n");
        }
}

static const char *const parts[] = {"train", "valid", "test", NULL};

static const Field fields[] = {
    {CHOICE_FIELD(CompareParams, on), .choices = parts, .doc = "of runs: the part whose rows are predicted; a look at test is counted",
     .def = "valid"},
    {TEXT_FIELD(CompareParams, data), .doc = "of runs: the table, where it is not where the first run read it", .def = ""},
    {0},
};

static int compare_run(const CliCall *call, Error *e)
{
    if (call->words->count && run_is_directory(call->words->items[0]))
        return compare_runs(call, e);
    Value *rows = value_list();
    Text out = {0};
    bool ok = call->words->count > 0 ||
              error_set(e, ERROR_USAGE, "compare needs models: limbeck compare teacher.safetensors student.safetensors");
    for (size_t i = 0; ok && i < call->words->count; i++) {
        Bundle *b = bundle_load(call->words->items[i], e);
        ok = b != NULL;
        if (b)
            value_add(rows, row_of(b, io_base_name(call->words->items[i])));
        bundle_unref(b);
    }
    if (ok && call->options->json)
        json_write(rows, JSON_PRETTY, &out);
    else if (ok)
        print_rows(rows, &out);
    if (ok)
        io_print(1, text_get(&out));
    text_done(&out);
    value_free(rows);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_compare = {
    .spec =
        {.name = "compare", .doc = "models or runs side by side", .group = "model", .params = fields, .params_size = sizeof(CompareParams)},
    .usage = "MODEL... | RUN RUN... [--on=valid|test] [--data=FILE] [--json]",
    .run = compare_run,
};
