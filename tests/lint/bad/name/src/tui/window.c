/* A sample for the linter. */
static void refresh(void)
{
}
