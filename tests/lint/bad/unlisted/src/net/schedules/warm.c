/* A sample for the linter. */
const Schedule schedule_warm = {
    .size = 0,
};
