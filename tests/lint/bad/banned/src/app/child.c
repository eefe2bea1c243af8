/* A sample for the linter. */
int take(void)
{
    return fork();
}
