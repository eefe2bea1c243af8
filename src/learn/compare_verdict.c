/* A comparison in words. Each word stands on the conclusion of an interval and its margin: what was not shown is not said. */
#include <math.h>

#include "base/number.h"
#include "learn/compare.h"
#include "learn/figure.h"

const char *compare_conclusion(const Metric *m, double low, double high, double margin)
{
    double worst = m->is_better_high ? low : -high, best = m->is_better_high ? high : -low;
    if (isnan(worst) || isnan(best))
        return "unknown";
    return worst > 0 ? "better" : worst >= -margin ? "as good" : best < 0 ? "worse" : "unknown";
}

static double margin(const Value *one)
{
    return value_get_real(one, "margin", 0);
}

static const char *conclusion(const Value *one)
{
    const Metric *m = metric_find(value_get_text(one, "metric", ""));
    return m ? compare_conclusion(m, value_get_real(one, "low", NAN), value_get_real(one, "high", NAN), margin(one)) : "unknown";
}

static bool is_known(const Value *one)
{
    return one && !text_equal(conclusion(one), "unknown");
}

static bool says(const Value *one, const char *word)
{
    return one && text_equal(conclusion(one), word);
}

static double get(const Value *v, const char *group, const char *name)
{
    return value_get_real(value_get(v, group), name, NAN);
}

static const Metric *leading(const Value *v)
{
    return metric_find(value_get_text(v, "metric", ""));
}

static const char *title(const Value *v)
{
    const Metric *m = leading(v);
    return m ? m->title : value_get_text(v, "metric", "");
}

/* "AUC +0.0020, 95 % interval -0.0064 to +0.0104" */
static void add_moved(const Value *v, const Value *one, Text *out)
{
    text_addf(out, "%s ", title(v));
    figure_add_interval(out, &(Figure){value_get_real(one, "mean", NAN), NAN, figure_decimals(leading(v)), true},
                        value_get_real(one, "low", NAN), value_get_real(one, "high", NAN));
}

/* "on 150 rows and 5 seeds" */
static void add_ground(const Value *v, Text *out)
{
    char number[NUMBER_ROOM];
    long long seeds = (long long)value_get_int(v, "seeds", 0);
    text_addf(out, "%s rows", number_format_count(value_get_int(v, "rows", 0), number));
    if (seeds > 1)
        text_addf(out, " and %lld seeds", seeds);
}

/* "The student is 36.8 x smaller and as good as the teacher (AUC ..., within the margin 0.0100)" */
static void add_teacher(const Value *v, Text *out)
{
    const Value *against = value_get(v, "against_teacher");
    double ratio = get(v, "teacher", "params") / get(v, "student", "params");
    int decimals = figure_decimals(leading(v));
    text_add(out, "The student is ");
    if (isfinite(ratio))
        text_addf(out, "%.1f x %s%s", ratio >= 1 ? ratio : 1 / ratio, ratio >= 1 ? "smaller" : "larger",
                  against && is_known(against) ? " and " : "");
    if (!against)
        return;
    if (is_known(against)) {
        text_addf(out, "%s%s the teacher (", conclusion(against), says(against, "as good") ? " as" : " than");
        add_moved(v, against, out);
        text_addf(out, says(against, "as good") ? ", within the margin %.*f)" : ")", decimals, margin(against));
        return;
    }
    text_addf(out, "%scan't tell with ", isfinite(ratio) ? "; " : "");
    add_ground(v, out);
    text_addf(out, " whether it is as good as the teacher within the margin %.*f (", decimals, margin(against));
    add_moved(v, against, out);
    text_add(out, ")");
}

static void add_harm(const Value *gain, int decimals, Text *out)
{
    text_add(out, "The teacher did harm");
    if (says(gain, "as good"))
        text_addf(out, ", within the margin %.*f", decimals, margin(gain));
    text_add(out, ": ");
}

/* What distilling changed, with what the numbers bear out and no more. */
static void add_gain(const Value *v, const Value *gain, bool is_at_most_margin, Text *out)
{
    int decimals = figure_decimals(leading(v));
    if (says(gain, "better"))
        text_add(out, "The teacher helped: ");
    else if (value_get_real(gain, "low", NAN) > 0 || value_get_real(gain, "high", NAN) < 0)
        add_harm(gain, decimals, out);
    else if (is_at_most_margin)
        text_addf(out, "No gain above the margin %.*f: ", decimals, margin(gain));
    else {
        text_add(out, "Can't tell with ");
        add_ground(v, out);
        text_add(out, " whether the teacher helped: ");
    }
    text_addf(out, "distilling moved %s ", value_get_text(v, "on", ""));
    add_moved(v, gain, out);
    text_addf(out, ", better in %lld of %lld seeds. ", (long long)value_get_int(gain, "wins", 0), (long long)value_get_int(v, "seeds", 0));
}

/* The gain is at most the margin, whichever way the metric points. */
static bool gain_is_small(const Value *v, const Value *gain)
{
    const Metric *m = leading(v);
    double best = value_get_real(gain, m && !m->is_better_high ? "low" : "high", NAN);
    return (m && !m->is_better_high ? -best : best) <= margin(gain);
}

static bool has_harmed(const Value *gain)
{
    return !says(gain, "better") && (value_get_real(gain, "low", NAN) > 0 || value_get_real(gain, "high", NAN) < 0);
}

/* Advice only where it follows: the net that was shown to be as good, or better than what it is held against. */
static void add_advice(const Value *v, const Value *gain, Text *out)
{
    const Value *student = value_get(v, "against_teacher"), *alone = value_get(v, "alone_against_teacher");
    bool student_good = says(student, "as good") || says(student, "better"), alone_good = says(alone, "as good") || says(alone, "better");
    if (alone_good && (has_harmed(gain) || gain_is_small(v, gain)))
        text_addf(out, " The same net trained alone is %s%s: ship that one.", says(alone, "better") ? "better" : "as good",
                  student_good ? " too" : "");
    else if (says(gain, "better") && student_good)
        text_add(out, " Ship the student.");
    else if (has_harmed(gain))
        text_add(out, " The net trained alone is the better small net.");
    else if (says(student, "worse"))
        text_add(out, " The teacher stays the better one; a wider student may close the gap.");
    else if (student_good)
        text_add(out, alone_good ? " The same net trained alone is as good too."
                                 : " Whether the same net trained alone is as good is not shown.");
    else if (!is_known(student))
        text_add(out, " More test rows or seeds narrow the intervals.");
}

static void add_one_model(const Value *v, Text *out)
{
    const char *group = value_get(v, "teacher") ? "teacher" : value_get(v, "student") ? "student" : "alone";
    char number[METRIC_TITLE_ROOM];
    text_addf(out, "%s %s %s on %lld rows.", value_get_text(v, "on", ""), title(v),
              metric_format(leading(v), get(v, group, value_get_text(v, "metric", "")), number), (long long)value_get_int(v, "rows", 0));
}

char *compare_verdict(const Value *v)
{
    Text out = {0};
    const Value *gain = value_get(value_get(v, "gain"), value_get_text(v, "metric", ""));
    bool has_teacher = value_get(v, "against_teacher") != NULL;
    if (gain && value_get_int(v, "seeds", 0) < 2)
        text_addf(&out,
                  "One seed shows nothing of distilling: the difference to the same net trained alone is %s %+.*f; give seeds = 5 for an "
                  "interval. ",
                  title(v), figure_decimals(leading(v)), value_get_real(gain, "mean", NAN));
    else if (gain)
        add_gain(v, gain, gain_is_small(v, gain), &out);
    if (has_teacher) {
        add_teacher(v, &out);
        text_add_char(&out, '.');
        if (gain && value_get_int(v, "seeds", 0) > 1)
            add_advice(v, gain, &out);
    } else if (!gain) {
        add_one_model(v, &out);
    }
    while (out.size && out.bytes[out.size - 1] == ' ')
        out.bytes[--out.size] = 0;
    return text_take(&out);
}
