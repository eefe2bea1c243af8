/* A sample for the linter. */
const Layer layer_ok = {
    .size = 0,
};
