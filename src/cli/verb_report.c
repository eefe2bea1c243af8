/* limbeck report RUN -o FILE: what a run was, for people and for other programs. The ending of the file says in which form. */
#include <string.h>

#include "app/run_report.h"
#include "app/tensorboard.h"
#include "base/io.h"
#include "base/json.h"
#include "cli/cli.h"

typedef struct ReportParams {
    char *output;
} ReportParams;

static const Field fields[] = {
    {TEXT_FIELD(ReportParams, output), .doc = "file to write: .html .md .json .csv or NAME.tfevents; -: standard output", .def = "-"},
    {0},
};

static void write_json(const RunReport *r, Text *out)
{
    Value *v = run_report_json(r);
    json_write(v, JSON_PRETTY, out);
    text_add_char(out, '\n');
    value_free(v);
}

static void write_events(const RunReport *r, Text *out)
{
    tensorboard_write(r->training, out);
}

typedef void ReportForm(const RunReport *r, Text *out);

static ReportForm *find_form(const char *output, bool json, Error *e)
{
    static const struct {
        const char *ending;
        ReportForm *write;
    } forms[] = {{".html", run_report_html}, {".md", run_report_markdown}, {".json", write_json}, {".csv", run_report_csv}};
    if (text_equal(output, "-"))
        return json ? write_json : run_report_markdown;
    if (strstr(io_base_name(output), "tfevents"))
        return write_events;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (text_ends(output, forms[i].ending))
            return forms[i].write;
    error_set(e, ERROR_USAGE, "%s: a report ends in .html, .md, .json or .csv, or has tfevents in its name", output);
    return NULL;
}

static int report_run(const CliCall *call, Error *e)
{
    const ReportParams *p = call->params;
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "report: which run? limbeck report RUN -o report.html");
        return 2;
    }
    RunReport r = {0};
    Text out = {0};
    ReportForm *form = find_form(p->output, call->options->json, e);
    bool ok = form && run_report_open(&r, call->words->items[0], e);
    if (ok) {
        form(&r, &out);
        ok = text_equal(p->output, "-") ? io_print(1, text_get(&out)) : io_save(p->output, text_get(&out), out.size, e);
    }
    text_done(&out);
    run_report_done(&r);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_report = {
    .spec = {.name = "report",
             .doc = "what a run was: a page, Markdown, JSON, CSV or events",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(ReportParams)},
    .usage = "RUN [-o report.html|.md|.json|.csv|NAME.tfevents] [--json]",
    .run = report_run,
};
