/* What a run was told of its environment: the file is refused with a sentence, or the script asks, and a second life hears the same. */
#include "script/script.h"
#include "tests/fuzz/fuzz.h"

static bool live(const char *run, const char *says, Error *e)
{
    int exit_code = 0;
    char *script = text_format("local out = {}\n"
                               "for i, name in ipairs { 'A', 'PATH', 'HOME', 'LIMBECK_FUZZ' } do\n"
                               "  local v = os.getenv(name)\n"
                               "  assert(v == nil or type(v) == 'string')\n"
                               "  out[i] = v and #v .. v or '-'\n"
                               "end\n"
                               "%s",
                               says);
    Journal *j = journal_open(run, e);
    if (!j)
        abort();
    ScriptRun r = {.path = "fuzz.lua", .text = script, .journal = j, .seed = UINT64_MAX, .threads = 1, .quiet = true};
    bool ok = script_run(&r, &exit_code, e);
    journal_free(j);
    mem_free(script);
    return ok && exit_code == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    fuzz_families();
    setenv("LIMBECK_FUZZ", "first", 1);
    fuzz_file("environment.json", data, size);
    bool ok = live(fuzz_directory(), "rawset(_G, 'told', table.concat(out, ' '))", &e);
    fuzz_check(ok, &e);
    if (ok) {
        setenv("LIMBECK_FUZZ", "second", 1);
        if (!live(fuzz_directory(), "assert(out[4] ~= '6second')", &e)) {
            fprintf(stderr, "%s\n", e.message);
            abort();
        }
    }
    return 0;
}
