/* The bench of regularization as a call: every variant with every seed is a training of its own below one run. */
#include "learn/farm.h"
#include "learn/regularize_judge.h"

#include "learn/batch.h"

char *bench_directory(const Bench *b, size_t piece)
{
    return text_format("%s/seeds/%02zu/%s", b->call.directory, piece / b->count + 1, variant_names[b->tried[piece % b->count]]);
}

static bool work(void *self, size_t i, Error *e)
{
    const Bench *b = self;
    char *directory = bench_directory(b, i);
    Value *result = NULL;
    ChildTask task = {.directory = directory,
                      .kind = "seed",
                      .train = {.data = b->data,
                                .plan = b->plans[b->tried[i % b->count]],
                                .plan_hash = b->call.plan_hash,
                                .threads = 1,
                                .seed = call_seed(b->p, &b->plan->base) + i / b->count}};
    bool ok = child_train(b->c->job, &task, &result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

static bool is_done(void *self, size_t i)
{
    char *directory = bench_directory(self, i);
    Value *v = call_read_json(directory, "result.json");
    bool done = text_equal(value_get_text(v, "status", ""), "done");
    value_free(v);
    mem_free(directory);
    return done;
}

/* Beside the script, and in the run of the call, which may be watched alone. */
static bool put_card(const Bench *b, const Value *card, Error *e)
{
    return call_write_json(b->call.directory, REGULARIZE_CARD, card, e) && call_show(b->c, REGULARIZE_CARD, card, e);
}

static bool show(const Bench *b, Error *e)
{
    Value *card = bench_card(b);
    bool ok = put_card(b, card, e);
    value_free(card);
    return ok;
}

static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    Bench *b = self;
    if (failed)
        *e = *failed;
    return failed ? error_prefix(e, "%s, seed %zu: ", variant_names[b->tried[i % b->count]], i / b->count + 1)
                  : bench_measure(b, i, e) && show(b, e);
}

static bool is_wanted(const RegularizePlan *plan, Variant v)
{
    return v == VARIANT_NONE || !plan->variants.count || text_list_has(&plan->variants, variant_names[v]);
}

/* A variant that the net has no place for is left out where nobody named it. */
static bool add_variant(Bench *b, Variant v, Error *e)
{
    Error why = {0};
    TrainPlan *own = params_copy(&train_spec, &b->plan->base);
    if (variant_apply(own, v, b->plan, &why)) {
        b->plans[v] = own;
        b->figures[b->count] = value_list();
        b->tried[b->count++] = v;
        return true;
    }
    params_free(&train_spec, own);
    *e = why;
    if (v == VARIANT_NONE || b->plan->variants.count)
        return v == VARIANT_NONE ? false : error_prefix(e, "regularize: %s: ", variant_names[v]);
    char *line = text_format("%s is left out: %s", variant_names[v], why.message);
    text_list_add(&b->left, line);
    mem_free(line);
    error_clear(e);
    return true;
}

static bool start_event(Bench *b, Error *e)
{
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "seeds", value_int(b->plan->seeds));
    value_set(v, "variants", value_int((int64_t)b->count));
    value_set(v, "epochs", value_int(b->plan->base.epochs));
    value_set(v, "rows", value_int((int64_t)b->data->data[PART_TRAIN].rows));
    return run_event(b->call.run, "start", v, true, e);
}

static bool begin(Bench *b, Error *e)
{
    if (!call_prepare(b->c, b->p, &b->data, e))
        return false;
    if (!b->data->data[PART_VALID].rows)
        return error_set(e, ERROR_USAGE, "regularize: the validation part has no rows to judge on; give the split one");
    b->metric = metric_leading(target_classes(&b->data->target));
    b->noise.seed = call_seed(b->p, &b->plan->base);
    b->noise.draws = (size_t)b->plan->draws;
    for (Variant v = VARIANT_NONE; v < VARIANTS; v++)
        if (is_wanted(b->plan, v) && !add_variant(b, v, e))
            return false;
    return noise_begin(&b->noise, b->data, PART_VALID, &b->plans[VARIANT_NONE]->net, e) && start_event(b, e);
}

/* Of an earlier life of the run. */
static bool measure_done(Bench *b, size_t pieces, Error *e)
{
    for (size_t i = 0; i < pieces; i++)
        if (is_done(b, i) && !bench_measure(b, i, e))
            return false;
    return show(b, e);
}

static Value *run_bench(Bench *b, Error *e)
{
    bool stopped = false;
    size_t pieces = b->count * (size_t)b->plan->seeds;
    Farm farm = {.self = b,
                 .piece = "net",
                 .count = pieces,
                 .jobs = b->plan->jobs,
                 .run = b->call.run,
                 .is_done = is_done,
                 .work = work,
                 .ended = ended};
    bool ok = measure_done(b, pieces, e) && farm_run(b->c->job, &farm, &stopped, e);
    if (ok && stopped)
        ok = error_set(e, ERROR_CANCELED, "the bench was stopped; the nets that are done are kept");
    Value *card = ok ? bench_card(b) : NULL;
    ok = ok && bench_judge(b, card, e) && put_card(b, card, e);
    if (ok || stopped || e->code != ERROR_CANCELED) {
        Error ignored = {0};
        Value *v = value_map();
        value_set(v, "status", value_text(ok ? "done" : stopped ? "stopped" : "failed"));
        run_event(b->call.run, "end", v, true, &ignored);
    }
    if (ok)
        return card;
    value_free(card);
    return NULL;
}

static void bench_done(Bench *b)
{
    for (size_t v = 0; v < VARIANTS; v++) {
        params_free(&train_spec, b->plans[v]);
        value_free(b->figures[v]);
    }
    noise_done(&b->noise);
    text_list_done(&b->left);
    prepared_free(b->data);
    call_done(&b->call);
}

bool regularize(CallContext *c, const Pipeline *p, const RegularizePlan *plan, Value **result, Error *e)
{
    Bench b = {.c = c, .p = p, .plan = plan};
    *result = NULL;
    if (!pipeline_target_column(p))
        return error_set(e, ERROR_USAGE,
                         "regularize: target = \"input\" has no metric that decides; name the column that tells normal rows as the target");
    if (!call_begin(c, &b.call, REGULARIZE_KIND, plan->base.name, call_plan(p, &regularize_spec, plan), e))
        return false;
    if (b.call.stored)
        *result = value_copy(b.call.stored);
    else if (begin(&b, e))
        *result = run_bench(&b, e);
    bool ok = *result && (b.call.stored || call_end(c, &b.call, *result, e));
    if (!ok) {
        value_free(*result);
        *result = NULL;
    }
    bench_done(&b);
    return ok;
}
