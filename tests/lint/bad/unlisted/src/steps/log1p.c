/* A sample for the linter. */
const Step log1p_step = {
    .effect = 0,
};
