/* A sample for the linter. */
const Sampler sampler_sobol = {
    .size = 0,
};
