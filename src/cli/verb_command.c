/* limbeck command (hidden): runs a command that a module defines. The request is on standard input, as the workbench writes it; prints the
 * answer as JSON, or what went wrong. A process that the workbench can kill. */
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "cli/cli.h"
#include "script/script.h"

enum { REQUEST_BYTES = 64 << 20 };

static int say(const Error *e)
{
    char line[1100];
    error_format(e, line, sizeof line);
    io_print(1, line);
    return error_exit_code(e);
}

static bool answer(Error *e)
{
    char *text = NULL;
    size_t size;
    Value *request = io_read_file("-", REQUEST_BYTES, &text, &size, e) ? json_parse(text, size, e) : NULL;
    Value *given = request ? script_command(request, e) : NULL;
    bool ok = given && json_can_hold(given, e);
    char *out = ok ? json_format(given, JSON_COMPACT) : NULL;
    ok = out && io_print(1, out);
    mem_free(out);
    mem_free(text);
    value_free(given);
    value_free(request);
    return ok;
}

static int command_run_verb(const CliCall *call, Error *e)
{
    (void)call;
    if (answer(e))
        return 0;
    int code = say(e);
    error_clear(e);
    return code ? code : 1;
}

const Verb verb_command = {
    .spec = {.name = "command", .doc = "run a command that a module defines; JSON on standard input", .group = "hidden"},
    .usage = "",
    .run = command_run_verb,
};
