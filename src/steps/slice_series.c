/* slice_series: copies of the training rows that show a stretch of their series, drawn out to its length (Le Guennec et al. 2016). */
#include "steps/series_samples.h"

typedef struct SliceSeries {
    TextList columns;
    double share;
    int64_t copies;
} SliceSeries;

static const Field params[] = {
    SERIES_SAMPLES_COLUMNS(SliceSeries),
    {REAL_FIELD(SliceSeries, share), .doc = "of the series that is shown, from a random place on", .def = "0.9", .min = 0.1, .max = 1,
     .soft_min = 0.5, .soft_max = 0.95},
    SERIES_SAMPLES_COPIES(SliceSeries),
    {0},
};

static void slice(const void *params_used, const SeriesChange *s)
{
    const SliceSeries *p = params_used;
    double last = (double)(s->places - 1), shown = p->share * last, from = rng_uniform(s->random) * (last - shown);
    for (size_t i = 0; i < s->places; i++)
        for (size_t channel = 0; channel < s->channels; channel++)
            s->to[i * s->channels + channel] = series_between(s, channel, from + (last > 0 ? shown * (double)i / last : 0));
}

static bool slice_series_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const SliceSeries *p = in->params;
    return series_samples_add(job, in, &(SeriesSamples){&p->columns, p->copies, slice}, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"a\", \"b\", \"c\"], \"share\": 1}", "a,b,c,y\n1,2,4,u\n", "a,b,c,y\n1,2,4,u\n1,2,4,u\n"},
    {"{\"columns\": [\"a\", \"b\", \"c\"], \"share\": 0.5}", "a,b,c,y\n3,3,3,u\n", "a,b,c,y\n3,3,3,u\n3,3,3,u\n"},
    {"{}", "a,y\n1,u\n", "error: no column holds arrays"},
};

static const char *const notes[] = {"Between places the series goes straight on.", SERIES_SAMPLES_NOTE, NULL};

const Step step_slice_series = {
    .spec = {.name = "slice_series",
             .doc = "copies of the training rows that show a stretch of a series",
             .group = "expand",
             .params = params,
             .params_size = sizeof(SliceSeries),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = slice_series_train,
};
