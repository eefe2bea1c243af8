/* The journal of a script run: lines get their right CRC where they are JSON maps; then the script makes its calls again. */
#include "tests/fuzz/fuzz.h"

static void call(Journal *j)
{
    Error e = {0};
    char *directory = NULL;
    const Value *result = NULL;
    bool resumes = false;
    bool ok = journal_begin(j, "train", "abc", &directory, &result, &resumes, &e);
    fuzz_check(ok, &e);
    if (ok && !result) {
        Value *mine = value_map();
        ok = journal_end(j, mine, &e);
        fuzz_check(ok, &e);
        value_free(mine);
    }
    mem_free(directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text log = {0};
    fuzz_seal(data, size, &log);
    fuzz_file("journal.jsonl", text_get(&log), log.size);
    Journal *j = journal_open(fuzz_directory(), &e);
    fuzz_check(j, &e);
    for (int i = 0; j && i < 3; i++)
        call(j);
    journal_free(j);
    text_done(&log);
    return 0;
}
