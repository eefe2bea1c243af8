/* Distillation: for each seed a student taught by the teacher, and the same student trained alone with the same seed, epochs and
 * order of rows as the control. All of them are runs of their own. */
#include "base/io.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/call.h"
#include "learn/farm.h"
#include "learn/seen.h"

typedef struct Lesson {
    CallContext *c;
    const Pipeline *p;
    const DistillPlan *plan;
    const Bundle *teacher;
    Call call;
    Prepared *data;
    float *logits; /* cached ones; NULL: live */
    TextList notes;
} Lesson;

/* Work i: seed i / 2, taught when even, alone when odd. */
static char *lesson_directory(const Lesson *l, size_t i)
{
    return text_format("%s/seeds/%02zu/%s", l->call.directory, i / 2 + 1, i % 2 ? "alone" : "student");
}

static bool work(void *self, size_t i, Error *e)
{
    Lesson *l = self;
    char *directory = lesson_directory(l, i);
    Value *result = NULL;
    ChildTask task = {.directory = directory,
                      .kind = "seed",
                      .train = {.data = l->data,
                                .plan = &l->plan->base,
                                .plan_hash = l->call.plan_hash,
                                .threads = 1,
                                .seed = call_seed(l->p, &l->plan->base) + i / 2}};
    if (i % 2 == 0) {
        task.train.teacher = l->teacher;
        task.train.teacher_logits = l->logits;
        task.train.temperature = l->plan->temperature;
        task.train.alpha = l->plan->alpha;
    }
    bool ok = child_train(l->c->job, &task, &result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

static Value *lesson_result(const Lesson *l, size_t i)
{
    char *directory = lesson_directory(l, i);
    Value *v = call_read_json(directory, "result.json");
    mem_free(directory);
    return v;
}

static bool is_done(void *self, size_t i)
{
    Value *v = lesson_result(self, i);
    bool done = text_equal(value_get_text(v, "status", ""), "done");
    value_free(v);
    return done;
}

static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    (void)self;
    if (!failed)
        return true;
    *e = *failed;
    return error_prefix(e, "seed %zu, %s: ", i / 2 + 1, i % 2 ? "alone" : "student");
}

static bool write_teacher(Lesson *l, Error *e)
{
    Value *v = value_map();
    char hash[HASH_ROOM], *path = io_join(l->call.directory, "teacher.safetensors");
    bundle_hash(l->teacher, hash);
    value_set(v, "model_hash", value_text(hash));
    value_set(v, "params", value_int(model_params(l->teacher->model)));
    bool ok = call_write_json(l->call.directory, "teacher.json", v, e) && bundle_keep(l->teacher, path, e);
    value_free(v);
    mem_free(path);
    return ok;
}

static bool write_logits(Lesson *l, Error *e)
{
    if (l->plan->logits == 1)
        return true;
    if (!teacher_logits(l->c->job, l->teacher, l->data, PART_TRAIN, &l->logits, e))
        return false;
    char *path = io_join(l->call.directory, "logits.bin");
    size_t numbers = l->data->data[PART_TRAIN].rows * target_outputs(&l->data->target);
    bool ok = io_replace(path, l->logits, numbers * sizeof *l->logits, e);
    mem_free(path);
    return ok;
}

static bool start_event(Lesson *l, Error *e)
{
    Value *v = value_map();
    Error ignored = {0};
    Model *student =
        model_new(&l->plan->base.net, &l->data->data[PART_TRAIN].input, (int64_t)target_outputs(&l->data->target), 0, &ignored);
    value_set(v, "step", value_int(0));
    value_set(v, "seeds", value_int(l->plan->seeds));
    value_set(v, "epochs", value_int(l->plan->base.epochs));
    value_set(v, "temperature", value_real(l->plan->temperature));
    value_set(v, "alpha", value_real(l->plan->alpha));
    value_set(v, "rows", value_int((int64_t)l->data->data[PART_TRAIN].rows));
    value_set(v, "teacher_params", value_int(model_params(l->teacher->model)));
    value_set(v, "params", value_int(student ? model_params(student) : 0));
    model_free(student);
    return run_event(l->call.run, "start", v, true, e);
}

/* Rows of a part that the teacher was trained on: its figures there flatter, and a student stopped by them with it. */
static bool tell_seen(Lesson *l, Part part, Error *e)
{
    const Table *rows = l->data->raw[part];
    char own[HASH_ROOM];
    row_set_digest(l->data->trained, own);
    SeenQuery q = {l->p->source, rows, own, l->c->runs};
    SeenReport report = {0};
    Error unknown = {0};
    bool *seen = mem_try_alloc(rows->rows + 1, sizeof *seen, e);
    if (!seen)
        return false;
    bool counted = seen_mark(&q, l->teacher, seen, &report, &unknown);
    mem_free(seen);
    if (counted && !report.rows && !report.units)
        return true;
    char *text = counted ? text_format("the teacher was trained on %zu of the %zu rows of %s; comparisons leave them out",
                                       report.rows + report.units, rows->rows, part_name(part))
                         : text_format("%s: %s", part_name(part), unknown.message);
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "text", value_text(text));
    text_list_add(&l->notes, text);
    mem_free(text);
    return run_event(l->call.run, "alarm", v, true, e);
}

static Bundle *load_one(const Lesson *l, size_t i, Error *e)
{
    char *directory = lesson_directory(l, i);
    Bundle *b = call_load_model(directory, e);
    mem_free(directory);
    return b;
}

void distilled_free(Distilled *d)
{
    if (!d)
        return;
    bundle_unref(d->teacher);
    for (size_t i = 0; i < d->seeds; i++) {
        bundle_unref(d->students[i]);
        bundle_unref(d->alone[i]);
    }
    mem_free(d->students);
    mem_free(d->alone);
    value_free(d->result);
    mem_free(d);
}

static Distilled *load_all(const Lesson *l, Error *e)
{
    Distilled *d = MEM_NEW(Distilled);
    d->seeds = (size_t)l->plan->seeds;
    d->teacher = bundle_ref(l->teacher);
    d->students = mem_alloc(d->seeds * sizeof(Bundle *));
    d->alone = mem_alloc(d->seeds * sizeof(Bundle *));
    bool ok = true;
    for (size_t i = 0; ok && i < d->seeds; i++) {
        d->students[i] = load_one(l, 2 * i, e);
        d->alone[i] = d->students[i] ? load_one(l, 2 * i + 1, e) : NULL;
        ok = d->alone[i] != NULL;
    }
    if (ok)
        return d;
    distilled_free(d);
    return NULL;
}

static bool add_lesson(const Lesson *l, size_t i, const char *name, Value *to, Error *e)
{
    char *directory = lesson_directory(l, i);
    Value *result = call_need_json(directory, "result.json", e);
    mem_free(directory);
    if (result)
        value_set(to, name, result);
    return result || error_prefix(e, "distill: seed %zu, %s has left no result: ", i / 2 + 1, name);
}

/* NULL: a result cannot be read. */
static Value *make_result(const Lesson *l, Error *e)
{
    Value *v = value_map(), *seeds = value_list();
    bool ok = true;
    for (size_t i = 0; ok && i < (size_t)l->plan->seeds; i++) {
        Value *one = value_map();
        value_set(one, "seed", value_int((int64_t)(call_seed(l->p, &l->plan->base) + i)));
        ok = add_lesson(l, 2 * i, "student", one, e) && add_lesson(l, 2 * i + 1, "alone", one, e);
        value_add(seeds, one);
    }
    if (!ok) {
        value_free(v);
        value_free(seeds);
        return NULL;
    }
    value_set(v, "temperature", value_real(l->plan->temperature));
    value_set(v, "alpha", value_real(l->plan->alpha));
    value_set(v, "seeds", seeds);
    value_set(v, "notes", value_texts(&l->notes));
    return v;
}

static bool run_lesson(Lesson *l, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = l,
                 .piece = "net",
                 .count = 2 * (size_t)l->plan->seeds,
                 .jobs = l->plan->jobs,
                 .run = l->call.run,
                 .is_done = is_done,
                 .work = work,
                 .ended = ended};
    if (!call_prepare(l->c, l->p, &l->data, e))
        return false;
    if (!train_check_teachable(l->data->target.name, target_classes(&l->data->target), e))
        return false;
    if (!start_event(l, e) || !tell_seen(l, PART_VALID, e) || !tell_seen(l, PART_TEST, e) || !write_teacher(l, e) || !write_logits(l, e))
        return false;
    bool ok = farm_run(l->c->job, &farm, &stopped, e);
    if (ok && stopped)
        ok = error_set(e, ERROR_CANCELED, "distillation was stopped; what is done is kept");
    Error ignored = {0};
    Value *v = value_map();
    value_set(v, "status", value_text(ok ? "done" : stopped ? "stopped" : "failed"));
    if (ok || stopped || e->code != ERROR_CANCELED)
        run_event(l->call.run, "end", v, true, &ignored);
    else
        value_free(v);
    return ok;
}

static Value *lesson_plan(const Pipeline *p, const DistillPlan *plan, const Bundle *teacher)
{
    Value *v = call_plan(p, &distill_spec, plan);
    char hash[HASH_ROOM];
    bundle_hash(teacher, hash);
    value_set(v, "teacher", value_text(hash));
    return v;
}

bool call_distill(CallContext *c, const Pipeline *p, const DistillPlan *plan, const Bundle *teacher, Distilled **out, Error *e)
{
    Lesson l = {.c = c, .p = p, .plan = plan, .teacher = teacher};
    *out = NULL;
    if (!teacher)
        return error_set(e, ERROR_USAGE, "distill needs a teacher: a trained or loaded model");
    if (!call_begin(c, &l.call, "distill", plan->base.name, lesson_plan(p, plan, teacher), e))
        return false;
    const Value *stored = l.call.stored;
    bool ok = stored || run_lesson(&l, e);
    Value *result = !ok ? NULL : stored ? value_copy(stored) : make_result(&l, e);
    ok = result != NULL;
    if (ok && !stored)
        ok = call_write_json(l.call.directory, "summary.json", result, e) && call_end(c, &l.call, result, e);
    Distilled *d = ok ? load_all(&l, e) : NULL;
    if (d)
        d->result = result;
    else
        value_free(result);
    mem_free(l.logits);
    text_list_done(&l.notes);
    prepared_free(l.data);
    call_done(&l.call);
    *out = d;
    return d != NULL;
}
