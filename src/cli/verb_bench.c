/* limbeck bench: which benchmark, and its figures. */
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "cli/bench.h"

static const Field fields[] = {
    {INT_FIELD(BenchOptions, batch), .doc = "rows of a minibatch; 0: as the workload says", .def = "0", .min = 0, .max = 100000},
    {INT_FIELD(BenchOptions, epochs), .doc = "passes over the data; 0: as the workload says", .def = "0", .min = 0, .max = 1000},
    {FLAG_FIELD(BenchOptions, bn), .doc = "p4 with batch_norm and dropout 0.2", .def = "false"},
    {FLAG_FIELD(BenchOptions, large), .doc = "p4 as 512-2048-2048-10", .def = "false"},
    {FLAG_FIELD(BenchOptions, json), .doc = "figures of p4, table, p5, p8 and conv as JSON", .def = "false"},
    {.name = NULL},
};

void bench_print(const CliCall *call, const BenchFigure *figures, size_t count)
{
    Text out = {0};
    Value *map = value_map();
    char number[NUMBER_ROOM];
    for (size_t i = 0; i < count; i++) {
        text_addf(&out, "%s %s\n", figures[i].name, number_format_fixed(figures[i].value, figures[i].decimals, number));
        value_set(map, figures[i].name, value_real(figures[i].value));
    }
    if (((const BenchOptions *)call->params)->json) {
        text_done(&out);
        out = (Text){0};
        json_write(map, JSON_COMPACT, &out);
        text_add_char(&out, '\n');
    }
    io_print(1, text_get(&out));
    value_free(map);
    text_done(&out);
}

static int bench_run(const CliCall *call, Error *e)
{
    const TextList *words = call->words;
    const char *first = words->count ? words->items[0] : "", *second = words->count > 1 ? words->items[1] : NULL;
    if (words->count == 1 && (text_equal(first, "p4") || text_equal(first, "table") || text_starts(first, "p5-")))
        return bench_train(call, first, e) ? 0 : 1;
    if (words->count == 1 && text_equal(first, "p8"))
        return bench_infer(call, e) ? 0 : 1;
    if (words->count == 1 && text_equal(first, "conv"))
        return bench_conv(call, e) ? 0 : 1;
    if (words->count && words->count < 3 && text_equal(first, "p11"))
        return bench_sound(call, second, e) ? 0 : 1;
    if (words->count == 2 && (text_equal(first, "p1") || text_equal(first, "p2")))
        return bench_table(call, second, text_equal(first, "p2"), e) ? 0 : 1;
    if (words->count > 2 && text_equal(first, "steps"))
        return bench_steps(call, e) ? 0 : 1;
    error_set(e, ERROR_USAGE,
              "which benchmark? there are: limbeck bench p1 FILE, p2 FILE, p4, table, p5-1d, p5-2d, p8, conv, p11 [FOLDER], and steps FILE "
              "'STEP {JSON}' ...");
    return 2;
}

const Verb verb_bench = {
    .spec = {.name = "bench",
             .doc = "measure loading, profiling or training",
             .group = "examine",
             .params = fields,
             .params_size = sizeof(BenchOptions)},
    .usage = "p1 FILE | p2 FILE | steps FILE 'STEP {JSON}' ... | p4 [--bn | --large] | table | p5-1d | p5-2d | p8 | conv | p11 [FOLDER]",
    .run = bench_run,
};
