/* Numbers: what is accepted is rounded like the C library does it, and prints back to the same bits; readable ones are finite. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "table/number_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double x, back;
    NumberForm form;
    for (int way = 0; way < NUMBER_WAYS; way++)
        if (number_read((NumberWay)way, (const char *)data, size, &form) && !(isfinite(form.value) && isfinite(form.share)))
            abort();
    if (!number_parse_real((const char *)data, size, &x))
        return 0;
    char *text = mem_strndup((const char *)data, size), out[NUMBER_ROOM];
    double expected = strtod(text, NULL);
    number_format_real(x, out);
    if (memcmp(&x, &expected, sizeof x) != 0 || !number_parse_real(out, strlen(out), &back) || memcmp(&x, &back, sizeof x) != 0)
        abort();
    mem_free(text);
    return 0;
}
