/* limbeck stubs: definitions for editors, on stdout. */
#include "base/io.h"
#include "cli/cli.h"
#include "script/script.h"

static int stubs_run(const CliCall *call, Error *e)
{
    (void)call, (void)e;
    Text out = {0};
    script_write_stubs(&out);
    io_print(1, text_get(&out));
    text_done(&out);
    return 0;
}

const Verb verb_stubs = {
    .spec = {.name = "stubs", .doc = "Lua definitions for editors, from the declarations", .group = "scripts"},
    .usage = "> lua/meta/limbeck.d.lua",
    .run = stubs_run,
};
