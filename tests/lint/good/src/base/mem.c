/* A sample for the linter. */
#include "base/fine.h"

void *take(size_t n)
{
    return malloc(n); /* open(1) is only mentioned, and "{" too */
}
