/* A sample for the linter. */
const Layer layer_gelu = {
    .size = 0,
};
