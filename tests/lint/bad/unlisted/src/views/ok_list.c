/* A sample for the linter. */
static const View *const all[] = { &view_mapped };
