/* Checks of layers of several inputs. */
#include "net/layers/joined.h"

bool joined_check_count(size_t count, Error *e)
{
    return count >= 2 || error_set(e, ERROR_USAGE, "it joins two values or more; name them, as from = { \"a\", \"b\" }");
}

bool joined_differ(const Shape *in, size_t k, const char *why, Error *e)
{
    char *first = shape_text(in[0]), *other = shape_text(in[k]);
    error_set(e, ERROR_USAGE, "its first value is %s, but value %zu is %s; %s", first, k + 1, other, why);
    mem_free(first);
    mem_free(other);
    return false;
}

bool joined_same_shape(const void *params, const Shape *in, size_t count, Shape *out, Error *e)
{
    (void)params;
    if (!joined_check_count(count, e))
        return false;
    for (size_t k = 1; k < count; k++)
        if (shape_is_vector(in[0]) != shape_is_vector(in[k]) || in[0].height != in[k].height || in[0].length != in[k].length ||
            in[0].channels != in[k].channels)
            return joined_differ(in, k, "they must be alike", e);
    *out = in[0];
    return true;
}
