/* limbeck bench p8: a 32-64-64-2 net, one thread: microseconds of one row, and rows a second of 10,000. */
#include "base/clock.h"
#include "cli/bench.h"
#include "net/net.h"

enum { INPUTS = 32, OUTPUTS = 2, ROWS = 10000, CALLS = 5000, TRIES = 30 };

static Model *make_net(Error *e)
{
    SpecList layers = {0};
    Value *mlp = value_map(), *widths = value_list();
    NetInput input = net_input(shape_vector(INPUTS));
    value_add(widths, value_int(64));
    value_add(widths, value_int(64));
    value_set(mlp, "widths", widths);
    Model *m = net_preset("mlp", mlp, &layers, e) ? model_new(&layers, &input, OUTPUTS, 1, e) : NULL;
    spec_list_done(&layers);
    value_free(mlp);
    return m;
}

typedef struct Probe {
    const Model *m;
    ModelScratch *scratch;
    const float *x;
    float *logits;
    double times[CALLS], many[TRIES];
} Probe;

/* A call takes about as long as reading the clock twice: many in a row are timed, and divided. */
static bool measure(Probe *p, Error *e)
{
    enum { TOGETHER = 16 };
    for (size_t i = 0; i < CALLS; i++) {
        double start = clock_now();
        for (size_t k = 0; k < TOGETHER; k++)
            if (!model_infer(p->m, p->scratch, p->x + (i + k) % ROWS * INPUTS, 1, p->logits, e))
                return false;
        p->times[i] = (clock_now() - start) / TOGETHER;
    }
    for (size_t i = 0; i < TRIES; i++) {
        double start = clock_now();
        if (!model_infer(p->m, p->scratch, p->x, ROWS, p->logits, e))
            return false;
        p->many[i] = ROWS / (clock_now() - start);
    }
    return true;
}

bool bench_infer(const CliCall *call, Error *e)
{
    Probe *p = MEM_NEW(Probe);
    float *x = mem_alloc((size_t)ROWS * INPUTS * sizeof *x);
    int32_t *labels = mem_alloc(ROWS * sizeof *labels);
    Model *m = make_net(e);
    bench_generate(ROWS, INPUTS, x, labels);
    p->m = m;
    p->x = x;
    p->logits = mem_alloc((size_t)ROWS * OUTPUTS * sizeof *p->logits);
    p->scratch = m ? model_scratch(m, e) : NULL;
    bool ok = p->scratch && measure(p, e);
    if (ok)
        bench_print(call,
                    (BenchFigure[]){{"p50 us", bench_quantile(p->times, CALLS, 0.5) * 1e6, 3},
                                    {"p99 us", bench_quantile(p->times, CALLS, 0.99) * 1e6, 3},
                                    {"rows/s", bench_quantile(p->many, TRIES, 0.5), 0}},
                    3);
    model_scratch_free(p->scratch);
    model_free(m);
    mem_free(p->logits);
    mem_free(labels);
    mem_free(x);
    mem_free(p);
    return ok;
}
