/* A sample for the linter. */
void *take(size_t n)
{
    return malloc(n);
}
