/* A sample for the linter. */
const Reader xlsx_reader = {
    .size = 0,
};
