/* The sanitizer: its output is valid UTF-8 without control bytes, and harmless text stays as it is the second time. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Text once = {0}, twice = {0};
    utf8_sanitize(&once, (const char *)data, size);
    utf8_sanitize(&twice, text_get(&once), once.size);
    if (!utf8_is_valid(text_get(&once), once.size) || once.size != strlen(text_get(&once)) ||
        !text_equal(text_get(&once), text_get(&twice)))
        abort();
    for (size_t i = 0; i < once.size; i++)
        if ((unsigned char)once.bytes[i] < 0x20 || once.bytes[i] == 0x7F)
            abort();
    text_done(&once);
    text_done(&twice);
    return 0;
}
