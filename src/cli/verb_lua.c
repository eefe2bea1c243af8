/* limbeck lua: an interpreter with the module `limbeck` beside. */
#include "cli/cli.h"
#include "script/script.h"

static int lua_run(const CliCall *call, Error *e)
{
    (void)e;
    const CliOptions *o = call->options;
    ScriptRun limits = {.trust = o->sandbox ? TRUST_SANDBOXED
                                 : o->trust ? TRUST_ALL
                                            : TRUST_NAMED,
                        .memory = o->script_memory,
                        .seconds = o->script_seconds};
    return script_interpreter((int)call->words->count, call->words->items, &limits);
}

const Verb verb_lua = {
    .spec = {.name = "lua", .doc = "Lua interpreter and prompt with limbeck's words", .group = "scripts"},
    .usage = "[-e TEXT] [-l MODULE] [-i] [-v] [SCRIPT|-] [ARGUMENTS...]",
    .passes_options = true,
    .takes_signals = true,
    .run = lua_run,
};
