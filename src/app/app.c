/* An App's life, messages and what views read. */
#include "app/app.h"

#include <stdio.h>
#include <string.h>

#include "app/app_state.h"

App *app_new(const AppOptions *options, const AppHost *host)
{
    App *a = MEM_NEW(App);
    a->options = *options;
    a->options.scripts = text_list_copy(&options->scripts);
    a->runs = mem_strdup(options->runs ? options->runs : "runs");
    a->host = host;
    a->state = options->state ? mem_strdup(options->state) : NULL;
    return a;
}

bool app_free(App *a)
{
    if (!a)
        return true;
    app_work_close(a, false);
    if (!app_end_jobs(a))
        return false; /* its threads still use it */
    if (a->has_document)
        history_done(&a->history);
    table_unref(a->head);
    table_unref(a->shown);
    profile_free(a->profile);
    app_ready_free(a->ready);
    tail_free(a->run);
    value_free(a->comparison);
    app_judging_free(a->judged);
    value_free(a->found_rate);
    document_unref(a->found_for);
    app_contest_done(a);
    app_cards_done(a);
    run_index_close(a->index);
    value_free(a->run_cards);
    value_free(a->compared);
    app_listed_free(a->listed, a->listed_count);
    mem_free(a->listed);
    mem_free(a->runs);
    mem_free(a->file);
    mem_free(a->script_path);
    mem_free(a->script_text);
    mem_free(a->state);
    value_free(a->answer);
    mem_free(a->answer_of);
    mem_free(a->foreign_path);
    mem_free(a->foreign_text);
    mem_free(a->pending_path);
    mem_free(a->pending_text);
    text_list_done(&a->pending_arguments);
    text_list_done(&a->switched);
    text_list_done(&a->options.scripts);
    mem_free(a);
    return true;
}

void app_leave(App *a)
{
    app_work_close(a, true);
}

void app_say(App *a, bool is_error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->status, sizeof a->status, format, args);
    va_end(args);
    a->status_is_error = is_error;
}

void app_say_error(App *a, const Error *e)
{
    char line[1000];
    error_format(e, line, sizeof line);
    app_say(a, true, "%s", line);
}

const char *app_status(const App *a, bool *is_error)
{
    if (is_error)
        *is_error = a->status_is_error;
    return a->status;
}

const Document *app_document(const App *a)
{
    return a->has_document ? history_now(&a->history) : NULL;
}

const History *app_history(const App *a)
{
    return a->has_document ? &a->history : NULL;
}

const char *app_file(const App *a)
{
    return a->file;
}

const Table *app_table(const App *a)
{
    return a->shown ? a->shown : a->head;
}

bool app_table_is_head(const App *a)
{
    return !a->shown && a->head;
}

bool app_table_is_stale(const App *a)
{
    return a->is_stale;
}

const Profile *app_profile(const App *a)
{
    return a->profile;
}

uint64_t app_profile_number(const App *a)
{
    return a->profile_number;
}

bool app_is_guided(const App *a)
{
    return a->options.guided;
}

bool app_is_headless(const App *a)
{
    return a->options.headless;
}

const char *app_runs_directory(const App *a)
{
    return a->runs;
}

const AppReady *app_ready(const App *a)
{
    return a->ready;
}

const char *app_pending(const App *a)
{
    return a->pending_path;
}
