/* A sample for the linter. */
const Optimizer optimizer_lion = {
    .size = 0,
};
