/* Which files a script may open, and how much it may use: by how far it is trusted. A path is judged by where it leads. */
#include <string.h>

#include "base/io.h"
#include "base/proc.h"
#include "script/state.h"

struct Access {
    TextList folders; /* real paths */
    TextList shipped; /* to be read only */
    TextList own;     /* files that the program made for it */
};

enum { SANDBOX_MEMORY = 2048, SANDBOX_SECONDS = 60 };

/* By trust: are all paths open, or those below the folders. */
typedef enum Reach { BELOW, ANYWHERE } Reach;
static const Reach reaches[][4] = {
    [TRUST_NAMED] = {ANYWHERE, ANYWHERE, BELOW, BELOW},
    [TRUST_RESUMED] = {ANYWHERE, BELOW, BELOW, BELOW},
    [TRUST_SANDBOXED] = {BELOW, BELOW, BELOW, BELOW},
    [TRUST_ALL] = {ANYWHERE, ANYWHERE, ANYWHERE, ANYWHERE},
};

bool access_is_sandboxed(ScriptTrust trust)
{
    return trust == TRUST_SANDBOXED;
}

int64_t access_memory(const ScriptRun *run)
{
    return run->memory > 0 ? run->memory : access_is_sandboxed(run->trust) ? SANDBOX_MEMORY : (int64_t)(proc_memory() >> 21);
}

int64_t access_seconds(const ScriptRun *run)
{
    return run->seconds > 0 ? run->seconds : access_is_sandboxed(run->trust) ? SANDBOX_SECONDS : 0;
}

static void add_folder(TextList *list, const char *path)
{
    char *real = path ? io_real_path(path) : NULL;
    if (real && !text_list_has(list, real))
        text_list_add(list, real);
    mem_free(real);
}

static void add_shipped(Access *a, const char *name)
{
    char *path = io_find_shared(name);
    add_folder(&a->shipped, path);
    mem_free(path);
}

static bool may_read(void *self, const char *path, Error *e)
{
    return access_may(self, path, ACCESS_READ, e);
}

void access_open(ScriptState *s)
{
    Access *a = MEM_NEW(Access);
    const ScriptTrust trust = s->run.trust;
    if (trust != TRUST_RESUMED && !s->run.alone)
        add_folder(&a->folders, s->directory);
    if (!access_is_sandboxed(trust))
        add_folder(&a->folders, s->run.folder ? s->run.folder : ".");
    if (s->run.journal)
        add_folder(&a->folders, s->run.journal->path);
    if (!s->run.alone) {
        add_shipped(a, "sample_data");
        add_shipped(a, "lua");
    }
    s->access = a;
    if (reaches[trust][ACCESS_READ] != ANYWHERE) {
        s->job->may_read = may_read;
        s->job->asker = s;
    }
}

void access_close(ScriptState *s)
{
    if (!s->access)
        return;
    text_list_done(&s->access->folders);
    text_list_done(&s->access->shipped);
    text_list_done(&s->access->own);
    mem_free(s->access);
}

void access_folder(ScriptState *s, const char *path)
{
    add_folder(&s->access->folders, path);
}

void access_own(ScriptState *s, const char *path)
{
    add_folder(&s->access->own, path);
}

static bool lies_below(const TextList *folders, const char *path)
{
    for (size_t i = 0; i < folders->count; i++) {
        const char *folder = folders->items[i];
        size_t size = strlen(folder);
        if (text_starts(path, folder) && (path[size] == '/' || path[size] == '\0' || text_equal(folder, "/")))
            return true;
    }
    return false;
}

/* Files that are doors to the system, whatever folder is open. */
static bool is_system(const char *path)
{
    return text_starts(path, "/proc/") || text_starts(path, "/sys/") || text_starts(path, "/dev/");
}

static bool refuse(const ScriptState *s, const char *path, AccessKind kind, Error *e)
{
    bool writes = kind == ACCESS_WRITE || kind == ACCESS_FILE_WRITE;
    if (s->run.describe && writes)
        return error_set(e, ERROR_FAILED, "a script that is only shown removes, renames and writes no file; `limbeck run` runs it");
    Text folders = {0};
    for (size_t i = 0; i < s->access->folders.count; i++)
        text_addf(&folders, "%s%s", i ? " and " : "", s->access->folders.items[i]);
    error_set(e, ERROR_FAILED, "%s may not %s %s: open to it is what lies below %s; --trust opens all files", s->name,
              writes ? "write" : "read", path, folders.size ? text_get(&folders) : "no folder");
    text_done(&folders);
    return false;
}

/* What a pipe or a device holds never ends, and to open one may wait for ever. */
static bool check_regular(const ScriptState *s, const char *path, Error *e)
{
    IoInfo is;
    if (!io_stat(path, &is) || is.is_regular || is.is_directory)
        return true;
    return error_set(e, ERROR_FAILED, "%s may not open %s: it is a pipe or a device; --trust opens all files", s->name, path);
}

bool access_may(ScriptState *s, const char *path, AccessKind kind, Error *e)
{
    Reach reach = reaches[s->run.trust][kind];
    bool writes = kind == ACCESS_WRITE || kind == ACCESS_FILE_WRITE;
    bool is_stream = text_equal(path, "-") && kind < ACCESS_FILE_READ; /* standard input or output */
    if (writes && s->run.describe)
        return refuse(s, path, kind, e);
    if (reach == ANYWHERE || (reach == BELOW && (is_stream || text_equal(path, "/dev/null"))))
        return true;
    char *real = io_resolve(path);
    bool inside = real && !is_system(real) &&
                  (lies_below(&s->access->folders, real) || text_list_has(&s->access->own, real) ||
                   (!writes && lies_below(&s->access->shipped, real)));
    mem_free(real);
    return inside ? check_regular(s, path, e) : refuse(s, path, kind, e);
}

void access_check(lua_State *L, const char *path, AccessKind kind)
{
    Error e = {0};
    if (!access_may(state_of(L), path, kind, &e))
        state_raise(L, &e);
}
