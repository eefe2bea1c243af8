/* Packed numbers: shortest round trips between single blanks. */
#include "steps/packed.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

void packed_add(Text *out, double x)
{
    char number[NUMBER_ROOM];
    if (out->size)
        text_add_char(out, ' ');
    text_add(out, isnan(x) ? "-" : number_format_real(x, number));
}

size_t packed_count(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

bool packed_read(const char *text, double *out, size_t count, bool missing)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strcspn(text, " ");
        if (size == 1 && *text == '-' && missing)
            out[i] = (double)NAN;
        else if (!number_parse_real(text, size, &out[i]))
            return false;
        text += size + (text[size] == ' ');
    }
    return *text == '\0';
}
