/* A sample for the linter. */
long take(void)
{
    return time(NULL);
}
