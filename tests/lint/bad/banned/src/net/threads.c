/* A sample for the linter. */
int take(void)
{
    return pthread_create(NULL, NULL, NULL, NULL);
}
