/* Alarms of a training: rules over what was recorded so far. Each is told once. Thresholds stand here and in limbeck-run(5). */
#ifndef LEARN_ALARMS_H
#define LEARN_ALARMS_H

#include "net/survey.h"

typedef enum AlarmKind {
    ALARM_EXPLODING,
    ALARM_VANISHING,
    ALARM_DEAD,
    ALARM_GAP,
    ALARM_PLATEAU,
    ALARM_LEAK,
    ALARM_NEVER,
    ALARM_KINDS
} AlarmKind;
const char *alarm_name(AlarmKind kind); /* "exploding" */
AlarmKind alarm_find(const char *name); /* ALARM_KINDS: none */
/* What can be done about it while it runs: a setting ("learning_rate"), "stop", or "look": at the data. */
const char *alarm_act(AlarmKind kind);

enum {
    ALARM_WINDOW = 20,   /* epochs whose median is the usual gradient norm */
    ALARM_TIMES = 10,    /* times the usual norm: exploding */
    ALARM_RISES = 4,     /* epochs in which valid loss lies above its lowest while train loss falls: growing gap */
    ALARM_FLAT = 10,     /* epochs in which train loss gets better by less than a thousandth: plateau */
    ALARM_LEAKS = 3,     /* epochs in a row in which valid loss is below ALARM_LEAK_SHARE of train loss */
    ALARM_FIRST = 6,     /* no rule of the losses speaks of fewer epochs: the first ones of any training jump */
    ALARM_NEVER_FROM = 5 /* epoch from which a class should have been predicted once */
};
#define ALARM_VANISHED 1e-7  /* gradient norm: vanishing */
#define ALARM_RATIO 1e-4     /* gradient of the first layer to that of the last, rms: vanishing */
#define ALARM_DEAD_SHARE 0.5 /* of the units of a layer that are 0 in all rows */
#define ALARM_ABOVE 1.002    /* times the lowest valid loss: less is noise */
#define ALARM_LEAK_SHARE 0.8
#define ALARM_BETTER 1e-3      /* share by which train loss must get better in ALARM_FLAT epochs */
#define ALARM_NEVER_SHARE 0.01 /* of the validation rows that a class must have to be missed */

/* One number an epoch; valid all NAN: there is no validation part. */
typedef struct AlarmHistory {
    const double *train, *valid, *norms; /* losses; length of the last gradient of the epoch */
    size_t count;
} AlarmHistory;

/* In words for the caller; NULL: nothing to tell. */
char *alarm_exploding(const AlarmHistory *h);
char *alarm_vanishing(const AlarmHistory *h);
char *alarm_gap(const AlarmHistory *h);
char *alarm_plateau(const AlarmHistory *h);
char *alarm_leak(const AlarmHistory *h);
char *alarm_dead(const SurveyLayer *layers, size_t count);
char *alarm_faint(const SurveyLayer *layers, size_t count); /* vanishing, by layers */
/* Of the classes of a part: how often each is true, and how often it was said. */
char *alarm_never(const char *const *classes, const size_t *is, const size_t *said, size_t count);

#endif
