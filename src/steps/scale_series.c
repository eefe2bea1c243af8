/* scale_series: copies of the training rows whose series are larger or smaller (Um et al. 2017, scaling). */
#include "steps/series_samples.h"

typedef struct ScaleSeries {
    TextList columns;
    double sd;
    int64_t copies;
} ScaleSeries;

static const Field params[] = {
    SERIES_SAMPLES_COLUMNS(ScaleSeries),
    {REAL_FIELD(ScaleSeries, sd), .doc = "of the factor, which is 1 on average", .def = "0.1", .min = 0, .max = 1, .soft_min = 0.01,
     .soft_max = 0.5, .scale = SCALE_LOG},
    SERIES_SAMPLES_COPIES(ScaleSeries),
    {0},
};

/* A factor for each channel. */
static void scale(const void *params_used, const SeriesChange *s)
{
    const ScaleSeries *p = params_used;
    for (size_t channel = 0; channel < s->channels; channel++) {
        double factor = 1 + p->sd * rng_normal(s->random);
        for (size_t i = 0; i < s->places; i++)
            s->to[i * s->channels + channel] = (float)(factor * (double)s->from[i * s->channels + channel]);
    }
}

static bool scale_series_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ScaleSeries *p = in->params;
    return series_samples_add(job, in, &(SeriesSamples){&p->columns, p->copies, scale}, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"a\", \"b\"], \"sd\": 0}", "a,b,y\n1,2,u\n", "a,b,y\n1,2,u\n1,2,u\n"},
    {"{\"columns\": [\"a\", \"b\"], \"sd\": 0.5, \"copies\": 2}", "a,b,y\n0,0,u\n", "a,b,y\n0,0,u\n0,0,u\n0,0,u\n"},
    {"{}", "a,y\n1,u\n", "error: no column holds arrays"},
    {"{\"columns\": [\"a\"]}", "a,y\nz,u\n", "error: a is text, neither arrays nor numbers"},
};

static const char *const notes[] = {"Each channel of an array has a factor of its own.", SERIES_SAMPLES_NOTE, NULL};

const Step step_scale_series = {
    .spec = {.name = "scale_series",
             .doc = "copies of the training rows with larger and smaller series",
             .group = "expand",
             .params = params,
             .params_size = sizeof(ScaleSeries),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = scale_series_train,
};
