/* The jobs that come to the table: reading a file whole, and computing what Data and Profile show. */
#include <string.h>

#include "app/app_state.h"
#include "learn/batch.h"
#include "base/number.h"
#include "table/reader.h"

static void run_read(AppJob *j)
{
    j->table = table_read(&j->job, j->path, j->options, &j->error);
    j->ok = j->table != NULL;
}

enum { READY_ROWS = 50000 };

void app_ready_free(AppReady *r)
{
    if (!r)
        return;
    text_list_done(&r->notes);
    mem_free(r);
}

AppReady *app_ready_copy(const AppReady *r)
{
    AppReady *copy = mem_copy(r, sizeof *r);
    copy->notes = text_list_copy(&r->notes);
    return copy;
}

static NetInput with_flags(const Dataset *d)
{
    NetInput input = d->input;
    input.knows_flags = true;
    for (size_t j = 0; j < d->width && j < NET_FLAGS && d->rows; j++) {
        float first = d->x[j], other = first;
        bool is_flag = true;
        for (size_t i = 1; is_flag && i < d->rows; i++) {
            float x = d->x[i * d->width + j];
            is_flag = x == first || other == first || x == other;
            other = x == first ? other : x;
        }
        if (is_flag)
            input.flags[j / 64] |= UINT64_C(1) << j % 64;
    }
    return input;
}

/* Prepares as a training would; on the first rows only when the table is large. */
AppReady *app_find_ready(Job *job, const Pipeline *of)
{
    Pipeline *p = pipeline_copy(of);
    AppReady *r = MEM_NEW(AppReady);
    Prepared *data = NULL;
    Error e = {0};
    r->is_part = p->source->rows > READY_ROWS;
    if (r->is_part) {
        Table *head = table_head(p->source, READY_ROWS, &e);
        if (head) {
            table_unref(p->source);
            p->source = head;
        }
    }
    if (pipeline_prepare(job, p, &data, &e)) {
        r->features = data->features.count;
        r->input = data->data[PART_TRAIN].input;
        r->as_tabular = with_flags(&data->data[PART_TRAIN]);
        r->outputs = (int64_t)target_outputs(&data->target);
        r->classes = target_classes(&data->target);
        r->notes = text_list_copy(&data->notes);
        for (int part = 0; part < PART_COUNT; part++)
            r->rows[part] = data->data[part].rows;
        prepared_free(data);
    } else {
        error_format(&e, r->problem, sizeof r->problem);
    }
    pipeline_unref(p);
    return r;
}

/* Rows are shown and profiled after the repairs, before anything encodes them. */
static void run_view(AppJob *j)
{
    j->job.doing = "applying";
    j->table = pipeline_view(&j->job, j->pipeline, j->steps, &j->error);
    if (!j->table)
        return;
    j->job.doing = "profiling";
    uint8_t *training = NULL;
    Error ignored = {0}; /* a split that can't be made is said by the readiness */
    pipeline_view_training(&j->job, j->pipeline, j->table, &training, &ignored);
    ProfileUse use = {pipeline_target_column(j->pipeline), j->pipeline->positive, training};
    j->profile = profile_table_for(&j->job, j->table, &use, &j->error);
    mem_free(training);
    j->ok = j->profile != NULL;
    if (j->ok)
        document_mark_repaired(j->document, j->profile);
    if (j->ok && j->pipeline->target)
        j->ready = app_find_ready(&j->job, j->pipeline);
}

size_t app_shown_steps(const Document *d)
{
    const Recipe *r = d->pipeline ? d->pipeline->recipe : NULL;
    size_t i = 0;
    while (r && i < r->count && !document_encodes(r->uses[i].step))
        i++;
    return i;
}

/* A reading that was stopped goes on with what it has, and the session says so: its script reads as many rows. */
static void keep_part(App *a, AppJob *j)
{
    char count[NUMBER_ROOM];
    if (!j->options)
        j->options = value_map();
    value_set(j->options, "rows", value_int((int64_t)j->table->rows));
    app_say(a, true, "stopped: the first %s rows are kept; F5 reads them all", number_format_count((int64_t)j->table->rows, count));
}

/* The same document on the table as it is now, and on the tables beside it: one more edit, so undo goes back to the rows before. */
static void take_again(App *a, AppJob *j)
{
    const Document *now = app_document(a);
    char count[NUMBER_ROOM];
    Recipe *sides = side_forget(now->pipeline->recipe);
    if (!sides && table_equal(now->pipeline->source, j->table)) {
        app_say(a, false, "read again: nothing has changed");
        app_request_view(a);
        return;
    }
    Document *next = document_edit(now, "read again", "F5");
    Pipeline *p = pipeline_copy(now->pipeline);
    table_unref(p->source);
    p->source = table_ref(j->table);
    value_free(p->read_options);
    p->read_options = j->options;
    j->options = NULL;
    if (sides) {
        recipe_unref(p->recipe);
        p->recipe = sides;
    }
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    a->is_part = false;
    history_push(&a->history, next);
    app_changed(a);
    app_say(a, false, "read again: %s rows, the steps are kept   U goes back to the rows before",
            number_format_count((int64_t)j->table->rows, count));
}

/* Rows that could not be read, or else the first of what is unusual; what the reader always says comes before it. */
static void say_notes(App *a, const Table *t)
{
    char count[NUMBER_ROOM];
    if (t->rejects_count)
        app_say(a, true, "%s row%s could not be read; :rejects shows them", number_format_count((int64_t)t->rejects_count, count),
                t->rejects_count == 1 ? "" : "s");
    else if (t->notes.count > 1)
        app_say(a, false, "%s   :rejects says more, :read changes it", t->notes.items[1]);
}

static void take_first(App *a, AppJob *j)
{
    bool stopped = atomic_load(&j->job.cancel);
    if (stopped)
        keep_part(a, j);
    Document *d = document_from_table(j->table, a->file, j->options);
    if (a->options.seed)
        d->pipeline->seed = a->options.seed;
    if (a->has_document)
        history_done(&a->history);
    app_forget_cards(a);
    history_init(&a->history, d);
    a->has_document = true;
    a->is_part = stopped;
    mem_free(a->script_path);
    mem_free(a->script_text);
    a->script_path = a->script_text = NULL;
    app_work_open(a);
    table_unref(a->head);
    a->head = NULL;
    table_unref(a->shown);
    a->shown = table_ref(j->table);
    if (!stopped)
        say_notes(a, j->table);
    app_request_view(a);
}

static void take_read(App *a, AppJob *j)
{
    if (j->is_again)
        take_again(a, j);
    else
        take_first(a, j);
}

static void take_view(App *a, AppJob *j)
{
    table_unref(a->shown);
    profile_free(a->profile);
    a->shown = table_ref(j->table);
    a->profile = j->profile;
    a->profile_number++;
    j->profile = NULL;
    app_ready_free(a->ready);
    a->ready = j->ready;
    j->ready = NULL;
    a->is_stale = false;
}

/* A file that could not be read leaves what was open as it was. */
void app_keep_document(App *a, AppJob *j)
{
    (void)j;
    bool known = !a->is_stale && a->profile && !a->head;
    a->is_stale = false;
    const Document *d = app_document(a);
    if (!d || !d->pipeline)
        return;
    table_unref(a->head);
    a->head = NULL;
    if (!a->shown && d->pipeline->source)
        a->shown = table_ref(d->pipeline->source);
    if (d->pipeline->file) {
        mem_free(a->file);
        a->file = mem_strdup(d->pipeline->file);
    }
    if (!known)
        app_request_view(a);
}

static void keep_view(App *a, AppJob *j)
{
    (void)j;
    a->is_stale = false;
}

static const AppJobKind job_read = {.slot = APP_SLOT_TABLE,
                                    .doing = "reading",
                                    .stopped = "stopped reading; the first rows stay, F5 reads again",
                                    .opens = true,
                                    .run = run_read,
                                    .take = take_read,
                                    .fail = app_keep_document};

static const AppJobKind job_view = {.slot = APP_SLOT_TABLE,
                                    .doing = "profiling",
                                    .stopped = "stopped profiling; F5 reads again",
                                    .run = run_view,
                                    .take = take_view,
                                    .fail = keep_view};

void app_read(App *a, const char *path, const Value *options, bool is_again)
{
    AppJob *j = app_job_new(&job_read);
    j->job.keeps = !is_again;
    j->is_again = is_again;
    j->path = mem_strdup(path);
    j->options = options && options->size ? value_copy(options) : NULL;
    app_start_job(a, j);
}

void app_request_view(App *a)
{
    const Document *d = app_document(a);
    if (!d || !d->pipeline || !d->pipeline->source)
        return;
    AppJob *j = app_job_new(&job_view);
    j->document = document_ref(d);
    j->pipeline = pipeline_ref(d->pipeline);
    j->steps = app_shown_steps(d);
    a->is_stale = true;
    app_start_job(a, j);
}
