/* Sounds are changed as floats, some rows at a time, and put into the new dictionary in the order of the rows. */
#include "steps/sounds.h"

#include <string.h>

#include "audio/resample.h"
#include "base/mem.h"
#include "base/thread.h"

enum { BLOCK = 256 };

typedef struct RowTask {
    void (*run)(void *self, size_t row);
    void *self;
    size_t from, to, piece;
} RowTask;

static void run_rows(void *self, int index)
{
    RowTask *t = self;
    size_t from = t->from + (size_t)index * t->piece, to = from + t->piece < t->to ? from + t->piece : t->to;
    for (size_t row = from; row < to; row++)
        t->run(t->self, row);
}

bool sounds_rows(Job *job, size_t rows, void (*task)(void *self, size_t row), void *self, Error *e)
{
    enum { PIECE = 8, PIECES = 64 };
    int threads = rows < 2 * PIECE || !job ? 1 : job->threads > 0 ? job->threads : thread_cores();
    Pool *pool = pool_new(threads, e);
    bool ok = pool != NULL;
    for (size_t from = 0; ok && from < rows; from += (size_t)PIECE * PIECES) {
        RowTask t = {task, self, from, rows, PIECE};
        size_t left = (rows - from + PIECE - 1) / PIECE;
        pool_run(pool, (int)(left < PIECES ? left : PIECES), run_rows, &t);
        ok = job_go_on(job, e);
    }
    pool_free(pool);
    return ok;
}

typedef struct Changing {
    const SoundsTask *task;
    const Column *from;
    size_t first;
    SoundWork works[BLOCK];
} Changing;

static void change_row(void *self, size_t at)
{
    Changing *c = self;
    SoundWork *w = &c->works[at];
    size_t row = c->first + at;
    Sound s;
    *w = (SoundWork){.is_same = true, .by = c->task->by};
    if (!sound_get(c->from, row, &s))
        return;
    w->x = mem_try_alloc(s.frames * s.channels + 1, sizeof *w->x, &w->e);
    w->is_same = w->x != NULL; /* a failure is told where its row is taken */
    if (!w->x)
        return;
    sound_floats(&s, w->x);
    w->frames = s.frames;
    w->rate = s.rate;
    w->channels = s.channels;
    w->key = rng_child(c->task->in->key, table_row_id(c->task->in->rows, row));
    w->is_same = false;
    if (!c->task->change(c->task->in->params, w)) {
        mem_free(w->x);
        w->x = NULL;
        w->is_same = false;
    }
}

static bool put_row(Column *to, size_t row, const SoundWork *w, Error *e)
{
    size_t count = w->frames * w->channels;
    int16_t *samples = mem_try_alloc(count + 1, sizeof *samples, e);
    for (size_t i = 0; samples && i < count; i++)
        samples[i] = sound_round((double)w->x[i] * 32768.0);
    bool ok = samples && sound_put(to, row, &(Sound){w->rate, w->channels, w->frames, (const char *)samples}, e);
    mem_free(samples);
    return ok;
}

static bool keep_row(const Changing *c, Column *to, size_t row, const char *name, Error *e)
{
    SoundWork *w = (SoundWork *)&c->works[row - c->first];
    Sound s;
    bool has = sound_get(c->from, row, &s);
    if (!has || (w->is_same && w->x))
        return has ? sound_put(to, row, &s, e) : column_set_missing(to, row, e);
    if (w->x)
        return put_row(to, row, w, e);
    if (w->e.code == ERROR_MEMORY)
        return *e = w->e, false;
    ToolsFault fault = {.column = name, .what = w->e.message, .advice = "leave the row out, or change the step", .row = row};
    return tools_fault(c->task->in, &fault, e) && column_set_missing(to, row, e);
}

static void free_works(Changing *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(c->works[i].x);
}

/* Rows before the first that changes are copied when it comes: a column in which none does costs nothing. */
static Column *begin_column(const Column *from, size_t rows, Error *e)
{
    Column *to = sound_column_new(from->rows, e);
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < rows; i++) {
        Sound s;
        ok = sound_get(from, i, &s) ? sound_put(to, i, &s, e) : column_set_missing(to, i, e);
    }
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

/* *to NULL: no row has changed yet. */
static bool take_block(Changing *c, size_t count, const char *name, Column **to, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        if (!*to && !c->works[i].is_same)
            ok = (*to = begin_column(c->from, c->first + i, e)) != NULL;
        ok = ok && (!*to || keep_row(c, *to, c->first + i, name, e));
        mem_free(c->works[i].x); /* the sound is in the column now */
        c->works[i].x = NULL;
    }
    free_works(c, count);
    return ok;
}

static Column *change_column(const SoundsTask *task, const Column *from, const char *name, Error *e)
{
    Changing *c = mem_try_alloc(1, sizeof *c, e);
    Column *to = NULL;
    bool ok = c != NULL;
    for (size_t first = 0; ok && first < from->rows; first += BLOCK) {
        size_t count = from->rows - first < BLOCK ? from->rows - first : BLOCK;
        *c = (Changing){.task = task, .from = from, .first = first};
        ok = sounds_rows(task->job, count, change_row, c, e);
        if (ok)
            ok = take_block(c, count, name, &to, e);
        else
            free_works(c, count);
    }
    mem_free(c);
    if (ok)
        return to ? to : column_ref((Column *)(uintptr_t)from);
    column_unref(to);
    return NULL;
}

bool sounds_change(const SoundsTask *task, Table **out, Error *e)
{
    const Table *t = task->in->rows;
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(task->in, task->columns, &columns, &count, e);
    if (ok && !count)
        ok = error_set(e, ERROR_USAGE, "no column holds sounds; read a folder of WAV files");
    *out = ok ? table_ref(t) : NULL;
    for (size_t i = 0; ok && i < count; i++) {
        const Column *c = t->columns[columns[i]];
        const char *name = t->names[columns[i]];
        if (c->type != COLUMN_SOUND)
            ok = error_set(e, ERROR_USAGE, "%s is %s, not sounds", name, column_type_name(c->type));
        Column *to = ok ? change_column(task, c, name, e) : NULL;
        ok = to && tools_put(out, name, to, e);
    }
    mem_free(columns);
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}

bool sounds_resample(SoundWork *w, double step)
{
    size_t frames = resample_frames(w->frames, step);
    float *y = mem_try_alloc(frames * w->channels + 1, sizeof *y, &w->e);
    if (!y)
        return false;
    resample_run(&(ResampleTask){w->by, w->x, w->frames, w->channels, step}, y);
    mem_free(w->x);
    w->x = y;
    w->frames = frames;
    return true;
}

bool sounds_resampled(SoundsTask *task, Table **out, Error *e)
{
    ResampleKernel *kernel = resample_kernel_new(e);
    task->by = kernel;
    bool ok = kernel && sounds_change(task, out, e);
    mem_free(kernel);
    return ok;
}
