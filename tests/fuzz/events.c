/* Events of a run: each line that is a JSON map gets its right CRC, so that damage reaches the viewer behind it; the rest stays as it is.
 * The tail reads in two parts, as a viewer that comes again, and the check of runs reads all. */
#include "run/tail.h"
#include "run/verify.h"
#include "tests/fuzz/fuzz.h"

static void look(const char *run)
{
    Error e = {0};
    Tail *t = tail_open(run, &e);
    if (!t)
        abort();
    tail_poll(t, true, &e);
    for (size_t i = 0; i < t->series_count; i++)
        if (t->series[i].count && tail_series(t, t->series[i].name) == NULL)
            abort();
    tail_main(t);
    tail_has_ended(t);
    tail_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char card[] = "{\"format\":1,\"kind\":\"train\",\"name\":\"fuzz\"}";
    Error e = {0};
    Text log = {0};
    Value *report = NULL;
    fuzz_file("run.json", card, sizeof card - 1);
    fuzz_seal(data, size, &log);
    const char *path = fuzz_file("events.jsonl", text_get(&log), log.size / 2);
    Tail *t = tail_open(fuzz_directory(), &e);
    if (!t)
        abort();
    tail_poll(t, false, &e);
    fuzz_write(path, text_get(&log), log.size);
    tail_poll(t, false, &e);
    tail_free(t);
    look(fuzz_directory());
    if (!verify_tree(fuzz_directory(), &report, &e))
        abort();
    value_free(report);
    text_done(&log);
    return 0;
}
