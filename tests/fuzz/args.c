/* The options of a script: one word a line, against defaults of each type. */
#include "script/state.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char script[] = "local lb = require 'limbeck'\n"
                                 "local o = lb.args { flag = false, n = 3, x = 0.5, name = 'a', list = { 1, 2 }, seed = 7 }\n"
                                 "assert(type(o.flag) == 'boolean' and math.type(o.n) == 'integer' and math.type(o.x) == 'float')\n"
                                 "assert(type(o.name) == 'string' and type(o.list) == 'table' and math.type(o.seed) == 'integer')\n";
    Error e = {0};
    TextList words = {0};
    int exit_code = 0;
    fuzz_families();
    char *text = mem_strndup((const char *)data, size), *rest = text;
    for (char *word = strtok_r(rest, "\n", &rest); word; word = strtok_r(rest, "\n", &rest))
        text_list_add(&words, word);
    ScriptRun run = {.path = "fuzz.lua", .text = script, .arguments = &words, .seed = UINT64_MAX, .threads = 1, .describe = true};
    bool ok = script_run(&run, &exit_code, &e);
    fuzz_check(ok, &e);
    if (!ok && e.code != ERROR_USAGE) {
        fprintf(stderr, "%s\n", e.message);
        abort();
    }
    text_list_done(&words);
    mem_free(text);
    return 0;
}
