/* The bench of regularization in words and as a table. */
#include "learn/regularize.h"

#include <math.h>
#include <string.h>

#include "learn/figure.h"

enum { NAME = 12 };

static void add_number(Text *out, double x, int width, int decimals)
{
    if (isfinite(x))
        text_addf(out, "  %*.*f", width, decimals, x);
    else
        text_addf(out, "  %*s", width, "-");
}

static void add_heads(const Value *r, const Metric *m, Text *out)
{
    const Value *noise = value_get(r, "noise");
    long long seeds = (long long)value_get_int(r, "seeds", 0), draws = (long long)value_get_int(r, "draws", 0);
    text_addf(out, "%lld seed%s, %s on %s, %lld rows, with noise %lld draw%s of each:\n", seeds, seeds == 1 ? "" : "s", m->title,
              value_get_text(r, "on", ""), (long long)value_get_int(r, "rows", 0), draws, draws == 1 ? "" : "s");
    text_addf(out, "  %-*s  %7s  %7s  %7s", NAME, "variant", "train", "clean", "gap");
    for (size_t i = 0; i < value_items(noise); i++)
        text_addf(out, "  %4g sd", value_number(noise->items[i]));
    text_addf(out, "  %8s  %11s", "norm", "zeros");
}

static void add_variant(const Value *r, const Value *one, const Metric *m, Text *out)
{
    const Value *noise = value_get(r, "noise");
    text_add(out, "\n  ");
    figure_add_name(out, value_get_text(one, "variant", ""), NAME);
    add_number(out, value_get_real(one, "train", NAN), 7, m->decimals);
    add_number(out, value_get_real(regularize_point(one, 0), "mean", NAN), 7, m->decimals);
    add_number(out, value_get_real(one, "gap", NAN), 7, m->decimals);
    for (size_t i = 0; i < value_items(noise); i++)
        add_number(out, value_get_real(regularize_point(one, value_number(noise->items[i])), "mean", NAN), 7, m->decimals);
    add_number(out, value_get_real(one, "norm", NAN), 8, 2);
    text_addf(out, "  %5.0f/%-5.0f", value_get_real(one, "zeros", 0), value_get_real(one, "weights", 0));
}

static void add_gain(const Value *one, double noise, const Metric *m, Text *out)
{
    const Value *gain = value_get(regularize_point(one, noise), "gain");
    figure_add_cells(out, &(Figure){value_get_real(gain, "worth", NAN), NAN, m->decimals, true}, value_get_real(gain, "low", NAN),
                     value_get_real(gain, "high", NAN));
}

static void add_gains(const Value *r, const Metric *m, Text *out)
{
    const Value *variants = value_get(r, "variants");
    double noise = value_get_real(r, "judged_noise", NAN);
    char *head = text_format("with noise %g sd", noise);
    text_addf(out, "\nbetter than none by, 95 %% interval over rows and seeds:\n  %-*s  %9s  %-20s  %9s  %s", NAME, "variant", "clean", "",
              "", value_items(value_get(r, "noise")) ? head : "");
    for (size_t i = 1; i < value_items(variants); i++) {
        text_add(out, "\n  ");
        figure_add_name(out, value_get_text(variants->items[i], "variant", ""), NAME);
        add_gain(variants->items[i], 0, m, out);
        if (value_items(value_get(r, "noise")))
            add_gain(variants->items[i], noise, m, out);
        text_addf(out, "  %s", value_get_text(variants->items[i], "settings", ""));
    }
    mem_free(head);
}

void regularize_print(const Value *r, Text *out)
{
    const Value *variants = value_get(r, "variants"), *left = value_get(r, "left");
    const Metric *m = metric_find(value_get_text(r, "metric", METRIC_LOSS));
    text_addf(out, "%s\n", value_get_text(r, "verdict", ""));
    add_heads(r, m, out);
    for (size_t i = 0; i < value_items(variants); i++)
        add_variant(r, variants->items[i], m, out);
    add_gains(r, m, out);
    for (size_t i = 0; i < value_items(left); i++)
        text_addf(out, "\n%s", left->items[i]->text);
}

typedef struct Cells {
    Table *table;
    const Value *variants;
    size_t levels;
    Error *e;
} Cells;

static const Value *point_at(const Cells *c, size_t row)
{
    return value_get(c->variants->items[row / c->levels], "curve")->items[row % c->levels];
}

static bool add_names(const Cells *c)
{
    Column *names = column_new(COLUMN_TEXT, c->table->rows, c->e);
    for (size_t r = 0; names && r < c->table->rows; r++) {
        const char *name = value_get_text(c->variants->items[r / c->levels], "variant", "");
        if (!column_set_text(names, r, name, strlen(name), c->e)) {
            column_unref(names);
            return false;
        }
    }
    return names && table_add(c->table, "variant", names, c->e);
}

/* from: of the point, "gain" or NULL: itself. */
static bool add_reals(const Cells *c, const char *name, const char *from, const char *key)
{
    Column *reals = column_new(COLUMN_REAL, c->table->rows, c->e);
    bool ok = reals != NULL;
    for (size_t r = 0; ok && r < c->table->rows; r++) {
        const Value *point = point_at(c, r);
        reals->data.reals[r] = value_get_real(from ? value_get(point, from) : point, key, NAN);
        if (!isfinite(reals->data.reals[r]))
            ok = column_set_missing(reals, r, c->e);
    }
    if (!ok && reals)
        column_unref(reals);
    return ok && table_add(c->table, name, reals, c->e);
}

Table *regularize_table(const Value *result, Error *e)
{
    const Value *variants = value_get(result, "variants");
    Cells c = {.variants = variants, .levels = value_items(value_get(result, "noise")) + 1, .e = e};
    c.table = table_new(value_items(variants) * c.levels);
    bool ok = add_names(&c) && add_reals(&c, "noise", NULL, "noise") &&
              add_reals(&c, value_get_text(result, "metric", METRIC_LOSS), NULL, "mean") && add_reals(&c, "low", NULL, "low") &&
              add_reals(&c, "high", NULL, "high") && add_reals(&c, "gain", "gain", "worth") && add_reals(&c, "gain_low", "gain", "low") &&
              add_reals(&c, "gain_high", "gain", "high");
    if (ok)
        return c.table;
    table_unref(c.table);
    return NULL;
}
