/* The model that a document's training has left already: a student is taught by it instead of by one that is trained once more. Runs
 * are deterministic, so the same words up to the training, over a file that has not changed since, give the same weights. */
#include <string.h>

#include "app/app_state.h"
#include "base/io.h"

static const char training_call[] = "calls/001-train";

static bool begins_alike(const char *run, const char *training)
{
    char *path = io_join(run, "script.lua"), *text = NULL;
    size_t size;
    Error ignored = {0};
    bool alike = io_read_file(path, 16 << 20, &text, &size, &ignored) && text_starts(text, training);
    mem_free(text);
    mem_free(path);
    return alike;
}

/* A training that was stopped by hand is another one. */
static bool has_ended(const char *call)
{
    Error ignored = {0};
    Tail *t = tail_open(call, &ignored);
    if (t)
        tail_poll(t, false, &ignored);
    bool ended = t && t->state == RUN_DONE;
    tail_free(t);
    return ended;
}

static char *model_of(const Tail *run, const char *training, double changed)
{
    IoInfo info;
    char *call = io_join(run->path, training_call), *model = io_join(call, "model.safetensors");
    bool fits = run->started > changed && io_stat(model, &info) && begins_alike(run->path, training) && has_ended(call);
    mem_free(call);
    if (fits)
        return model;
    mem_free(model);
    return NULL;
}

char *app_find_teacher(const char *directory, const Document *d)
{
    IoInfo info;
    Error ignored = {0};
    Tail **runs = NULL;
    size_t count = 0;
    char *training = document_training(d), *found = NULL;
    if (d->pipeline->file && io_stat(d->pipeline->file, &info))
        run_list(directory, &runs, &count, &ignored);
    for (size_t i = 0; !found && i < count; i++)
        found = model_of(runs[i], training, info.modified);
    run_list_free(runs, count);
    mem_free(training);
    return found;
}
