/* Files of a run that may stand in the runs above it. */
#include "base/io.h"
#include "run/run_dir.h"

enum { LEVELS = 8, SCRIPT_BYTES = 1 << 20 };

static bool is_there(const char *file)
{
    IoInfo info;
    return io_stat(file, &info) && info.is_regular;
}

char *run_file_above(const char *path, const char *name)
{
    char *at = io_absolute(path), *found = NULL;
    bool is_top = false;
    for (int i = 0; i < LEVELS && !found && !is_top; i++) {
        char *file = io_join(at, name), *script = io_join(at, "script.lua"), *above = io_directory(at);
        is_top = is_there(script);
        if (is_there(file))
            found = file;
        else
            mem_free(file);
        mem_free(script);
        mem_free(at);
        at = above;
    }
    mem_free(at);
    return found;
}

char *run_script_text(const char *path)
{
    char *file = io_join(path, "script.lua"), *bytes = NULL;
    size_t size;
    Error ignored = {0};
    if (is_there(file))
        io_read_file(file, SCRIPT_BYTES, &bytes, &size, &ignored);
    mem_free(file);
    return bytes;
}
