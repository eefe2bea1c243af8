/* Work that an ended session left behind: any bytes in its slot are offered, and restored or refused with a sentence; then they are gone.
 */
#include <dirent.h>

#include "app/app.h"
#include "base/hash.h"
#include "script/script.h"
#include "tests/fuzz/fuzz.h"

/* Jobs run to their end inside app_poll; each may ask for another. */
static void settle(App *app)
{
    for (int i = 0; i < 8 || (i < 100 && !app_is_idle(app)); i++)
        app_poll(app);
}

static App *open_session(const AppHost *host, const char *state)
{
    Error e = {0};
    App *app = app_new(&(AppOptions){.runs = "runs", .state = state, .headless = true, .threads = 1}, host);
    char *file = io_join(fuzz_directory(), "t.csv");
    bool ok = app_open(app, file, &e);
    settle(app);
    if (!ok)
        abort();
    mem_free(file);
    return app;
}

/* The slot that the session on t.csv will look into. */
static void leave(const char *state, const uint8_t *data, size_t size)
{
    char hex[HASH_ROOM], *file = io_join(fuzz_directory(), "t.csv"), *real = io_real_path(file);
    Error e = {0};
    sha256_hex(real, strlen(real), hex);
    if (!io_make_directory(state, &e))
        abort();
    char *name = text_format("state/%.16s-0.lua", hex);
    fuzz_file(name, data, size);
    mem_free(name);
    mem_free(real);
    mem_free(file);
}

/* Work that was left is a generated script: it is read, and no process describes it. */
static char *describe_nothing(Job *job, const TextList *options, const char *path, const char *text, Error *e)
{
    (void)job, (void)options, (void)text;
    error_set(e, ERROR_FAILED, "%s: is not described here", path);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const AppHost host = {.describe = describe_nothing};
    static const char rows[] = "x,y\n1,a\n2,b\n3,a\n4,b\n";
    Error e = {0};
    AppLeft left;
    fuzz_families();
    fuzz_file("t.csv", rows, sizeof rows - 1);
    char *state = io_join(fuzz_directory(), "state");
    leave(state, data, size);
    App *app = open_session(&host, state);
    if (app_left_work(app, &left)) {
        bool ok = app_restore_work(app, &e);
        fuzz_check(ok, &e);
        settle(app);
        char *script = app_script(app);
        mem_free(script);
        bool is_error = false, is_refused = app_left_work(app, &left);
        if (is_refused && ok && !app_status(app, &is_error)[0])
            abort();
        if (is_refused)
            app_drop_work(app);
        if (app_left_work(app, &left))
            abort();
    }
    app_leave(app);
    app_free(app);
    io_remove_tree(state, &e);
    mem_free(state);
    return 0;
}
