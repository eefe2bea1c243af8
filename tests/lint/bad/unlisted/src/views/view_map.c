/* A sample for the linter. */
const View view_map = {
    .size = 0,
};
