/* args.json of a run: what is accepted is a list of words, where they were given, and perhaps the name of a script. */
#include "run/worker.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    WorkerCard card;
    fuzz_file("args.json", data, size);
    bool ok = worker_read_card(fuzz_directory(), &card, &e);
    fuzz_check(ok, &e);
    if (ok && !card.directory)
        abort();
    for (size_t i = 0; ok && i < card.arguments.count; i++)
        if (!card.arguments.items[i])
            abort();
    worker_card_done(&card);
    return 0;
}
