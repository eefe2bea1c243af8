/* The few functions of XGBoost's C interface that are used (xgboost/c_api.h, the same since version 0.7), found by name at run time. */
#include "num/trees.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include <stdio.h>

#include "base/mem.h"

enum { ROUNDS = 100 };

typedef void *Handle; /* a DMatrix or a Booster */

typedef struct Library {
    int (*matrix)(const float *data, uint64_t rows, uint64_t width, float missing, Handle *out);
    int (*set_floats)(Handle matrix, const char *field, const float *values, uint64_t count);
    int (*free_matrix)(Handle matrix);
    int (*booster)(const Handle matrices[], uint64_t count, Handle *out);
    int (*set)(Handle booster, const char *name, const char *value);
    int (*update)(Handle booster, int round, Handle matrix);
    int (*predict)(Handle booster, Handle matrix, int option, unsigned trees, int training, uint64_t *count, const float **out);
    int (*free_booster)(Handle booster);
    const char *(*last_error)(void);
    bool is_there;
} Library;

static Library library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void)
{
    static const char *const files[] = {"libxgboost.so.0", "libxgboost.so"}, *const names[] = {
                                                                                 "XGDMatrixCreateFromMat", "XGDMatrixSetFloatInfo",
                                                                                 "XGDMatrixFree",          "XGBoosterCreate",
                                                                                 "XGBoosterSetParam",      "XGBoosterUpdateOneIter",
                                                                                 "XGBoosterPredict",       "XGBoosterFree",
                                                                                 "XGBGetLastError"};
    void *file = NULL, *slots[] = {&library.matrix, &library.set_floats, &library.free_matrix,  &library.booster,   &library.set,
                                   &library.update, &library.predict,    &library.free_booster, &library.last_error};
    for (size_t i = 0; i < sizeof files / sizeof *files && !file; i++)
        file = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    library.is_there = file != NULL;
    for (size_t i = 0; file && i < sizeof names / sizeof *names; i++) {
        void *found = dlsym(file, names[i]);
        memcpy(slots[i], &found, sizeof found); /* a function is no object: there is no cast between their pointers */
        library.is_there = library.is_there && found;
    }
}

bool trees_are_there(void)
{
    pthread_once(&once, open_library);
    return library.is_there;
}

static bool refused(Error *e)
{
    char line[200];
    const char *said = library.last_error();
    snprintf(line, sizeof line, "%.*s", (int)strcspn(said, "\n"), said);
    return error_set(e, ERROR_FAILED, "XGBoost: %s", line);
}

static bool set_all(const TreesTask *t, Handle booster, Error *e)
{
    char classes[32], threads[32], seed[32];
    const char *objective = t->classes == 2 ? "binary:logistic" : t->classes ? "multi:softprob" : "reg:squarederror";
    snprintf(classes, sizeof classes, "%zu", t->classes);
    snprintf(threads, sizeof threads, "%d", t->threads);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)(t->seed & 0x7fffffff));
    const char *const settings[][2] = {{"objective", objective}, {"tree_method", "hist"}, {"nthread", threads},
                                       {"seed", seed},           {"verbosity", "0"},      {"num_class", classes}};
    size_t count = t->classes > 2 ? 6 : 5;
    for (size_t i = 0; i < count; i++)
        if (library.set(booster, settings[i][0], settings[i][1]))
            return refused(e);
    return true;
}

/* Of two classes the library gives the probability of the second. */
static void spread(const TreesTask *t, const float *found, size_t number, float *outputs)
{
    for (size_t r = 0; r < t->judged_rows; r++) {
        if (t->classes == 2) {
            outputs[2 * r] = 1 - found[r];
            outputs[2 * r + 1] = found[r];
        } else if (t->classes) {
            memcpy(outputs + r * t->classes, found + r * t->classes, t->classes * sizeof *outputs);
        } else {
            outputs[r * t->numbers + number] = found[r];
        }
    }
}

typedef struct Fit {
    const TreesTask *task;
    Handle train, judged, booster;
    float *targets;
} Fit;

/* A row weighs what its class does. */
static bool weigh(Fit *f, Error *e)
{
    const TreesTask *t = f->task;
    if (!t->classes || !t->weights)
        return true;
    for (size_t r = 0; r < t->rows; r++)
        f->targets[r] = (float)t->weights[t->labels[r]];
    return !library.set_floats(f->train, "weight", f->targets, t->rows) || refused(e);
}

static bool fit_number(Fit *f, size_t number, float *outputs, Error *e)
{
    const TreesTask *t = f->task;
    const float *found = NULL;
    uint64_t count = 0;
    for (size_t r = 0; r < t->rows; r++)
        f->targets[r] = t->classes ? (float)t->labels[r] : t->values[r * t->numbers + number];
    if (library.set_floats(f->train, "label", f->targets, t->rows) || library.booster(&f->train, 1, &f->booster))
        return refused(e);
    if (!set_all(t, f->booster, e))
        return false;
    for (int round = 0; round < ROUNDS; round++)
        if (library.update(f->booster, round, f->train))
            return refused(e);
    if (library.predict(f->booster, f->judged, 0, 0, 0, &count, &found))
        return refused(e);
    if (count != t->judged_rows * (t->classes > 2 ? t->classes : 1))
        return error_set(e, ERROR_FAILED, "XGBoost: it gave %llu numbers for %zu rows", (unsigned long long)count, t->judged_rows);
    spread(t, found, number, outputs);
    library.free_booster(f->booster);
    f->booster = NULL;
    return true;
}

bool trees_run(const TreesTask *t, float *outputs, Error *e)
{
    Fit f = {.task = t};
    if (!trees_are_there())
        return error_set(e, ERROR_FAILED, "XGBoost's library is not installed");
    f.targets = mem_try_alloc(t->rows + 1, sizeof *f.targets, e);
    bool ok = f.targets != NULL;
    if (ok &&
        (library.matrix(t->x, t->rows, t->width, NAN, &f.train) || library.matrix(t->judged, t->judged_rows, t->width, NAN, &f.judged)))
        ok = refused(e);
    ok = ok && weigh(&f, e);
    for (size_t k = 0; ok && k < (t->classes ? 1 : t->numbers); k++)
        ok = fit_number(&f, k, outputs, e);
    if (f.booster)
        library.free_booster(f.booster);
    if (f.train)
        library.free_matrix(f.train);
    if (f.judged)
        library.free_matrix(f.judged);
    mem_free(f.targets);
    return ok;
}
