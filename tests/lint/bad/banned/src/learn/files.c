/* A sample for the linter. */
int take(void)
{
    return open("x", 0);
}
