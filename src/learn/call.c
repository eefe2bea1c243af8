/* The frame of a call: its plan's hash, its number in the journal, its directory; and training as a call. */
#include "learn/call.h"

#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/thread.h"
#include "learn/baselines.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/importance.h"

enum { CARD_BYTES = 64 << 20 }; /* a result is text about a run */

Value *call_plan(const Pipeline *p, const Spec *spec, const void *plan)
{
    Value *v = value_map(), *rows = fields_to_value(spec->params, plan, true);
    value_remove(rows, "on_epoch");
    value_remove(rows, "net_function");
    value_remove(rows, "jobs");
    value_remove(rows, "checkpoint_every");
    value_set(v, "call", value_text(spec->name));
    value_set(v, "pipeline", pipeline_to_value(p));
    value_set(v, "plan", rows);
    return v;
}

void call_hash(const Value *plan, char hex[HASH_ROOM])
{
    char *text = json_format(plan, JSON_CANONICAL);
    sha256_hex(text, strlen(text), hex);
    mem_free(text);
}

bool call_write_json(const char *directory, const char *name, const Value *v, Error *e)
{
    char *path = io_join(directory, name), *text = json_format(v, JSON_PRETTY);
    bool ok = json_can_hold(v, e) && io_replace(path, text, strlen(text), e);
    mem_free(path);
    mem_free(text);
    return ok;
}

bool call_show(const CallContext *c, const char *name, const Value *card, Error *e)
{
    return !c->journal || call_write_json(c->journal->path, name, card, e);
}

Value *call_need_json(const char *directory, const char *name, Error *e)
{
    char *path = io_join(directory, name), *bytes = NULL;
    size_t size;
    Value *v = NULL;
    if (io_read_file(path, CARD_BYTES, &bytes, &size, e) && !(v = json_parse(bytes, size, e)))
        error_prefix(e, "%s: ", path);
    mem_free(path);
    mem_free(bytes);
    return v;
}

Value *call_read_json(const char *directory, const char *name)
{
    Error ignored = {0};
    return call_need_json(directory, name, &ignored);
}

static bool find_directory(const CallContext *c, Call *call, const char *name, Error *e)
{
    if (c->journal)
        return journal_begin(c->journal, call->kind, call->plan_hash, &call->directory, &call->stored, &call->resumes, e);
    call->directory = run_make_path(c->runs ? c->runs : "runs", name, e);
    return call->directory != NULL;
}

static bool open_run(Call *call, const char *name, Error *e)
{
    char *marker = io_join(call->directory, "run.json");
    IoInfo info;
    bool there = io_stat(marker, &info) && info.exists;
    mem_free(marker);
    call->resumes = call->resumes && there;
    call->run = there ? run_reopen(call->directory, 0, e) : run_create(call->directory, call->kind, name, e);
    return call->run != NULL;
}

bool call_begin(const CallContext *c, Call *call, const char *kind, const char *name, Value *plan, Error *e)
{
    *call = (Call){.kind = kind};
    call_hash(plan, call->plan_hash);
    name = name && *name ? name : kind;
    bool ok = find_directory(c, call, name, e);
    /* A training reopens its own directory later, at the step of its checkpoint. */
    if (ok && !call->stored && !text_equal(kind, "train"))
        ok = open_run(call, name, e) && call_write_json(call->directory, "plan.json", plan, e);
    value_free(plan);
    if (!ok)
        call_done(call);
    return ok;
}

/* A call that was cut short stays open in the journal, so that a resume goes on with it; and whatever was stopped returns nothing,
 * so that no line behind it runs. */
bool call_end(const CallContext *c, Call *call, const Value *result, Error *e)
{
    bool stopping = run_is_stopping(call->directory), whole = !text_equal(value_get_text(result, "status", "done"), "stopped");
    if (!call_write_json(call->directory, "result.json", result, e))
        return false;
    if (c->journal && (whole || !stopping) && !journal_end(c->journal, result, e))
        return false;
    if (!stopping)
        return true;
    const char *run = c->journal ? c->journal->path : call->directory;
    return error_set(e, ERROR_CANCELED, "%s was stopped; what it has learned so far is in %s; limbeck resume %s goes on", call->kind,
                     call->directory, run);
}

char *call_restore(const TrainHooks *hooks, const Value *state)
{
    if (hooks && hooks->set_state && state && (state->type == VALUE_MAP || state->type == VALUE_LIST))
        hooks->set_state(hooks->self, state);
    if (!hooks || !hooks->memory)
        return NULL;
    char *note = text_format("resume is not exact: on_epoch may have state (%s); declare it with lb.callback { state = ..., fn = ... }",
                             hooks->memory);
    if (hooks->on_note)
        hooks->on_note(hooks->self, note);
    return note;
}

void call_say(const CallContext *c, const TextList *notes)
{
    for (size_t i = 0; c->hooks && c->hooks->on_note && i < notes->count; i++)
        c->hooks->on_note(c->hooks->self, notes->items[i]);
}

static Value *describe_source(const Pipeline *p)
{
    char data[HASH_ROOM], *file = io_find_data(p->file), *path = io_absolute(file);
    Value *one = value_map();
    table_hash(p->source, data);
    value_set(one, "file", value_text(p->file));
    value_set(one, "path", value_text(path));
    value_set(one, "data", value_text(data));
    value_set(one, "rows", value_int((int64_t)p->source->rows));
    value_set(one, "options", p->read_options ? value_plain(p->read_options) : value_null());
    mem_free(path);
    mem_free(file);
    return one;
}

/* Which file the data of a call came from: nothing that a plan may know, and what its reader wants to know. A file of the script run lists
 * them, each content once. */
static bool note_source(const CallContext *c, const Pipeline *p, Error *e)
{
    if (!c->journal || !p->source || !p->file)
        return true;
    Value *list = call_read_json(c->journal->path, SOURCES_FILE), *one = describe_source(p);
    if (!list || list->type != VALUE_LIST) {
        value_free(list);
        list = value_list();
    }
    bool known = false;
    for (size_t i = 0; i < list->size && !known; i++)
        known = value_equal(list->items[i], one);
    value_add(list, one);
    bool ok = known || call_show(c, SOURCES_FILE, list, e);
    value_free(list);
    return ok;
}

bool call_prepare(const CallContext *c, const Pipeline *p, Prepared **out, Error *e)
{
    if (!(c->prepare ? c->prepare(c->self, p, out, e) : pipeline_prepare(c->job, p, out, e)))
        return false;
    call_say(c, &(*out)->notes);
    return note_source(c, p, e);
}

bool call_note(const CallContext *c, const Call *call, const char *text, Error *e)
{
    if (!text)
        return true;
    if (c->hooks && c->hooks->on_note)
        c->hooks->on_note(c->hooks->self, text);
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "text", value_text(text));
    return run_event(call->run, "alarm", v, true, e);
}

void call_done(Call *call)
{
    run_close(call->run);
    mem_free(call->directory);
    call->run = NULL;
    call->directory = NULL;
}

Bundle *call_load_model(const char *directory, Error *e)
{
    char *path = io_join(directory, "model.safetensors");
    Bundle *b = bundle_load(path, e);
    mem_free(path);
    return b;
}

bool call_save_model(const Bundle *b, const char *directory, Error *e)
{
    char *path = io_join(directory, "model.safetensors");
    bool ok = bundle_keep(b, path, e);
    mem_free(path);
    return ok;
}

uint64_t call_seed(const Pipeline *p, const TrainPlan *plan)
{
    return plan->seed >= 0 ? (uint64_t)plan->seed : p->seed;
}

int call_threads(const CallContext *c)
{
    return c->job && c->job->threads > 0 ? c->job->threads : thread_cores();
}

/* The step of the newest checkpoint, which the "resume" event names. */
static int64_t checkpoint_step(const char *directory)
{
    Error ignored = {0};
    Value *meta = NULL;
    int64_t step = 0;
    if (run_checkpoint_exists(directory) && run_checkpoint_load(directory, NULL, &meta, NULL, 0, &ignored))
        step = value_get_int(meta, "step", 0);
    value_free(meta);
    return step;
}

static RunDir *open_training(const char *directory, const char *kind, const char *name, bool *resumes, Error *e)
{
    char *marker = io_join(directory, "run.json");
    IoInfo info;
    *resumes = io_stat(marker, &info) && info.exists;
    mem_free(marker);
    return *resumes ? run_reopen(directory, checkpoint_step(directory), e) : run_create(directory, kind, name, e);
}

/* Of the rows that are judged; what the plan watches is among them. */
static Value *held_metrics(const ChildTask *task, const Bundle *b, const float *outputs, Error *e)
{
    const EarlyStop *stop = task->train.plan->early_stop.spec ? task->train.plan->early_stop.params : NULL;
    TextList also = {0};
    TargetInfo target = b->target;
    figures_asked(stop ? stop->metric : NULL, &also);
    target.also = &also;
    Value *held = metrics_of(&target, task->judged, outputs, b->threshold, e);
    text_list_done(&also);
    return held;
}

RunDir *child_open(const char *directory, const char *kind, bool *resumes, Error *e)
{
    return open_training(directory, kind, io_base_name(directory), resumes, e);
}

static bool judge(const ChildTask *task, const Bundle *b, Value *result, Error *e)
{
    const Dataset *d = task->judged;
    size_t outputs = target_outputs(&b->target);
    float *out = mem_try_aligned((d->rows + 1) * outputs, sizeof *out, e);
    bool ok = out && bundle_infer(b, NULL, d->x, d->rows, out, e);
    if (ok) {
        char hash[HASH_ROOM];
        sha256_hex(out, d->rows * outputs * sizeof *out, hash);
        Value *held = held_metrics(task, b, out, e);
        ok = held != NULL;
        value_set(result, "held", held ? held : value_null());
        value_set(result, "held_rows", value_int((int64_t)d->rows));
        value_set(result, "outputs_hash", value_text(hash));
        char *path = task->outputs ? io_join(task->directory, task->outputs) : NULL;
        ok = ok && (!path || io_replace(path, out, d->rows * outputs * sizeof *out, e));
        mem_free(path);
    }
    mem_free(out);
    return ok;
}

static bool weigh_features(Job *job, const ChildTask *task, const Bundle *b, Value *result, Error *e)
{
    if (!task->shuffled)
        return true;
    Value *worths = importance_of(job, b, task->shuffled, task->train.seed, e);
    if (worths)
        value_set(result, "importance", worths);
    return worths != NULL;
}

bool child_train(Job *job, const ChildTask *task, Value **result, Error *e)
{
    TrainTask train = task->train;
    Bundle *b = NULL;
    *result = NULL;
    if (!train.run)
        train.run = child_open(task->directory, task->kind, &train.resume, e);
    bool ok = train.run && train_run(job, &train, &b, result, e);
    if (ok && task->judged)
        ok = judge(task, b, *result, e) && weigh_features(job, task, b, *result, e);
    ok = ok && call_write_json(task->directory, "result.json", *result, e);
    run_close(train.run);
    bundle_unref(b);
    return ok;
}

typedef struct Training {
    CallContext *c;
    const Pipeline *p;
    const TrainPlan *plan;
    Call call;
} Training;

static bool write_train_files(const Training *t, const Prepared *d, Error *e)
{
    const Call *call = &t->call;
    const TrainHooks *hooks = t->c->hooks;
    Value *v = call_plan(t->p, &train_spec, t->plan), *recipe = value_map();
    value_set(v, "resume_is_exact", value_flag(!hooks || !hooks->memory));
    if (hooks && hooks->memory)
        value_set(v, "undeclared_state", value_text(hooks->memory));
    value_set(recipe, "before", recipe_to_value(d->before, true));
    value_set(recipe, "recipe", recipe_to_value(d->fitted, true));
    value_set(recipe, "notes", value_texts(&d->notes));
    bool ok = call_write_json(call->directory, "plan.json", v, e) && call_write_json(call->directory, "recipe.json", recipe, e);
    value_free(v);
    value_free(recipe);
    return ok;
}

static const char *run_name(const TrainPlan *plan)
{
    return plan->name && *plan->name ? plan->name : "train";
}

/* Those of the data before those of the training. */
static void add_notes(Value *result, const TextList *notes)
{
    Value *all = value_texts(notes);
    const Value *own = value_get(result, "notes");
    for (size_t i = 0; i < value_items(own); i++)
        value_add(all, value_copy(own->items[i]));
    value_set(result, "notes", all);
}

bool call_baselines(const CallContext *c, const Prepared *d, Bundle *const *models, Value *result, Error *e)
{
    BaselinesTask task = {.data = d,
                          .nets = models,
                          .count = value_get(result, "seeds") ? value_items(value_get(result, "seeds")) : 1,
                          .judged = &d->data[PART_VALID],
                          .raw = d->raw[PART_VALID],
                          .on = part_name(PART_VALID),
                          .seed = (uint64_t)value_get_int(models[0]->facts, "seed", 0),
                          .threads = call_threads(c)};
    Value *contest = baselines_judge(c->job, &task, e);
    if (!contest || !call_show(c, BASELINES_CARD, contest, e)) {
        value_free(contest);
        return false;
    }
    value_set(result, "baselines", contest);
    const char *loses = value_get_text(contest, "loses", NULL);
    if (loses && c->hooks && c->hooks->on_note)
        c->hooks->on_note(c->hooks->self, loses);
    return true;
}

static bool train_here(Training *t, Bundle **out, Value **result, Error *e)
{
    Prepared *d = NULL;
    if (!call_prepare(t->c, t->p, &d, e))
        return false;
    TrainTask task = {.data = d,
                      .plan = t->plan,
                      .plan_hash = t->call.plan_hash,
                      .hooks = t->c->hooks,
                      .seed = call_seed(t->p, t->plan),
                      .threads = call_threads(t->c)};
    t->call.run = open_training(t->call.directory, "train", run_name(t->plan), &task.resume, e);
    task.run = t->call.run;
    bool ok = t->call.run && write_train_files(t, d, e) && train_run(t->c->job, &task, out, result, e);
    ok = ok && (!t->plan->baselines || call_baselines(t->c, d, out, *result, e));
    if (ok) {
        add_notes(*result, &d->notes);
        value_set(*result, "row_counts", rows_report_value(&d->rows));
    }
    prepared_free(d);
    return ok;
}

bool call_train(CallContext *c, const Pipeline *p, const TrainPlan *plan, Bundle **out, Value **result, Error *e)
{
    Training t = {.c = c, .p = p, .plan = plan};
    *out = NULL;
    *result = NULL;
    if (!call_begin(c, &t.call, "train", run_name(plan), call_plan(p, &train_spec, plan), e))
        return false;
    bool ok;
    if (t.call.stored) {
        *result = value_copy(t.call.stored);
        mem_free(call_restore(c->hooks, value_get(*result, "callback")));
        *out = call_load_model(t.call.directory, e);
        ok = *out != NULL;
    } else {
        ok = train_here(&t, out, result, e) && call_end(c, &t.call, *result, e);
    }
    if (!ok) {
        bundle_unref(*out);
        value_free(*result);
        *out = NULL;
        *result = NULL;
    }
    call_done(&t.call);
    return ok;
}
