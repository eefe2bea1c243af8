/* A sample for the linter. */
void copy(char *a, const char *b)
{
    strcpy(a, b);
}
