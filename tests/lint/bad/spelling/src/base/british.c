/* A sample for the linter. */
/* The colour of a role. */
