/* A sample for the linter. */
const Step cleaner = {
    .size = 0,
};
