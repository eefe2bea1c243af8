/* Shuffled rows lie anywhere in memory: waiting for one at a time would take longer than copying them. */
#include "num/rows.h"

#include <string.h>

enum { AHEAD = 12, LINE_FLOATS = 16, MOST_LINES = 8 };

static void ask_for(const float *row, size_t width)
{
    for (size_t k = 0; k < width && k < (size_t)MOST_LINES * LINE_FLOATS; k += LINE_FLOATS)
        __builtin_prefetch(row + k);
}

void rows_gather(const float *from, size_t width, const uint32_t *rows, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            ask_for(from + rows[i + AHEAD] * width, width);
        memcpy(to + i * width, from + rows[i] * width, width * sizeof(float));
    }
}
