/* limbeck bench p4: training speed of a 32-256-256-2 net with Adam on 100,000 rows, reshuffled every epoch (--bn: with batch_norm and
 * dropout; --large: 512-2048-2048-10 on noise). table: 32-64-64-2 on the first 7,000 of them. p5-1d, p5-2d: nets of convolutions, and
 * their evaluation. Shuffling and gathering are included, the final test is not. */
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "cli/bench.h"
#include "net/net.h"
#include "num/rows.h"

enum { MOST_EPOCHS = 1000 };

typedef struct Workload {
    const char *name, *data, *net;
    Shape in;
    size_t train, test;
    int64_t outputs, batch, epochs;
} Workload;

#define DENSE(width) "{\"layer\":\"dense\",\"width\":" #width "}"
#define NORM "{\"layer\":\"batch_norm\"}"
#define RELU "{\"layer\":\"relu\"}"
#define DROP "{\"layer\":\"dropout\",\"rate\":0.2}"
#define CONV(dim, filters, kernel) "{\"layer\":\"conv" #dim "d\",\"filters\":" #filters ",\"kernel\":" #kernel "}," NORM "," RELU
#define POOL "{\"layer\":\"max_pool\"}"
#define MEAN "{\"layer\":\"global_pool\",\"kind\":\"average\"}"

static const Workload workloads[] = {
    {"p4", "mlp", "[" DENSE(256) "," RELU "," DENSE(256) "," RELU "]", SHAPE_VECTOR(32), 100000, 20000, 2, 256, 5},
    {"p4-bn", "mlp", "[" DENSE(256) "," NORM "," RELU "," DROP "," DENSE(256) "," NORM "," RELU "," DROP "]", SHAPE_VECTOR(32), 100000,
     20000, 2, 256, 5},
    {"p4-large", "", "[" DENSE(2048) "," RELU "," DENSE(2048) "," RELU "]", SHAPE_VECTOR(512), 20480, 0, 10, 512, 2},
    {"table", "mlp", "[" DENSE(64) "," RELU "," DENSE(64) "," RELU "]", SHAPE_VECTOR(32), 7000, 20000, 2, 128, 30},
    {"p5-1d", "cnn1d", "[" CONV(1, 32, 5) "," POOL "," CONV(1, 64, 5) "," POOL "," CONV(1, 128, 3) "," MEAN "]", SHAPE_SEQUENCE(128, 1),
     20000, 4000, 2, 128, 3},
    {"p5-2d", "cnn2d", "[" CONV(2, 32, 3) "," POOL "," CONV(2, 64, 3) "," POOL "," CONV(2, 64, 3) "," MEAN "]", SHAPE_IMAGE(40, 49, 1),
     5000, 1000, 12, 64, 3},
};

typedef struct Bench {
    Workload load; /* with what the options say */
    Trainer *trainer;
    BatchPlan batches;
    float *x, *rows, *logits;
    int32_t *labels, *batch_labels;
    uint32_t *order;
    uint64_t *ids;
    double rates[MOST_EPOCHS], forward[MOST_EPOCHS], accuracy;
} Bench;

static Model *make_net(const Bench *b, uint64_t seed, Error *e)
{
    SpecList layers = {0};
    NetInput input = net_input(b->load.in);
    Value *v = json_parse(b->load.net, strlen(b->load.net), e);
    Model *m = v && spec_list_from_value(&layers, "layer", v, "net", e) ? model_new(&layers, &input, b->load.outputs, seed, e) : NULL;
    spec_list_done(&layers);
    value_free(v);
    return m;
}

static void train_epoch(Bench *b, int64_t epoch, uint64_t seed)
{
    size_t hits, width = (size_t)shape_size(b->load.in);
    Rng r = rng_begin(rng_child(rng_key(seed, "shuffle"), (uint64_t)epoch));
    rng_shuffle(&r, b->order, b->load.train);
    for (int64_t step = 0; step < b->batches.steps; step++) {
        size_t from = (size_t)batch_plan_from(&b->batches, step), rows = (size_t)batch_plan_from(&b->batches, step + 1) - from;
        rows_gather(b->x, width, b->order + from, rows, b->rows);
        for (size_t i = 0; i < rows; i++) {
            size_t row = b->order[from + i];
            b->batch_labels[i] = b->labels[row];
            b->ids[i] = row;
        }
        Batch part = {.x = b->rows, .labels = b->batch_labels, .row_ids = b->ids, .rows = rows};
        trainer_step(b->trainer, &part, 1e-3, epoch, &hits);
    }
}

static bool evaluate_all(Bench *b, int64_t epoch, Error *e)
{
    double start = clock_now();
    bool ok = trainer_evaluate(b->trainer, b->x, b->load.train, b->logits, e);
    b->forward[epoch] = (double)b->load.train / (clock_now() - start);
    return ok;
}

static bool test_accuracy(Bench *b, Error *e)
{
    size_t hits = 0, width = (size_t)shape_size(b->load.in), outputs = (size_t)b->load.outputs;
    if (!b->load.test)
        return true;
    if (!trainer_evaluate(b->trainer, b->x + b->load.train * width, b->load.test, b->logits, e))
        return false;
    for (size_t r = 0; r < b->load.test; r++) {
        const float *row = b->logits + r * outputs;
        size_t best = 0;
        for (size_t c = 1; c < outputs; c++)
            best = row[c] > row[best] ? c : best;
        hits += best == (size_t)b->labels[b->load.train + r];
    }
    b->accuracy = (double)hits / (double)b->load.test;
    return true;
}

static bool measure(Bench *b, uint64_t seed, Error *e)
{
    for (uint32_t i = 0; i < b->load.train; i++)
        b->order[i] = i;
    for (int64_t epoch = 0; epoch < b->load.epochs; epoch++) {
        double start = clock_now();
        train_epoch(b, epoch, seed);
        b->rates[epoch] = (double)b->load.train / (clock_now() - start);
        if (!evaluate_all(b, epoch, e))
            return false;
    }
    return test_accuracy(b, e);
}

static bool make_room(Bench *b, Arena *arena, Error *e)
{
    size_t batch = (size_t)b->batches.most, rows = b->load.train + b->load.test, width = (size_t)shape_size(b->load.in);
    b->x = arena_alloc(arena, rows * width, sizeof(float), e);
    b->labels = arena_alloc(arena, rows, sizeof(int32_t), e);
    b->logits = arena_alloc(arena, rows * (size_t)b->load.outputs, sizeof(float), e);
    b->order = arena_alloc(arena, rows, sizeof(uint32_t), e);
    b->rows = arena_alloc(arena, batch * width, sizeof(float), e);
    b->batch_labels = arena_alloc(arena, batch, sizeof(int32_t), e);
    b->ids = arena_alloc(arena, batch, sizeof(uint64_t), e);
    return b->x && b->labels && b->logits && b->order && b->rows && b->batch_labels && b->ids;
}

static void make_data(Bench *b, const CliCall *call)
{
    size_t rows = b->load.train + b->load.test, width = (size_t)shape_size(b->load.in);
    bool is_read = *b->load.data && bench_read(b->load.data, rows, width, b->x, b->labels);
    if (!is_read)
        bench_generate(rows, width, b->x, b->labels);
    if (!call->options->quiet)
        io_print(2, is_read ? "data: files of BENCH_DIR\n" : "data: generated; accuracies are not those of the files\n");
}

static bool choose(Bench *b, const CliCall *call, const char *which, Error *e)
{
    const BenchOptions *o = call->params;
    char *name = text_format("%s%s", which, o->bn ? "-bn" : o->large ? "-large" : "");
    const Workload *found = NULL;
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (text_equal(workloads[i].name, name))
            found = &workloads[i];
    mem_free(name);
    if (!found)
        return error_set(e, ERROR_USAGE, "bench %s has no such form; --bn and --large are forms of p4", which);
    b->load = *found;
    b->load.batch = o->batch ? o->batch : b->load.batch;
    b->load.epochs = o->epochs ? o->epochs : b->load.epochs;
    return true;
}

bool bench_train(const CliCall *call, const char *which, Error *e)
{
    Bench *b = MEM_NEW(Bench);
    Arena arena = {0};
    uint64_t seed = call->job->seed ? call->job->seed : 1;
    Model *m = choose(b, call, which, e) ? make_net(b, seed, e) : NULL;
    bool ok = m && batch_plan_make(&b->batches, m, (int64_t)b->load.train, b->load.batch, e) && make_room(b, &arena, e);
    if (ok)
        make_data(b, call);
    TrainerPlan plan = {.batch = b->batches.most, .threads = call->job->threads, .classes = true, .seed = seed};
    b->trainer = ok ? trainer_new(m, &plan, e) : NULL;
    ok = b->trainer && measure(b, seed, e);
    if (ok)
        bench_print(call,
                    (BenchFigure[]){{"samples/s", bench_quantile(b->rates, (size_t)b->load.epochs, 0.5), 0},
                                    {"forward/s", bench_quantile(b->forward, (size_t)b->load.epochs, 0.5), 0},
                                    {"test accuracy", b->accuracy, 4},
                                    {"rss MiB", (double)proc_peak_memory() / 1048576, 0}},
                    4);
    trainer_free(b->trainer);
    model_free(m);
    arena_done(&arena);
    mem_free(b);
    return ok;
}
