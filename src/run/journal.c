/* The journal of a script run: which calls began, with which plan, and what finished ones returned. */
#include "base/io.h"
#include "run/run_dir.h"
#include "run/run_log.h"

static char *journal_file(const Journal *j)
{
    return io_join(j->path, "journal.jsonl");
}

static bool journal_append(const Journal *j, const char *before, const Value *line, Error *e)
{
    Text text = {0};
    size_t written = 0;
    text_add(&text, before);
    run_log_seal(line, &text);
    char *file = journal_file(j);
    int fd = io_open_append(file, e);
    bool ok = fd >= 0 && io_append(fd, text.bytes, text.size, file, &written, e) && io_sync(&fd, file, e);
    ok = io_close(fd, file, ok ? e : NULL) && ok;
    mem_free(file);
    text_done(&text);
    return ok;
}

static bool journal_take_line(Journal *j, const Value *line, Error *e)
{
    int64_t n = value_get_int(line, "n", 0);
    if (text_equal(value_get_text(line, "e", ""), "resume"))
        return true;
    if (text_equal(value_get_text(line, "e", ""), "begin") && n == (int64_t)j->calls->size + 1) {
        value_add(j->calls, value_copy(line));
        return true;
    }
    if (text_equal(value_get_text(line, "e", ""), "end") && n >= 1 && n <= (int64_t)j->calls->size && value_get(line, "result")) {
        value_set(j->calls->items[n - 1], "result", value_copy(value_get(line, "result")));
        return true;
    }
    return error_set(e, ERROR_FAILED, "%s: the journal is damaged at call %lld; start a new run", j->path, (long long)n);
}

/* A torn last line is closed, so that the next one stands alone. */
static bool journal_close_torn(const Journal *j, Error *e)
{
    Value *line = value_map();
    value_set(line, "e", value_text("resume"));
    bool ok = journal_append(j, "\n", line, e);
    value_free(line);
    return ok;
}

Journal *journal_open(const char *path, Error *e)
{
    RunLog log;
    Journal *j = MEM_NEW(Journal);
    j->path = mem_strdup(path);
    io_close_directory(path);
    j->calls = value_list();
    char *file = journal_file(j);
    bool ok = run_log_read(file, &log, e);
    for (size_t i = 0; ok && i < log.lines->size; i++)
        ok = journal_take_line(j, log.lines->items[i], e);
    if (ok && log.torn)
        ok = journal_close_torn(j, e);
    run_log_done(&log);
    mem_free(file);
    if (ok)
        return j;
    journal_free(j);
    return NULL;
}

static bool journal_add_call(Journal *j, const char *kind, const char *plan_hash, Error *e)
{
    Value *line = value_map();
    value_set(line, "e", value_text("begin"));
    value_set(line, "n", value_int((int64_t)j->next + 1));
    value_set(line, "kind", value_text(kind));
    value_set(line, "plan", value_text(plan_hash));
    value_add(j->calls, line);
    return journal_append(j, "", line, e);
}

static bool journal_check_call(const Journal *j, const char *kind, const char *plan_hash, Error *e)
{
    const Value *call = j->calls->items[j->next];
    const char *old_kind = value_get_text(call, "kind", "");
    if (!text_equal(old_kind, kind))
        return error_set(e, ERROR_FAILED, "call %zu was %s and is now %s: the script no longer does the same thing; start a new run",
                         j->next + 1, old_kind, kind);
    if (!text_equal(value_get_text(call, "plan", ""), plan_hash))
        return error_set(e, ERROR_FAILED, "call %zu (%s) has another plan: the script no longer does the same thing; start a new run",
                         j->next + 1, kind);
    return true;
}

bool journal_begin(Journal *j, const char *kind, const char *plan_hash, char **directory, const Value **result, bool *resumes, Error *e)
{
    *resumes = j->next < j->calls->size;
    const Value *stored = *resumes ? value_get(j->calls->items[j->next], "result") : NULL;
    if (*resumes && !journal_check_call(j, kind, plan_hash, e))
        return false;
    if (!stored && run_is_stopping(j->path))
        return error_set(e, ERROR_CANCELED, "the run was stopped before call %zu (%s); limbeck resume %s goes on", j->next + 1, kind,
                         j->path);
    if (!*resumes && !journal_add_call(j, kind, plan_hash, e))
        return false;
    char *path = text_format("%s/calls/%03zu-%s", j->path, j->next + 1, kind);
    if (!io_make_directory(path, e)) {
        mem_free(path);
        return false;
    }
    *directory = path;
    *result = stored;
    j->next++;
    return true;
}

bool journal_end(Journal *j, const Value *result, Error *e)
{
    if (j->next == 0)
        return error_set(e, ERROR_FAILED, "no call has begun");
    Value *line = value_map();
    value_set(line, "e", value_text("end"));
    value_set(line, "n", value_int((int64_t)j->next));
    value_set(line, "result", value_copy(result));
    bool ok = journal_append(j, "", line, e);
    if (ok)
        value_set(j->calls->items[j->next - 1], "result", value_copy(result));
    value_free(line);
    return ok;
}

void journal_free(Journal *j)
{
    if (!j)
        return;
    value_free(j->calls);
    mem_free(j->path);
    mem_free(j);
}
