/* A sample for the linter. */
double take(const char *a)
{
    return strtod (a, NULL);
}
