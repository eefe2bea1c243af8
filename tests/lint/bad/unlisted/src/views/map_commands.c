/* A sample for the linter. */
#define MAP(id, text) \
    const Command command_map_##id = { .doc = text }

MAP(zoom, "nearer");
