/* A sample for the linter. */
/* TODO: finish this */
