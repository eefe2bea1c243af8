/* A sample for the linter. */
const Loss loss_huber = {
    .size = 0,
};
