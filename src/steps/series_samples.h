/* What the steps that change copies of series share: each copy of a training row has its arrays changed, or its plain columns as the
 * places of one series. */
#ifndef STEPS_SERIES_SAMPLES_H
#define STEPS_SERIES_SAMPLES_H

#include "steps/sampling.h"

typedef struct SeriesChange { /* a series: places * channels, place after place */
    const float *from;
    float *to;
    size_t places, channels;
    Rng *random; /* the same draws for all series of a row */
} SeriesChange;
typedef void SeriesChanger(const void *params, const SeriesChange *s);

typedef struct SeriesSamples {
    const TextList *columns;
    int64_t copies;
    SeriesChanger *change;
} SeriesSamples;
bool series_samples_add(Job *job, const StepInput *in, const SeriesSamples *how, Table **out, Error *e);
/* Between two places, straight on; at: 0 .. places-1. */
float series_between(const SeriesChange *s, size_t channel, double at);
/* A smooth curve through `count` knots, evenly apart from the first place to the last. at: 0 .. 1. */
double series_curve(const double *knots, size_t count, double at);

/* The rows of fields that they have in common; T has TextList columns and int64_t copies. */
#define SERIES_SAMPLES_COLUMNS(T) \
    { \
        COLUMNS_FIELD(T, columns), .doc = "arrays; plain columns are the places of one series", .def = "array", .positional = true \
    }
#define SERIES_SAMPLES_COPIES(T) \
    { \
        INT_FIELD(T, copies), .doc = "changed rows for each row", .def = "1", .min = 1, .max = 100, .soft_min = 1, .soft_max = 5 \
    }
#define SERIES_SAMPLES_NOTE \
    "Only training rows are added to. The target stays as it is: for a forecast of the series itself the copies would say the wrong " \
    "thing. " \
    "All series of a row are changed alike, and one in which a number is missing stays."

#endif
