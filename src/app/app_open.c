/* Opening what the user names: a table, a session script, a run. */
#include "app/app_state.h"
#include "base/io.h"
#include "table/reader.h"

/* A generated script is where the session is saved; one written by hand never is, one that was edited by hand is asked about. */
static void take_script(App *a, const char *path, char *text)
{
    char *would_write = app_script(a);
    bool generated = document_is_generated(text), same = text_equal(text, would_write);
    mem_free(a->script_path);
    mem_free(a->script_text);
    a->script_path = generated ? mem_strdup(path) : NULL;
    a->script_text = same ? would_write : NULL;
    if (!same)
        mem_free(would_write);
    mem_free(text);
}

static void drop_foreign(App *a)
{
    mem_free(a->foreign_path);
    mem_free(a->foreign_text);
    a->foreign_path = a->foreign_text = NULL;
}

/* A script is a program. One that the workbench wrote is straight-line and is read as what it is; any other is only shown. */
static bool show_foreign(App *a, const char *path, char *text)
{
    drop_foreign(a);
    a->foreign_path = mem_strdup(path);
    a->foreign_text = text;
    app_say(a, false, "%s is shown, and nothing of it has run   b builds its session", io_base_name(path));
    return true;
}

static bool build_script(App *a, const char *path, char *text, Error *e);

static bool open_script(App *a, const char *path, Error *e)
{
    char *text = NULL;
    size_t size;
    if (!a->host || !io_read_file(path, 16 << 20, &text, &size, e))
        return a->host ? false : error_set(e, ERROR_USAGE, "%s: scripts cannot be opened here", path);
    return document_is_generated(text) ? build_script(a, path, text, e) : show_foreign(a, path, text);
}

const char *app_foreign(const App *a)
{
    return a->foreign_text;
}

bool app_build_foreign(App *a, Error *e)
{
    if (!a->foreign_text)
        return error_set(e, ERROR_FAILED, "no script waits to be built; o opens one");
    char *path = mem_strdup(a->foreign_path);
    bool ok = build_script(a, path, mem_strdup(a->foreign_text), e);
    mem_free(path);
    return ok;
}

/* Takes text. */
static bool build_script(App *a, const char *path, char *text, Error *e)
{
    Document *d = a->host->describe(path, text, e);
    if (!d) {
        mem_free(text);
        return false;
    }
    if (a->has_document)
        history_done(&a->history);
    history_init(&a->history, d);
    a->has_document = true;
    mem_free(a->file);
    a->file = mem_strdup(d->pipeline ? d->pipeline->file : path);
    take_script(a, path, text);
    drop_foreign(a);
    table_unref(a->shown);
    a->shown = d->pipeline ? table_ref(d->pipeline->source) : NULL;
    app_work_open(a);
    app_request_view(a);
    return true;
}

static bool open_table(App *a, const char *path, const Value *options, Error *e)
{
    bool complete = false;
    Table *head = table_read_head(path, options, &complete, e);
    if (!head)
        return false;
    drop_foreign(a);
    table_unref(a->head);
    table_unref(a->shown);
    profile_free(a->profile);
    a->profile = NULL;
    a->head = head;
    a->shown = NULL;
    char *file = mem_strdup(path);
    mem_free(a->file);
    a->file = file;
    AppJob *j = MEM_NEW(AppJob);
    j->kind = APP_JOB_READ;
    j->job.keeps = true;
    j->path = mem_strdup(file);
    j->options = options && options->size ? value_copy(options) : NULL;
    return app_start_job(a, j, e);
}

static Value *all_rows(const App *a, const Value *options)
{
    Value *all = options ? value_copy(options) : NULL;
    if (all && a->is_part)
        value_remove(all, "rows");
    return all;
}

static bool read_again(App *a, const Value *options, Error *e)
{
    AppJob *j = MEM_NEW(AppJob);
    j->kind = APP_JOB_READ;
    j->is_again = true;
    j->path = mem_strdup(app_document(a)->pipeline->file);
    j->options = options && options->size ? value_copy(options) : NULL;
    app_say(a, false, "reading %s again", j->path);
    return app_start_job(a, j, e);
}

bool app_reload(App *a, Error *e)
{
    const Document *d = app_document(a);
    if (!a->file || text_equal(a->file, "-"))
        return error_set(e, ERROR_FAILED, a->file ? "standard input can be read only once" : "nothing to read again; o opens a table");
    if (!d || !d->pipeline || !d->pipeline->file)
        return open_table(a, a->file, NULL, e);
    Value *options = all_rows(a, d->pipeline->read_options);
    bool ok = read_again(a, options, e);
    value_free(options);
    return ok;
}

/* A document that nobody has edited is made anew: its target may be another column now. */
bool app_read_with(App *a, const Value *options, Error *e)
{
    const Document *d = app_document(a);
    const char *file = d && d->pipeline ? d->pipeline->file : a->file;
    if (!file || text_equal(file, "-"))
        return error_set(e, ERROR_FAILED, file ? "standard input can be read only once" : "nothing to read again; o opens a table");
    if (!d || (a->history.count == 1 && !a->script_path))
        return open_table(a, file, options, e);
    return read_again(a, options, e);
}

bool app_is_run(const char *path)
{
    char *file = io_join(path, "run.json");
    IoInfo info;
    bool found = io_stat(file, &info) && info.is_regular;
    mem_free(file);
    return found;
}

bool app_open(App *a, const char *path, Error *e)
{
    IoInfo info = {0};
    io_stat(path, &info);
    if (info.is_directory && app_is_run(path))
        return app_watch(a, path, e);
    if (info.is_directory)
        return error_set(e, ERROR_FAILED, "%s: is a directory without a run in it; give a table, a script or a run", path);
    if (text_ends(path, ".lua"))
        return open_script(a, path, e);
    if (text_ends(path, ".safetensors"))
        return error_set(e, ERROR_USAGE, "%s: is a model; `limbeck predict %s < rows.csv` applies it, `limbeck compare` shows it", path,
                         path);
    return open_table(a, path, NULL, e);
}
