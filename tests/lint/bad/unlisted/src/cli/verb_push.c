/* A sample for the linter. */
const Verb verb_push = {
    .size = 0,
};
