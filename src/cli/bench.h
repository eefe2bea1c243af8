/* Benchmarks that the program runs on itself, one function each; tests/bench runs them side by side with their peers. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "cli/cli.h"

typedef struct BenchOptions {
    int64_t batch, epochs;
    bool bn, large, json;
} BenchOptions;

/* Figures as "name value" lines, or as one JSON object. */
typedef struct BenchFigure {
    const char *name;
    double value;
    int decimals;
} BenchFigure;
double bench_quantile(double *x, size_t count, double share); /* sorts x */
void bench_print(const CliCall *call, const BenchFigure *figures, size_t count);

bool bench_train(const CliCall *call, const char *which, Error *e); /* "p4", "p5-1d", "p5-2d" */
bool bench_infer(const CliCall *call, Error *e);                    /* p8 */
bool bench_conv(const CliCall *call, Error *e);                     /* convolutions beside what multiply-adds alone reach */
bool bench_table(const CliCall *call, const char *path, bool profiles, Error *e);
bool bench_sound(const CliCall *call, const char *folder, Error *e); /* p11; folder NULL: made sounds */
bool bench_steps(const CliCall *call, Error *e);

/* rows * width floats of $BENCH_DIR/NAME_X.f32, and rows classes of NAME_y.u8 when labels is not NULL. False: not there. */
bool bench_read(const char *name, size_t rows, size_t width, float *x, int32_t *labels);
/* Labels of a fixed random tanh net on normal numbers, plus noise: two classes; the best possible accuracy is about 0.93. */
void bench_generate(size_t rows, size_t width, float *x, int32_t *labels);

#endif
