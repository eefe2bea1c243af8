/* gzip: damaged and cut streams end in an error or within the limit; what we pack comes back. */
#include "table/readers/gzip.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1 << 20 };

static void unpack(const uint8_t *data, size_t size, bool partial)
{
    Error e = {0};
    char *out = NULL;
    size_t out_size = 0;
    bool ok = gzip_unpack("fuzz.gz", data, size, (GzipLimit){.size = MOST, .ratio = 1000, .partial = partial}, &out, &out_size, &e);
    fuzz_check(ok, &e);
    if (ok && out_size > MOST)
        abort();
    if (ok)
        mem_free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    char *packed = NULL, *back = NULL;
    size_t packed_size = 0, back_size = 0;
    unpack(data, size, false);
    unpack(data, size, true);
    if (!gzip_pack((const char *)data, size, &packed, &packed_size, &e) ||
        !gzip_unpack("again.gz", (const uint8_t *)packed, packed_size, (GzipLimit){.size = MOST, .ratio = 1000}, &back, &back_size, &e) ||
        back_size != size || (size && memcmp(back, data, size) != 0))
        abort();
    mem_free(packed);
    mem_free(back);
    return 0;
}
