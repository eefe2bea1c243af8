/* Opening what the user names: a table, a session script, a run. */
#include <string.h>

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
    a->news |= APP_NEWS_SHOWN;
    app_say(a, false, "%s is shown, and nothing of it has run   b builds its session", io_base_name(path));
    return true;
}

void app_describe(AppJob *j)
{
    bool ours = document_is_generated(j->text); /* nothing runs to read it */
    char *script = ours ? mem_strdup(j->text) : j->host->describe(&j->job, &j->scripts, j->path, j->text, &j->error);
    j->document = script ? document_read(&j->job, j->path, script, &j->error) : NULL;
    mem_free(script);
    j->ok = j->document != NULL;
}

static void take_described(App *a, AppJob *j)
{
    if (a->has_document)
        history_done(&a->history);
    app_forget_cards(a);
    history_init(&a->history, document_ref(j->document));
    a->has_document = true;
    mem_free(a->file);
    a->file = mem_strdup(j->document->pipeline ? j->document->pipeline->file : j->path);
    take_script(a, j->path, j->text);
    j->text = NULL;
    if (!text_equal(a->foreign_path, j->path)) /* what was shown stays where it is seen */
        a->news |= APP_NEWS_OPENED;
    drop_foreign(a);
    table_unref(a->head);
    a->head = NULL;
    table_unref(a->shown);
    a->shown = j->document->pipeline ? table_ref(j->document->pipeline->source) : NULL;
    app_work_open(a);
    app_say(a, false, "%s", "");
    app_request_view(a);
}

static const AppJobKind job_script = {.slot = APP_SLOT_TABLE,
                                      .doing = "reading the script",
                                      .stopped = "given up: the script is not opened",
                                      .waits = true,
                                      .opens = true,
                                      .drops = true,
                                      .run = app_describe,
                                      .take = take_described,
                                      .fail = app_keep_document};

/* Takes text. */
static bool build_script(App *a, const char *path, char *text, Error *e)
{
    if (!document_is_generated(text) && (!a->host || !a->host->describe)) {
        mem_free(text);
        return error_set(e, ERROR_USAGE, "%s: scripts cannot be opened here", path);
    }
    AppJob *j = app_job_new(&job_script);
    j->host = a->host;
    j->path = mem_strdup(path);
    j->text = text;
    app_say(a, false, "reading the script %s ...   Esc gives it up", io_base_name(path));
    app_start_job(a, j);
    return true;
}

static bool open_script(App *a, const char *path, Error *e)
{
    char *text = NULL;
    size_t size;
    if (!io_read_file(path, 16 << 20, &text, &size, e))
        return false;
    bool ours = strlen(text) == size && document_is_generated(text); /* what stands behind a NUL is not seen here */
    return ours ? build_script(a, path, text, e) : show_foreign(a, path, text);
}

const char *app_foreign(const App *a)
{
    return a->foreign_text;
}

bool app_build_foreign(App *a, Error *e)
{
    if (!a->foreign_text)
        return error_set(e, ERROR_FAILED, "no script waits to be built; o opens one");
    return app_may_edit(a, e) && build_script(a, a->foreign_path, mem_strdup(a->foreign_text), e);
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
    a->news |= APP_NEWS_OPENED;
    app_read(a, file, options, false);
    return true;
}

static Value *all_rows(const App *a, const Value *options)
{
    Value *all = options ? value_copy(options) : NULL;
    if (all && a->is_part)
        value_remove(all, "rows");
    return all;
}

static bool read_again(App *a, const Value *options)
{
    const char *file = app_document(a)->pipeline->file;
    app_say(a, false, "reading %s again", file);
    app_read(a, file, options, true);
    return true;
}

bool app_reload(App *a, Error *e)
{
    const Document *d = app_document(a);
    if (!app_may_edit(a, e))
        return false;
    if (!a->file || text_equal(a->file, "-"))
        return error_set(e, ERROR_FAILED, a->file ? "standard input can be read only once" : "nothing to read again; o opens a table");
    if (!d || !d->pipeline || !d->pipeline->file)
        return open_table(a, a->file, NULL, e);
    Value *options = all_rows(a, d->pipeline->read_options);
    bool ok = read_again(a, options);
    value_free(options);
    return ok;
}

/* A document that nobody has edited is made anew: its target may be another column now. */
bool app_read_with(App *a, const Value *options, Error *e)
{
    const Document *d = app_document(a);
    const char *file = d && d->pipeline ? d->pipeline->file : a->file;
    if (!app_may_edit(a, e))
        return false;
    if (!file || text_equal(file, "-"))
        return error_set(e, ERROR_FAILED, file ? "standard input can be read only once" : "nothing to read again; o opens a table");
    if (!d || (a->history.count == 1 && !a->script_path))
        return open_table(a, file, options, e);
    return read_again(a, options);
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
    if (text_ends(path, ".lua"))
        return open_script(a, path, e);
    if (text_ends(path, ".safetensors"))
        return error_set(e, ERROR_USAGE, "%s: is a model; `limbeck predict %s < rows.csv` applies it, `limbeck compare` shows it", path,
                         path);
    return open_table(a, path, NULL, e);
}
