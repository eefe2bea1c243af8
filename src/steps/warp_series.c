/* warp_series: copies of the training rows whose series run faster here and slower there, or swell and fade (Um et al. 2017, time and
 * magnitude warping). */
#include "steps/series_samples.h"

#include <math.h>

enum { KNOTS_MOST = 64 };

typedef struct WarpSeries {
    TextList columns;
    int of;
    double sd;
    int64_t knots, copies;
} WarpSeries;

enum { OF_TIME, OF_MAGNITUDE };
static const char *const of_choices[] = {"time", "magnitude", NULL};

static const Field params[] = {
    SERIES_SAMPLES_COLUMNS(WarpSeries),
    {CHOICE_FIELD(WarpSeries, of), .doc = "what is warped: how fast the series runs, or how large it is", .def = "time",
     .choices = of_choices},
    {REAL_FIELD(WarpSeries, sd), .doc = "of the speed's logarithm, or of the factor", .def = "0.2", .min = 0, .max = 1, .soft_min = 0.05,
     .soft_max = 0.5, .scale = SCALE_LOG},
    {INT_FIELD(WarpSeries, knots), .doc = "places at which it changes", .def = "4", .min = 2, .max = KNOTS_MOST, .soft_min = 2,
     .soft_max = 8},
    SERIES_SAMPLES_COPIES(WarpSeries),
    {0},
};

static double at_place(const SeriesChange *s, size_t place)
{
    return s->places > 1 ? (double)place / (double)(s->places - 1) : 0;
}

/* The first place and the last one stay; time never runs back. */
static void warp_time(const WarpSeries *p, const SeriesChange *s)
{
    double knots[KNOTS_MOST], whole = 0, run = 0;
    for (int64_t k = 0; k < p->knots; k++)
        knots[k] = p->sd * rng_normal(s->random);
    for (size_t i = 1; i < s->places; i++)
        whole += exp(series_curve(knots, (size_t)p->knots, at_place(s, i)));
    for (size_t i = 0; i < s->places; i++) {
        run += i ? exp(series_curve(knots, (size_t)p->knots, at_place(s, i))) : 0;
        for (size_t channel = 0; channel < s->channels; channel++)
            s->to[i * s->channels + channel] = series_between(s, channel, i ? run / whole * (double)(s->places - 1) : 0);
    }
}

static void warp_magnitude(const WarpSeries *p, const SeriesChange *s)
{
    double knots[KNOTS_MOST];
    for (size_t channel = 0; channel < s->channels; channel++) {
        for (int64_t k = 0; k < p->knots; k++)
            knots[k] = 1 + p->sd * rng_normal(s->random);
        for (size_t i = 0; i < s->places; i++) {
            double factor = series_curve(knots, (size_t)p->knots, at_place(s, i));
            s->to[i * s->channels + channel] = (float)(factor * (double)s->from[i * s->channels + channel]);
        }
    }
}

static void warp(const void *params_used, const SeriesChange *s)
{
    const WarpSeries *p = params_used;
    if (p->of == OF_TIME)
        warp_time(p, s);
    else
        warp_magnitude(p, s);
}

static bool warp_series_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const WarpSeries *p = in->params;
    return series_samples_add(job, in, &(SeriesSamples){&p->columns, p->copies, warp}, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"a\", \"b\", \"c\"], \"sd\": 0}", "a,b,c,y\n1,2,4,u\n", "a,b,c,y\n1,2,4,u\n1,2,4,u\n"},
    {"{\"columns\": [\"a\", \"b\", \"c\"], \"of\": \"magnitude\", \"sd\": 0.5}", "a,b,c,y\n0,0,0,u\n", "a,b,c,y\n0,0,0,u\n0,0,0,u\n"},
    {"{}", "a,y\n1,u\n", "error: no column holds arrays"},
};

static const char *const notes[] = {
    "A smooth curve through random knots is the speed (time: the first and the last place stay, and time never runs back) or, for each "
    "channel, the factor (magnitude).",
    SERIES_SAMPLES_NOTE, NULL};

const Step step_warp_series = {
    .spec = {.name = "warp_series",
             .doc = "copies of the training rows with series warped in time or size",
             .group = "expand",
             .params = params,
             .params_size = sizeof(WarpSeries),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = warp_series_train,
};
