/* A spread that does not say what it is. */
const char *view_spread(void)
{
    return "%.4f \u00b1%.4f";
}
