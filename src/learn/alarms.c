/* The rules of the alarms. */
#include "learn/alarms.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

static const struct {
    const char *name, *act;
} alarms[ALARM_KINDS] = {[ALARM_EXPLODING] = {"exploding", "learning_rate"},
                         [ALARM_VANISHING] = {"vanishing", "stop"},
                         [ALARM_DEAD] = {"dead", "learning_rate"},
                         [ALARM_GAP] = {"gap", "stop"},
                         [ALARM_PLATEAU] = {"plateau", "learning_rate"},
                         [ALARM_LEAK] = {"leak", "look"},
                         [ALARM_NEVER] = {"never", "stop"}};

const char *alarm_name(AlarmKind kind)
{
    return alarms[kind].name;
}

const char *alarm_act(AlarmKind kind)
{
    return alarms[kind].act;
}

AlarmKind alarm_find(const char *name)
{
    AlarmKind kind = 0;
    while (kind < ALARM_KINDS && !text_equal(alarms[kind].name, name))
        kind++;
    return kind;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the epochs before the newest. */
static double usual_norm(const AlarmHistory *h)
{
    double before[ALARM_WINDOW];
    size_t n = 0;
    for (size_t i = h->count - 1; i-- > 0 && n < ALARM_WINDOW;)
        if (isfinite(h->norms[i]))
            before[n++] = h->norms[i];
    if (n + 1 < ALARM_FIRST)
        return (double)NAN;
    qsort(before, n, sizeof *before, by_size);
    return before[n / 2];
}

char *alarm_exploding(const AlarmHistory *h)
{
    double usual = h->count ? usual_norm(h) : (double)NAN, now = h->count ? h->norms[h->count - 1] : 0;
    if (!(now > ALARM_TIMES * usual) || !(usual > 0))
        return NULL;
    return text_format("exploding: the gradient is %.3g long, %.0f times the usual %.3g", now, now / usual, usual);
}

char *alarm_vanishing(const AlarmHistory *h)
{
    if (h->count < ALARM_FIRST || !(h->norms[h->count - 1] < ALARM_VANISHED) || !(h->norms[h->count - 2] < ALARM_VANISHED))
        return NULL;
    return text_format("vanishing: the gradient is %.1e long, nothing is learned any more", h->norms[h->count - 1]);
}

char *alarm_gap(const AlarmHistory *h)
{
    size_t low = 0, last = h->count - 1;
    if (h->count < ALARM_FIRST || !isfinite(h->valid[0]))
        return NULL;
    for (size_t i = 1; i < h->count; i++)
        low = h->valid[i] < h->valid[low] ? i : low;
    bool is_worse = h->valid[last] > h->valid[low] * ALARM_ABOVE, falls = h->train[last] < h->train[low];
    if (last - low < ALARM_RISES || !is_worse || !falls)
        return NULL;
    return text_format("overfitting: valid loss rising since %zu, train loss still falls", low + 1);
}

char *alarm_plateau(const AlarmHistory *h)
{
    if (h->count < 2 * ALARM_FLAT)
        return NULL;
    double before = INFINITY, since = INFINITY, valid_before = INFINITY, valid_since = INFINITY;
    for (size_t i = 0; i < h->count; i++) {
        bool is_since = i + ALARM_FLAT >= h->count;
        double *train = is_since ? &since : &before, *valid = is_since ? &valid_since : &valid_before;
        *train = fmin(*train, h->train[i]);
        *valid = fmin(*valid, h->valid[i]);
    }
    bool valid_is_flat = !isfinite(valid_before) || valid_since > valid_before * (1 - ALARM_BETTER);
    if (!(since > before * (1 - ALARM_BETTER)) || !valid_is_flat)
        return NULL;
    return text_format("plateau: in %d epochs no loss got better by a thousandth", ALARM_FLAT);
}

char *alarm_leak(const AlarmHistory *h)
{
    if (h->count < ALARM_FIRST)
        return NULL;
    for (size_t i = h->count - ALARM_LEAKS; i < h->count; i++)
        if (!(h->valid[i] < ALARM_LEAK_SHARE * h->train[i]))
            return NULL;
    return text_format("valid better than train: loss %.3g below %.3g for %d epochs; a leak, easier rows, or much dropout",
                       h->valid[h->count - 1], h->train[h->count - 1], ALARM_LEAKS);
}

char *alarm_dead(const SurveyLayer *layers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (layers[i].units && (double)layers[i].dead > ALARM_DEAD_SHARE * (double)layers[i].units)
            return text_format("dead units: %zu of %zu of layer %s (%s) are 0 for every row", layers[i].dead, layers[i].units,
                               layers[i].name, layers[i].kind);
    return NULL;
}

char *alarm_faint(const SurveyLayer *layers, size_t count)
{
    if (count < 2 || !(layers[count - 1].gradient_rms > 0) || !(layers[0].gradient_rms > 0))
        return NULL; /* a frozen layer has none */
    double ratio = layers[0].gradient_rms / layers[count - 1].gradient_rms;
    if (!(ratio < ALARM_RATIO))
        return NULL;
    return text_format("vanishing: the gradient of layer %s is %.0e of that of layer %s", layers[0].name, ratio, layers[count - 1].name);
}

char *alarm_never(const char *const *classes, const size_t *is, const size_t *said, size_t count)
{
    size_t rows = 0;
    for (size_t k = 0; k < count; k++)
        rows += is[k];
    for (size_t k = 0; k < count; k++)
        if (!said[k] && is[k] > 1 && (double)is[k] >= ALARM_NEVER_SHARE * (double)rows)
            return text_format("class never predicted: %s, which %zu of %zu validation rows have", classes[k], is[k], rows);
    return NULL;
}
