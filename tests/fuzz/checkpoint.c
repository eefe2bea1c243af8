/* Checkpoints. Bytes that begin with a brace are the header and, behind a NUL, the parts: magic, sizes and hash are made to fit. */
#include "base/hash.h"
#include "tests/fuzz/fuzz.h"

static void build(const uint8_t *data, size_t size, Text *out)
{
    const uint32_t order = 0x01020304, version = 1;
    const uint8_t *nul = memchr(data, 0, size);
    uint64_t length = nul ? (uint64_t)(nul - data) : size;
    char hex[HASH_ROOM];
    text_add_bytes(out, "LIMBCKPT", 8);
    text_add_bytes(out, &order, sizeof order);
    text_add_bytes(out, &version, sizeof version);
    text_add_bytes(out, &length, sizeof length);
    text_add_bytes(out, data, (size_t)length);
    if (nul)
        text_add_bytes(out, nul + 1, size - (size_t)length - 1);
    sha256_hex(out->bytes, out->size, hex);
    text_add(out, hex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Text file = {0};
    char weights[16];
    Blob blobs[] = {{"weights", weights, sizeof weights}};
    if (size && data[0] == '{')
        build(data, size, &file);
    else
        text_add_bytes(&file, data, size);
    char *directory = io_join(fuzz_directory(), "checkpoints");
    io_make_directory(directory, &e);
    bool ok = run_checkpoint_verify(fuzz_file("checkpoints/00000001.checkpoint", text_get(&file), file.size), &e);
    fuzz_check(ok, &e);
    for (size_t count = 0; count < 2; count++) {
        Value *meta = NULL;
        bool loaded = run_checkpoint_load(fuzz_directory(), NULL, &meta, blobs, count, &e);
        fuzz_check(loaded, &e);
        value_free(meta); /* of one that is refused it names the damaged ones */
        if (loaded && !ok)
            abort();
    }
    text_done(&file);
    mem_free(directory);
    return 0;
}
