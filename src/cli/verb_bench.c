/* limbeck bench p1 FILE and p2 FILE: seconds to load a table, and to profile it. limbeck bench steps FILE: seconds
 * of steps on a table. limbeck bench p4: training speed of a
 * 32-256-256-2 net with Adam on 100,000 rows, reshuffled every epoch; shuffling and gathering are included, the final test
 * on 20,000 rows is not. Data: mlp_X.f32 and mlp_y.u8 in $BENCH_DIR, or made here by the same rule. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "cli/cli.h"
#include "net/net.h"
#include "num/rows.h"
#include "steps/recipe.h"
#include "table/profile.h"
#include "table/reader.h"

enum { INPUTS = 32, TRAIN = 100000, TEST = 20000, ROWS = TRAIN + TEST, HIDDEN = 24, EPOCHS = 1000 };

typedef struct BenchOptions {
    int64_t batch, epochs;
    bool bn;
} BenchOptions;

static const Field fields[] = {
    {INT_FIELD(BenchOptions, batch), .doc = "rows of a minibatch", .def = "256", .min = 1, .max = TRAIN},
    {INT_FIELD(BenchOptions, epochs), .doc = "passes over the data", .def = "5", .min = 1, .max = EPOCHS},
    {FLAG_FIELD(BenchOptions, bn), .doc = "with batch_norm and dropout 0.2", .def = "false"},
    {.name = NULL},
};

typedef struct BenchData {
    float *x;
    int32_t *labels;
    bool is_generated;
} BenchData;

static bool read_data(BenchData *d)
{
    const char *directory = getenv("BENCH_DIR");
    char *x_path = io_join(directory ? directory : "/tmp/bench", "mlp_X.f32"), *x = NULL;
    char *y_path = io_join(directory ? directory : "/tmp/bench", "mlp_y.u8"), *y = NULL;
    size_t x_size = 0, y_size = 0, x_bytes = (size_t)ROWS * INPUTS * sizeof(float);
    Error ignored = {0};
    bool ok = io_read_file(x_path, x_bytes, &x, &x_size, &ignored) && io_read_file(y_path, ROWS, &y, &y_size, &ignored) &&
              x_size == x_bytes && y_size == ROWS;
    if (ok) {
        memcpy(d->x, x, x_size);
        for (size_t r = 0; r < ROWS; r++)
            d->labels[r] = y[r] & 1;
    }
    mem_free(x);
    mem_free(y);
    mem_free(x_path);
    mem_free(y_path);
    return ok;
}

static double signal_of(const float *x, const double *weights, const double *out)
{
    double z = 0;
    for (int h = 0; h < HIDDEN; h++) {
        double sum = 0;
        for (int i = 0; i < INPUTS; i++)
            sum += (double)x[i] * weights[i * HIDDEN + h];
        z += tanh(sum) * out[h];
    }
    return z;
}

/* Labels of a fixed random tanh net plus noise; the best possible accuracy is about 0.93. */
static void generate(BenchData *d)
{
    double weights[INPUTS * HIDDEN], out[HIDDEN], *z = mem_alloc(ROWS * sizeof *z), mean = 0, squares = 0;
    Rng r = rng_begin(rng_key(20240503, "bench"));
    for (int i = 0; i < INPUTS * HIDDEN; i++)
        weights[i] = rng_normal(&r) * 1.5 / sqrt(INPUTS);
    for (int h = 0; h < HIDDEN; h++)
        out[h] = rng_normal(&r);
    for (size_t i = 0; i < (size_t)ROWS * INPUTS; i++)
        d->x[i] = (float)rng_normal(&r);
    for (size_t i = 0; i < ROWS; i++) {
        z[i] = signal_of(d->x + i * INPUTS, weights, out);
        mean += z[i] / ROWS;
    }
    for (size_t i = 0; i < ROWS; i++)
        squares += (z[i] - mean) * (z[i] - mean) / ROWS;
    for (size_t i = 0; i < ROWS; i++)
        d->labels[i] = z[i] + 0.2 * sqrt(squares) * rng_normal(&r) > 0;
    d->is_generated = true;
    mem_free(z);
}

/* 32-256-256-2, weights uniform in +- 1 / sqrt(inputs). */
static Model *make_net(const BenchOptions *o, uint64_t seed, Error *e)
{
    SpecList layers;
    Value *mlp = value_map(), *widths = value_list(), *uniform = value_text("uniform");
    value_add(widths, value_int(256));
    value_add(widths, value_int(256));
    value_set(mlp, "widths", widths);
    value_set(mlp, "batch_norm", value_flag(o->bn));
    value_set(mlp, "dropout", value_real(o->bn ? 0.2 : 0));
    Model *m = NULL;
    NetInput input = net_input(shape_vector(INPUTS));
    bool ok = net_preset("mlp", mlp, &layers, e);
    for (size_t i = 0; ok && i < layers.count; i++) {
        const Field *init = fields_find(layers.items[i].spec->params, "init");
        ok = !init || field_set(init, layers.items[i].params, uniform, "mlp", e);
    }
    if (ok)
        m = model_new(&layers, &input, 2, seed, e);
    spec_list_done(&layers);
    value_free(uniform);
    value_free(mlp);
    return m;
}

typedef struct Bench {
    const BenchOptions *options;
    BenchData data;
    Trainer *trainer;
    BatchPlan batches;
    uint32_t *order;
    float *x;
    int32_t *labels;
    uint64_t *ids;
    double rates[EPOCHS];
} Bench;

static void train_epoch(Bench *b, int64_t epoch, uint64_t seed)
{
    size_t hits;
    Rng r = rng_begin(rng_child(rng_key(seed, "shuffle"), (uint64_t)epoch));
    rng_shuffle(&r, b->order, TRAIN);
    for (int64_t step = 0; step < b->batches.steps; step++) {
        size_t from = (size_t)batch_plan_from(&b->batches, step), rows = (size_t)batch_plan_from(&b->batches, step + 1) - from;
        rows_gather(b->data.x, INPUTS, b->order + from, rows, b->x);
        for (size_t i = 0; i < rows; i++) {
            size_t row = b->order[from + i];
            b->labels[i] = b->data.labels[row];
            b->ids[i] = row;
        }
        Batch part = {.x = b->x, .labels = b->labels, .row_ids = b->ids, .rows = rows};
        trainer_step(b->trainer, &part, 1e-3, epoch, &hits);
    }
}

static int compare_reals(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool test_accuracy(const Bench *b, double *accuracy, Error *e)
{
    float *logits = mem_try_alloc((size_t)TEST * 2, sizeof *logits, e);
    if (!logits || !trainer_evaluate(b->trainer, b->data.x + (size_t)TRAIN * INPUTS, TEST, logits, e)) {
        mem_free(logits);
        return false;
    }
    size_t hits = 0;
    for (size_t r = 0; r < TEST; r++)
        hits += (logits[2 * r + 1] > logits[2 * r]) == b->data.labels[TRAIN + r];
    *accuracy = (double)hits / TEST;
    mem_free(logits);
    return true;
}

static bool measure(Bench *b, uint64_t seed, Error *e)
{
    double accuracy;
    for (uint32_t i = 0; i < TRAIN; i++)
        b->order[i] = i;
    for (int64_t epoch = 0; epoch < b->options->epochs; epoch++) {
        double start = clock_now();
        train_epoch(b, epoch, seed);
        b->rates[epoch] = TRAIN / (clock_now() - start);
    }
    if (!test_accuracy(b, &accuracy, e))
        return false;
    qsort(b->rates, (size_t)b->options->epochs, sizeof *b->rates, compare_reals);
    char *text = text_format("samples/s %.0f\naccuracy %.4f\n", b->rates[b->options->epochs / 2], accuracy);
    io_print(1, text);
    mem_free(text);
    return true;
}

static bool make_room(Bench *b, Arena *arena, Error *e)
{
    size_t batch = (size_t)b->batches.most;
    b->data.x = arena_alloc(arena, (size_t)ROWS * INPUTS, sizeof(float), e);
    b->data.labels = arena_alloc(arena, ROWS, sizeof(int32_t), e);
    b->order = arena_alloc(arena, TRAIN, sizeof(uint32_t), e);
    b->x = arena_alloc(arena, batch * INPUTS, sizeof(float), e);
    b->labels = arena_alloc(arena, batch, sizeof(int32_t), e);
    b->ids = arena_alloc(arena, batch, sizeof(uint64_t), e);
    return b->data.x && b->data.labels && b->order && b->x && b->labels && b->ids;
}

static bool bench_p4(const CliCall *call, Error *e)
{
    Bench *b = MEM_NEW(Bench);
    Arena arena = {0};
    uint64_t seed = call->job->seed ? call->job->seed : 1;
    b->options = call->params;
    Model *m = make_net(b->options, seed, e);
    bool ok = m && batch_plan_make(&b->batches, m, TRAIN, b->options->batch, e) && make_room(b, &arena, e);
    if (ok && !read_data(&b->data))
        generate(&b->data);
    if (ok && !call->options->quiet)
        io_print(2,
                 b->data.is_generated ? "data: generated by the same rule (no mlp_X.f32 in BENCH_DIR)\n" : "data: mlp_X.f32, mlp_y.u8\n");
    TrainerPlan plan = {.batch = b->batches.most, .threads = call->job->threads, .classes = true, .seed = seed};
    b->trainer = ok ? trainer_new(m, &plan, e) : NULL;
    ok = b->trainer && measure(b, seed, e);
    trainer_free(b->trainer);
    model_free(m);
    arena_done(&arena);
    mem_free(b);
    return ok;
}

/* What the user waits for: a typed table in memory, then its exact figures and findings. */
static bool bench_table(const CliCall *call, const char *path, bool profiles, Error *e)
{
    double start = clock_now();
    Table *t = table_read(call->job, path, NULL, e);
    double loaded = clock_now();
    Profile *p = t && profiles ? profile_table(call->job, t, NULL, NULL, e) : NULL;
    double end = clock_now();
    bool ok = t && (p || !profiles);
    if (ok) {
        Text out = {0};
        text_addf(&out, "rows %zu\nload %.3f s\n", t->rows, loaded - start);
        if (profiles)
            text_addf(&out, "profile %.3f s\n", end - loaded);
        text_addf(&out, "rss %.0f MiB\n", (double)proc_peak_memory() / 1048576);
        io_print(1, text_get(&out));
        text_done(&out);
    }
    profile_free(p);
    table_unref(t);
    return ok;
}

/* "log1p {...}" as a recipe of one step. */
static Recipe *step_of_word(const char *word, Error *e)
{
    const char *brace = strchr(word, '{');
    size_t size = brace ? (size_t)(brace - word) : strlen(word);
    while (size && word[size - 1] == ' ')
        size--;
    char *name = mem_strndup(word, size);
    Value *use = brace ? json_parse(brace, strlen(brace), e) : value_map(), *list = value_list();
    if (use)
        value_set(use, "step", value_text(name));
    if (use)
        value_add(list, use);
    Recipe *r = use ? recipe_from_value(list, e) : NULL;
    value_free(list);
    mem_free(name);
    return r;
}

/* Seconds of each step on the table as read, its best of three, and what came out. */
static bool bench_step(const CliCall *call, const Table *t, const char *word, Error *e)
{
    enum { TRIES = 3 };
    Roles none = {0};
    Recipe *r = step_of_word(word, e);
    double best = INFINITY;
    size_t rows = 0;
    bool ok = r != NULL;
    for (int i = 0; ok && i < TRIES; i++) {
        Table *out = NULL;
        double start = clock_now();
        Recipe *fitted = recipe_fit(call->job, r, t, &none, 1, &out, e);
        double seconds = clock_now() - start;
        ok = fitted != NULL;
        best = seconds < best ? seconds : best;
        rows = out ? out->rows : 0;
        table_unref(out);
        recipe_unref(fitted);
    }
    recipe_unref(r);
    if (!ok)
        return false;
    char *line = text_format("%.3f s, %zu rows: %s\n", best, rows, word);
    io_print(1, line);
    mem_free(line);
    return true;
}

static bool bench_steps(const CliCall *call, Error *e)
{
    const TextList *words = call->words;
    Table *t = table_read(call->job, words->items[1], NULL, e);
    bool ok = t != NULL;
    for (size_t i = 2; ok && i < words->count; i++)
        ok = bench_step(call, t, words->items[i], e);
    table_unref(t);
    char *line = text_format("rss %.0f MiB\n", (double)proc_peak_memory() / 1048576);
    if (ok)
        io_print(1, line);
    mem_free(line);
    return ok;
}

static int bench_run(const CliCall *call, Error *e)
{
    const TextList *words = call->words;
    if (words->count == 1 && text_equal(words->items[0], "p4"))
        return bench_p4(call, e) ? 0 : 1;
    bool loads = words->count == 2 && text_equal(words->items[0], "p1"), profiles = words->count == 2 && text_equal(words->items[0], "p2");
    if (loads || profiles)
        return bench_table(call, words->items[1], profiles, e) ? 0 : 1;
    if (words->count > 2 && text_equal(words->items[0], "steps"))
        return bench_steps(call, e) ? 0 : 1;
    error_set(e, ERROR_USAGE, "which benchmark? there are: limbeck bench p1 FILE, p2 FILE, p4, and steps FILE 'STEP {JSON}' ...");
    return 2;
}

const Verb verb_bench = {
    .spec = {.name = "bench",
             .doc = "measure loading, profiling or training",
             .group = "examine",
             .params = fields,
             .params_size = sizeof(BenchOptions)},
    .usage = "p1 FILE | p2 FILE | steps FILE 'STEP {JSON}' ... | p4 [--batch 256] [--epochs 5] [--bn] [--threads N]",
    .run = bench_run,
};
