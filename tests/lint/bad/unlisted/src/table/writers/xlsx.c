/* A sample for the linter. */
const Writer xlsx_writer = {
    .size = 0,
};
