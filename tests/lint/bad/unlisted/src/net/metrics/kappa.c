/* A sample for the linter. */
const Metric kappa_metric = {
    .size = 0,
};
