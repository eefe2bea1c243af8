/* A comparison as a plain table. */
#include <math.h>

#include "base/number.h"
#include "base/utf8.h"
#include "learn/certificate.h"
#include "learn/compare.h"
#include "learn/figure.h"

static const CompareFigure figures[] = {
    {"agreement", "agrees with teacher", true, false, NULL},
    {"kl", "KL from teacher", false, false, NULL},
    {"params", "params", false, true, "fewer"},
    {"bytes", "float32", false, true, "smaller"},
    {"macs", "MACs a row", false, true, "fewer"},
    {"p50", "p50, one row", false, true, "faster"},
    {"p99", "p99, one row", false, true, "faster"},
    {"rows_per_second", "rows/s, batch", true, true, "more"},
};

const CompareFigure *compare_figure(const char *name)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (text_equal(figures[i].name, name))
            return &figures[i];
    return NULL;
}

typedef struct Row {
    const char *name, *title;
    const CompareFigure *cost; /* NULL: a figure with a spread */
    int decimals;
    bool is_brief; /* the ± without its word */
} Row;

typedef struct Columns {
    size_t name, figures[4]; /* cells of each; 0: left out */
} Columns;
static const Columns full_columns = {24, {12, 19, 19, 19}};

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

/* A narrow screen says once above the columns what the ± is. */
static void add_spread(Text *out, const Figure *f, bool is_brief)
{
    figure_add(out, f);
    if (is_brief && out->size > 3 && text_ends(out->bytes, " sd"))
        out->bytes[out->size -= 3] = 0;
}

static char *cell_text(const Value *v, const char *group, const Row *row)
{
    double x = get(v, group, row->name);
    if (isnan(x))
        return mem_strdup("");
    if (row->cost)
        return cost_text(row->name, x);
    char *sd_name = text_format("%s_sd", group);
    Text out = {0};
    add_spread(&out, &(Figure){x, get(v, sd_name, row->name), row->decimals, false}, row->is_brief);
    mem_free(sd_name);
    return text_take(&out);
}

static char *gain_text(const Value *v, const Row *row)
{
    const Value *gain = value_get(value_get(v, "gain"), row->name);
    double teacher = get(v, "teacher", row->name), student = get(v, "student", row->name);
    if (row->cost) {
        double ratio = row->cost->is_better_high ? student / teacher : teacher / student;
        return isfinite(ratio) ? text_format("%.1f x %s", ratio, row->cost->ratio) : mem_strdup("");
    }
    Text out = {0};
    if (gain)
        add_spread(&out, &(Figure){value_get_real(gain, "mean", NAN), value_get_real(gain, "sd", NAN), row->decimals, true}, row->is_brief);
    return text_take(&out);
}

static void print_cells(Text *out, const Columns *columns, const char *name, char *const cells[4])
{
    pad(out, name, columns->name, false);
    for (int i = 0; i < 4; i++)
        if (columns->figures[i])
            pad(out, cells[i], columns->figures[i], true);
    while (out->size && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = 0;
    text_add_char(out, '\n');
}

static void print_row(const Value *v, const Columns *columns, const Row *row, Text *out)
{
    if (isnan(get(v, "teacher", row->name)) && isnan(get(v, "student", row->name)) && isnan(get(v, "alone", row->name)))
        return;
    char *cells[] = {cell_text(v, "teacher", row), cell_text(v, "student", row), cell_text(v, "alone", row), gain_text(v, row)};
    print_cells(out, columns, row->title, cells);
    for (int i = 0; i < 4; i++)
        mem_free(cells[i]);
}

/* Every metric in the order of the registry, then what is no metric. */
static void print_rows(const Value *v, const Columns *columns, Text *out)
{
    bool is_brief = columns != &full_columns;
    char *head[] = {(char[]){"teacher"}, (char[]){"student"}, (char[]){"student alone"}, (char[]){"gain"}};
    print_cells(out, columns, "", head);
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        if (!text_equal(m->spec.name, METRIC_LOSS)) /* the same as another row */
            print_row(v, columns, &(Row){m->spec.name, m->title, NULL, figure_decimals(m), is_brief}, out);
    }
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        print_row(v, columns, &(Row){figures[i].name, figures[i].title, figures[i].is_cost ? &figures[i] : NULL, 4, is_brief}, out);
}

static void print_differences(const Value *v, Text *out)
{
    const Value *d = value_get(v, "differences");
    double p = value_get_real(d, "mcnemar_p", NAN);
    if (!d)
        return;
    int64_t differing = value_get_int(d, "only_student", 0) + value_get_int(d, "only_teacher", 0);
    text_addf(out, "student vs teacher, seed 1: both right %lld, both wrong %lld, only student %lld, only teacher %lld",
              (long long)value_get_int(d, "both_right", 0), (long long)value_get_int(d, "both_wrong", 0),
              (long long)value_get_int(d, "only_student", 0), (long long)value_get_int(d, "only_teacher", 0));
    if (p < 0.001)
        text_add(out, "; McNemar p < 0.001");
    else if (!isnan(p))
        text_addf(out, "; McNemar p %.3f", p);
    if (p > 0.05)
        text_addf(out, ": %lld differing rows do not tell them apart, which does not make them equal", (long long)differing);
    text_add_char(out, '\n');
}

/* "student - teacher: AUC +0.0020, 95 % interval ... (over rows and 5 seeds); margin 0.0100: as good" */
static void print_interval(const Value *v, const char *what, const Value *one, Text *out)
{
    const Metric *m = metric_find(value_get_text(one, "metric", ""));
    long long seeds = (long long)value_get_int(v, "seeds", 0);
    if (!one || !m)
        return;
    double low = value_get_real(one, "low", NAN), high = value_get_real(one, "high", NAN), margin = value_get_real(one, "margin", 0);
    const char *conclusion = compare_conclusion(m, low, high, margin);
    text_addf(out, "%s: %s ", what, m->title);
    figure_add_interval(out, &(Figure){value_get_real(one, "mean", NAN), NAN, figure_decimals(m), true}, low, high);
    const char *unit = value_get_text(v, "unit", "");
    text_addf(out, " over %s%s", *unit ? "units of " : "rows", unit);
    text_addf(out, seeds > 1 ? " and %lld seeds; margin %.*f: %s\n" : ", of this %lld seed alone; margin %.*f: %s\n", seeds,
              figure_decimals(m), margin, text_equal(conclusion, "unknown") ? "can't tell" : conclusion);
}

void compare_print_evidence(const Value *v, Text *out)
{
    char number[NUMBER_ROOM];
    int64_t seeds = value_get_int(v, "seeds", 0);
    print_interval(v, "student - alone", value_get(value_get(v, "gain"), value_get_text(v, "metric", "")), out);
    print_interval(v, "student - teacher", value_get(v, "against_teacher"), out);
    print_interval(v, "alone - teacher", value_get(v, "alone_against_teacher"), out);
    print_differences(v, out);
    text_addf(out, "%s, %s rows", value_get_text(v, "on", ""), number_format_count(value_get_int(v, "rows", 0), number));
    if (seeds > 1)
        text_addf(out, "; means of %lld seeds, sd over seeds", (long long)seeds);
    if (value_get(v, "certificate")) {
        text_add_char(out, '\n');
        certificate_line(value_get(v, "certificate"), out);
    }
    text_add_char(out, '\n');
}

void compare_print_figures(const Value *v, size_t width, Text *out)
{
    static const Columns columns[] = {{20, {9, 16, 16, 17}}, {19, {8, 15, 0, 16}}, {19, {8, 15, 0, 0}}, {19, {0, 15, 0, 0}}};
    size_t used = 0, i = 0;
    for (;; i++) {
        used = columns[i].name;
        for (int k = 0; k < 4; k++)
            used += columns[i].figures[k];
        if (used <= width || i + 1 == sizeof columns / sizeof *columns)
            break;
    }
    print_rows(v, &columns[i], out);
}

void compare_print(const Value *v, Text *out)
{
    text_addf(out, "%s\n\n", value_get_text(v, "verdict", ""));
    print_rows(v, &full_columns, out);
    text_add_char(out, '\n');
    compare_print_evidence(v, out);
}
