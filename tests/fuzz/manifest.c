/* The manifest of a run: a JSON map gets its right CRC, so that damage reaches the check behind it. Whatever it says, each complaint is a
 * sentence, and nothing outside the run is read: a name with a slash is a missing file. */
#include "run/manifest.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text sealed = {0};
    TextList damage = {0};
    fuzz_file("run.json", "{\"format\":1,\"kind\":\"train\",\"name\":\"fuzz\"}\n", 43);
    fuzz_file("events.jsonl", "0123456789\n", 11);
    fuzz_seal(data, size, &sealed);
    const char *path = fuzz_file("manifest.json", text_get(&sealed), sealed.size);
    if (!manifest_check(fuzz_directory(), &damage))
        abort();
    for (size_t i = 0; i < damage.count; i++)
        if (!damage.items[i][0])
            abort();
    text_list_done(&damage);
    if (!manifest_write(fuzz_directory(), false, &e) || !manifest_check(fuzz_directory(), &damage) || damage.count) {
        fprintf(stderr, "%s %s\n", path, damage.count ? damage.items[0] : e.message);
        abort();
    }
    text_list_done(&damage);
    text_done(&sealed);
    return 0;
}
