/* A comparison in words and as a plain table. */
#include <math.h>

#include "base/number.h"
#include "base/utf8.h"
#include "learn/certificate.h"

typedef struct Row {
    const char *name, *title;
    bool is_cost; /* params, bytes, time: a ratio instead of a difference */
} Row;

static const Row rows[] = {
    {"auc", "AUC", false},           {"accuracy", "accuracy", false},
    {"f1", "F1", false},             {"log_loss", "log loss", false},
    {"brier", "Brier", false},       {"ece", "ECE", false},
    {"rmse", "RMSE", false},         {"mae", "MAE", false},
    {"r2", "R squared", false},      {"agreement", "agreement with teacher", false},
    {"kl", "KL from teacher", false}, {"params", "params", true},
    {"bytes", "float32", true},      {"macs", "MACs a row", true},
    {"p50", "p50, one row", true},   {"p99", "p99, one row", true},
    {"rows_per_second", "rows/s, batch", true},
};

static double get(const Value *v, const char *group, const char *name)
{
    return value_get_real(value_get(v, group), name, NAN);
}

static void pad(Text *out, const char *s, size_t width, bool right)
{
    size_t cells = utf8_width(s);
    for (size_t i = cells; right && i < width; i++)
        text_add_char(out, ' ');
    text_add(out, s);
    for (size_t i = cells; !right && i < width; i++)
        text_add_char(out, ' ');
}

static char *cost_text(const char *name, double x)
{
    char number[NUMBER_ROOM];
    if (text_equal(name, "bytes"))
        return mem_strdup(number_format_size(x, number));
    if (text_equal(name, "p50") || text_equal(name, "p99"))
        return text_format("%.1f µs", x * 1e6);
    if (text_equal(name, "rows_per_second"))
        return mem_strdup(number_format_large(x, number));
    return mem_strdup(number_format_count((int64_t)x, number));
}

static char *cell_text(const Value *v, const char *group, const Row *row)
{
    double x = get(v, group, row->name);
    if (isnan(x))
        return mem_strdup("");
    if (row->is_cost)
        return cost_text(row->name, x);
    char *sd_name = text_format("%s_sd", group);
    double sd = get(v, sd_name, row->name);
    mem_free(sd_name);
    return isnan(sd) ? text_format("%.4f", x) : text_format("%.4f ±%.4f", x, sd);
}

static char *gain_text(const Value *v, const Row *row)
{
    const Value *gain = value_get(value_get(v, "gain"), row->name);
    double teacher = get(v, "teacher", row->name), student = get(v, "student", row->name);
    if (row->is_cost) {
        bool more = text_equal(row->name, "rows_per_second");
        double ratio = more ? student / teacher : teacher / student;
        bool is_size = text_equal(row->name, "bytes"), is_time = text_equal(row->name, "p50") || text_equal(row->name, "p99");
        return isfinite(ratio) ? text_format("%.1f x %s", ratio, more ? "more" : is_size ? "smaller" : is_time ? "faster" : "fewer") : mem_strdup("");
    }
    if (!gain)
        return mem_strdup("");
    double sd = value_get_real(gain, "sd", NAN), mean = value_get_real(gain, "mean", NAN);
    return isnan(sd) ? text_format("%+.4f", mean) : text_format("%+.4f ±%.4f", mean, sd);
}

static void print_cells(Text *out, const char *name, char *const cells[4])
{
    pad(out, name, 24, false);
    for (int i = 0; i < 4; i++)
        pad(out, cells[i], i == 0 ? 12 : 18, true);
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = 0;
    text_add_char(out, '\n');
}

static void print_row(const Value *v, const Row *row, Text *out)
{
    if (isnan(get(v, "teacher", row->name)) && isnan(get(v, "student", row->name)) && isnan(get(v, "alone", row->name)))
        return;
    char *cells[] = {cell_text(v, "teacher", row), cell_text(v, "student", row), cell_text(v, "alone", row), gain_text(v, row)};
    print_cells(out, row->title, cells);
    for (int i = 0; i < 4; i++)
        mem_free(cells[i]);
}

static void print_differences(const Value *v, Text *out)
{
    const Value *d = value_get(v, "differences");
    double p = value_get_real(d, "mcnemar_p", NAN);
    if (!d)
        return;
    text_addf(out, "student vs teacher, seed 1: both right %lld, both wrong %lld, only student %lld, only teacher %lld; McNemar p %.2f%s\n",
              (long long)value_get_int(d, "both_right", 0), (long long)value_get_int(d, "both_wrong", 0),
              (long long)value_get_int(d, "only_student", 0), (long long)value_get_int(d, "only_teacher", 0), p,
              p > 0.05 ? ": no difference" : "");
}

static void print_intervals(const Value *v, Text *out)
{
    const char *metric = value_get_text(v, "metric", "auc");
    const Value *gain = value_get(value_get(v, "gain"), metric), *teacher = value_get(v, "against_teacher");
    if (gain && !isnan(value_get_real(gain, "low", NAN)))
        text_addf(out, "student - alone: %s %+.4f, 95 %% %+.4f to %+.4f (Student t over %lld seeds)\n", metric,
                  value_get_real(gain, "mean", NAN), value_get_real(gain, "low", NAN), value_get_real(gain, "high", NAN),
                  (long long)value_get_int(v, "seeds", 0));
    if (teacher)
        text_addf(out, "student - teacher: %s %+.4f, 95 %% %+.4f to %+.4f (2,000 paired resamples of the rows)\n",
                  value_get_text(teacher, "metric", ""), value_get_real(teacher, "mean", NAN), value_get_real(teacher, "low", NAN),
                  value_get_real(teacher, "high", NAN));
}

void compare_print(const Value *v, Text *out)
{
    char number[NUMBER_ROOM];
    char *head[] = {(char[]){"teacher"}, (char[]){"student"}, (char[]){"student alone"}, (char[]){"gain"}};
    int64_t seeds = value_get_int(v, "seeds", 0);
    text_addf(out, "%s\n\n", value_get_text(v, "verdict", ""));
    print_cells(out, "", head);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        print_row(v, &rows[i], out);
    text_add_char(out, '\n');
    print_intervals(v, out);
    print_differences(v, out);
    text_addf(out, "%s, %s rows; mean of %lld seed%s, ± sd", value_get_text(v, "on", ""),
              number_format_count(value_get_int(v, "rows", 0), number), (long long)seeds, seeds == 1 ? "" : "s");
    if (value_get(v, "certificate")) {
        text_add_char(out, '\n');
        certificate_line(value_get(v, "certificate"), out);
    }
    text_add_char(out, '\n');
}

static const char *metric_title(const char *metric)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_equal(rows[i].name, metric))
            return rows[i].title;
    return metric;
}

/* "36.8 x smaller and as good" */
static void add_size(const Value *v, Text *out)
{
    double ratio = get(v, "teacher", "params") / get(v, "student", "params");
    const Value *against = value_get(v, "against_teacher");
    double low = value_get_real(against, "low", NAN), high = value_get_real(against, "high", NAN), mean = value_get_real(against, "mean", NAN);
    bool more_is_better = !text_equal(value_get_text(against, "metric", ""), "squared error");
    if (isfinite(ratio))
        text_addf(out, "The student is %.1f x %s", ratio >= 1 ? ratio : 1 / ratio, ratio >= 1 ? "smaller" : "larger");
    if (!against)
        text_add(out, ".");
    else if (!(low > 0) && !(high < 0))
        text_add(out, " and as good");
    else
        text_addf(out, " and %s by %.4f %s (95 %% %+.4f to %+.4f)", (mean > 0) == more_is_better ? "better" : "worse", fabs(mean),
                  metric_title(value_get_text(against, "metric", "")), low, high);
}

static void add_moved(const Value *v, const Value *gain, Text *out)
{
    text_addf(out, "distilling moved %s %s by %+.4f (95 %% %+.4f to %+.4f), better in %lld of %lld seeds", value_get_text(v, "on", ""),
              metric_title(value_get_text(v, "metric", "")), value_get_real(gain, "mean", NAN), value_get_real(gain, "low", NAN),
              value_get_real(gain, "high", NAN), (long long)value_get_int(gain, "wins", 0), (long long)value_get_int(v, "seeds", 0));
}

/* The student is worse than the teacher beyond the interval. */
static bool is_behind(const Value *v, bool more_is_better)
{
    const Value *against = value_get(v, "against_teacher");
    double low = value_get_real(against, "low", NAN), high = value_get_real(against, "high", NAN);
    return against && (more_is_better ? high < 0 : low > 0);
}

static const char *advice(bool none, bool helped, bool behind)
{
    if (none)
        return behind ? ". The teacher stays the better one; a wider student may close the gap." : ". Ship the small net.";
    return helped ? ". Ship the student." : ". Ship the net trained alone.";
}

static void add_gain_verdict(const Value *v, const Value *gain, Text *out)
{
    const char *metric = value_get_text(v, "metric", "");
    bool more_is_better = !text_equal(metric, "rmse"), has_teacher = value_get(v, "teacher") != NULL;
    double mean = value_get_real(gain, "mean", NAN);
    bool none = value_get_flag(v, "no_gain", true), helped = !none && (mean > 0) == more_is_better;
    text_add(out, none ? "No gain: the teacher taught nothing here. " : helped ? "The teacher helped. " : "The teacher did harm. ");
    if (has_teacher)
        add_size(v, out);
    bool behind = has_teacher && is_behind(v, more_is_better);
    text_add(out, !has_teacher ? "" : !none ? "; " : behind ? ", and so is the same net trained alone: " : ", but so is the same net trained alone: ");
    add_moved(v, gain, out);
    text_add(out, advice(none, helped, behind));
}

char *compare_verdict(const Value *v)
{
    Text out = {0};
    const Value *gain = value_get(value_get(v, "gain"), value_get_text(v, "metric", ""));
    if (gain && value_get_int(v, "seeds", 0) < 2)
        text_addf(&out, "One seed shows nothing: the difference to the same net trained alone is %+.4f %s; give seeds = 5 for an interval.",
                  value_get_real(gain, "mean", NAN), metric_title(value_get_text(v, "metric", "")));
    else if (gain)
        add_gain_verdict(v, gain, &out);
    else if (value_get(v, "against_teacher")) {
        add_size(v, &out);
        text_add(&out, ".");
    } else {
        text_addf(&out, "%s %s %.4f on %lld rows.", value_get_text(v, "on", ""), metric_title(value_get_text(v, "metric", "")),
                  get(v, value_get(v, "teacher") ? "teacher" : value_get(v, "student") ? "student" : "alone", value_get_text(v, "metric", "")),
                  (long long)value_get_int(v, "rows", 0));
    }
    return text_take(&out);
}
