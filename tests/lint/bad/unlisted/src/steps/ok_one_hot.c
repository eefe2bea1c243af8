/* A sample for the linter. */
const Step one_hot_step = {
    .effect = 0,
};
