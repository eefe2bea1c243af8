/* From argv to a verb, and from an Error to one line and an exit code. */
#include "cli/cli.h"

#include <string.h>

#include "base/io.h"
#include "base/proc.h"
#include "base/thread.h"
#include "cli/options.h"
#include "script/script.h"
#include "run/run_dir.h"
#include "spec/faces.h"

static const char usage_text[] = "limbeck: from a raw table to a small, proven, deployable neural network\n\n"
                                 "  limbeck churn.csv                     open the workbench on a table\n"
                                 "  limbeck run SCRIPT.lua [--key=value]  run a script; --ui opens the workbench on it\n"
                                 "  limbeck watch RUN                     follow a run, from any terminal\n"
                                 "  limbeck profile FILE                  what is in a table\n"
                                 "  limbeck predict MODEL < rows.csv      apply a model with its pipeline\n\n"
                                 "Verbs: ";

/* Verbs are declared in snake_case like all else and typed with dashes. */
static void add_dashed(const char *name, Text *out)
{
    for (; *name; name++)
        text_add_char(out, *name == '_' ? '-' : *name);
}

static void print_usage(void)
{
    Text out = {0};
    text_add(&out, usage_text);
    const Family *verbs = verb_family();
    size_t column = 7;
    for (size_t i = 0; i < verbs->count; i++) {
        if (text_equal(verbs->members[i]->group, "hidden"))
            continue;
        size_t size = strlen(verbs->members[i]->name) + 1;
        if (column + size > 78) {
            text_add(&out, "\n       ");
            column = 7;
        }
        add_dashed(verbs->members[i]->name, &out);
        text_add_char(&out, ' ');
        column += size;
    }
    text_add(&out, "\n`limbeck help NAME` explains a verb, a step, a layer or any other word. Manual: man limbeck.\n");
    io_print(1, text_get(&out));
    text_done(&out);
}

static void print_verb(const Verb *verb)
{
    Text out = {0};
    text_add(&out, "limbeck ");
    add_dashed(verb->spec.name, &out);
    text_addf(&out, " %s\n\n", verb->usage ? verb->usage : "");
    face_help(verb_family(), &verb->spec, &out);
    io_print(1, text_get(&out));
    text_done(&out);
}

int cli_report(const Error *e)
{
    io_print_error(e);
    return e->code == ERROR_CANCELED && proc_signal() ? 128 + proc_signal() : error_exit_code(e);
}

static int run_verb(const CliLine *line, Error *e)
{
    Job job = {.threads = line->options.threads ? (int)line->options.threads : thread_cores()};
    if (line->options.seed >= 0)
        job.seed = (uint64_t)line->options.seed;
    if (!line->verb->takes_signals)
        proc_end_on_signals();
    CliCall call = {&line->options, line->params, &line->words, &job};
    return line->verb->run(&call, e);
}

static int dispatch(const CliLine *line, Error *e)
{
    if (line->version) {
        io_print(1, "limbeck " LIMBECK_VERSION "\n");
        return 0;
    }
    if (line->help) {
        if (line->verb)
            print_verb(line->verb);
        else
            print_usage();
        return 0;
    }
    if (line->verb)
        return run_verb(line, e);
    return cli_workbench(line, e);
}

int cli_main(int argc, char **argv)
{
    CliLine line;
    Error e = {0};
    int code = 0;
    proc_reexec_with_single_blas(argv);
    proc_catch_signals();
    families_register();
    bool parsed = cli_parse(argc, argv, &line, &e);
    script_host_modules(line.options.script_memory, line.options.script_seconds);
    if (line.options.read_only)
        run_watch_only();
    if (parsed)
        code = dispatch(&line, &e);
    if (e.code == ERROR_NONE && code == 0 && !(line.verb && line.verb->prints_log))
        io_print_failed(&e);
    cli_line_done(&line);
    return e.code != ERROR_NONE ? cli_report(&e) : code;
}
