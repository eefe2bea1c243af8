/* The card of several seeds, from the logs of their runs. */
#include "learn/seeds_card.h"

#include <math.h>

#include "learn/seeds.h"
#include "learn/statistics.h"
#include "net/metrics/metric.h"

static const char *watched_of(const Tail *seeds)
{
    const Tail *first = seeds->children_count ? seeds->children[0] : NULL;
    return value_get_text(first ? first->start : NULL, "metric", SERIES_VALID_LOSS);
}

static size_t best_point(const TailSeries *s, bool high)
{
    size_t best = 0;
    for (size_t i = 1; s && i < s->count; i++)
        if (isnan(s->y[best]) || (high ? s->y[i] > s->y[best] : s->y[i] < s->y[best]))
            best = i;
    return best;
}

/* Early stopping gives the best weights back, and so does a stop by hand; a training that ran to its end keeps its last. */
static bool keeps_best(const Tail *run)
{
    return value_get_int(run->start, "patience", 0) > 0 || run->state == RUN_STOPPED;
}

static double figure_at(const TailSeries *s, double epoch)
{
    double found = NAN;
    for (size_t i = 0; i < s->count && s->x[i] <= epoch; i++)
        found = s->y[i];
    return found;
}

static bool is_of_epochs(const TailSeries *s)
{
    return s->count && metric_of_series(s->name) && (text_starts(s->name, "train.") || text_starts(s->name, "valid."));
}

static Value *seed_card(const Tail *run, size_t n, const char *watched)
{
    const TailSeries *s = tail_series(run, watched);
    const Metric *m = metric_of_series(watched);
    size_t best = best_point(s, m && m->is_better_high);
    double last = run->last_epoch ? (double)value_get_int(run->last_epoch, "epoch", 0) : 0;
    Value *one = value_map();
    value_set(one, "n", value_int((int64_t)n));
    value_set(one, "state", value_text(run_state_name(run->state)));
    value_set(one, "epoch", value_int((int64_t)last));
    value_set(one, "best_epoch", value_int(s && s->count ? (int64_t)s->x[best] : 0));
    value_set(one, "best", value_real(s && s->count ? s->y[best] : NAN));
    double kept = s && s->count && keeps_best(run) ? s->x[best] : last;
    for (size_t i = 0; i < run->series_count; i++)
        if (is_of_epochs(&run->series[i]))
            value_set(one, run->series[i].name, value_real(figure_at(&run->series[i], kept)));
    return one;
}

static size_t epochs_of(const Tail *seeds, const char *name)
{
    size_t most = 0;
    for (size_t i = 0; i < seeds->children_count; i++) {
        const TailSeries *s = tail_series(seeds->children[i], name);
        size_t last = s && s->count && s->x[s->count - 1] > 0 ? (size_t)s->x[s->count - 1] : 0;
        most = last > most ? last : most;
    }
    return most;
}

/* Of the seeds that have a figure of this very epoch. */
static size_t at_epoch(const Tail *seeds, const char *name, size_t epoch, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < seeds->children_count; i++) {
        const TailSeries *s = tail_series(seeds->children[i], name);
        for (size_t k = 0; s && k < s->count && s->x[k] <= (double)epoch; k++)
            if ((size_t)s->x[k] == epoch && isfinite(s->y[k])) {
                out[n++] = s->y[k];
                break;
            }
    }
    return n;
}

static Value *line_card(const Tail *seeds, const char *name)
{
    static const char *const keys[] = {"epoch", "mean", "low", "high"};
    Value *line = value_map(), *lists[4];
    double *values = mem_alloc((seeds->children_count + 1) * sizeof *values);
    for (size_t i = 0; i < 4; i++)
        value_set(line, keys[i], lists[i] = value_list());
    for (size_t epoch = 1; epoch <= epochs_of(seeds, name); epoch++) {
        size_t n = at_epoch(seeds, name, epoch, values);
        double sum = 0, sd = n > 1 ? sample_sd(values, n) : 0;
        for (size_t i = 0; i < n; i++)
            sum += values[i] / (double)n;
        if (!n)
            continue;
        value_add(lists[0], value_int((int64_t)epoch));
        value_add(lists[1], value_real(sum));
        value_add(lists[2], value_real(sum - sd));
        value_add(lists[3], value_real(sum + sd));
    }
    mem_free(values);
    return line;
}

Value *seeds_card(const Tail *seeds)
{
    Value *card = value_map(), *each = value_list(), *begun = value_list(), *lines = value_map();
    const char *watched = watched_of(seeds);
    value_set(card, "watched", value_text(watched));
    value_set(card, "planned", value_int(value_get_int(seeds->start, "seeds", (int64_t)seeds->children_count)));
    for (size_t i = 0; i < seeds->children_count; i++) {
        const Tail *run = seeds->children[i];
        value_add(each, seed_card(run, i + 1, watched));
        if (run->last_epoch)
            value_add(begun, value_copy(each->items[i]));
        for (size_t k = 0; k < run->series_count; k++)
            if (is_of_epochs(&run->series[k]) && !value_get(lines, run->series[k].name))
                value_set(lines, run->series[k].name, line_card(seeds, run->series[k].name));
    }
    if (value_items(begun))
        seeds_add(card, begun);
    value_remove(card, "seeds");
    value_free(begun);
    value_set(card, "each", each);
    value_set(card, "lines", lines);
    return card;
}
