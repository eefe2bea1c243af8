/* limbeck describe PATH (hidden): the script on standard input is run without training, in the sandbox, for the session it describes;
 * prints that as a generated script, or what went wrong. The workbench starts it, as a process that it can kill. */
#include "base/io.h"
#include "base/proc.h"
#include "cli/cli.h"
#include "script/script.h"

enum { SCRIPT_BYTES = 16 << 20 };

static int say(const Error *e)
{
    char line[1100];
    error_format(e, line, sizeof line);
    io_print(1, line);
    return error_exit_code(e);
}

static void give_up(void *self, const Error *why)
{
    (void)self;
    Error stopped = {0};
    error_set(&stopped, ERROR_CANCELED, "the script was stopped; it did not end by itself");
    proc_exit(say(why ? why : &stopped));
}

static bool describe(const CliCall *call, const char *text, Error *e)
{
    const CliOptions *o = call->options;
    ScriptRun run = {.path = call->words->items[0],
                     .text = text,
                     .trust = o->trust ? TRUST_ALL : TRUST_SANDBOXED,
                     .memory = o->script_memory,
                     .seconds = o->script_seconds,
                     .give_up = give_up};
    Text out = {0};
    Document *d = script_describe(&run, e);
    bool ok = d && (d->pipeline->file ||
                    error_set(e, ERROR_FAILED, "%s: its table is made by steps of its own, and no file holds it; `limbeck run` runs it",
                              run.path));
    if (ok)
        document_to_script(d, &out);
    ok = ok && io_print_bytes(1, text_get(&out), out.size);
    document_unref(d);
    text_done(&out);
    return ok;
}

static int describe_run(const CliCall *call, Error *e)
{
    char *text = NULL;
    size_t size;
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "describe: which script?");
        return 2;
    }
    bool ok = io_read_file("-", SCRIPT_BYTES, &text, &size, e) && describe(call, text, e);
    mem_free(text);
    if (ok)
        return 0;
    int code = say(e);
    error_clear(e);
    return code ? code : 1;
}

const Verb verb_describe = {
    .spec = {.name = "describe", .doc = "the session that a script describes, as a generated script", .group = "hidden"},
    .usage = "PATH",
    .takes_signals = true,
    .run = describe_run,
};
