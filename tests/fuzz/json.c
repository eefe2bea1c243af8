/* JSON: whatever is accepted is written, and what is read back is written the same. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Value *v = json_parse((const char *)data, size, &e);
    if (!v)
        return 0;
    char *text = json_format(v, JSON_CANONICAL);
    Value *again = json_parse(text, strlen(text), &e);
    char *second = again ? json_format(again, JSON_CANONICAL) : NULL;
    if (!second || strcmp(text, second) != 0)
        abort();
    mem_free(second);
    mem_free(text);
    value_free(v);
    value_free(again);
    return 0;
}
